package floof.linux.netlink;

import floof.base.Family;
import floof.linux.Errno;
import floof.linux.LinuxException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one table, read as they are wanted: a socket of its own, which the kernel fills no
 * faster than it is read. Ends with {@link #close}, at any time. Thread: one at a time.
 *
 * <p>IPv4 comes by ascending address, of the same address the longest prefix first
 * (net/ipv4/fib_trie.c). IPv6 comes by ascending address, but what contains others after them
 * (net/ipv6/ip6_fib.c).
 */
public final class RouteDump implements AutoCloseable {

    private final String name;
    private final int table;
    private final NetlinkSocket socket;
    private @Nullable Decoder datagram;
    private boolean isOver;
    private boolean isWhole = true;

    private RouteDump(String name, int table) {
        this.name = name;
        this.table = table;
        this.socket = new NetlinkSocket(name);
    }

    /** Asks the network namespace of the calling thread. */
    public static RouteDump open(Family family, int table) {
        RouteDump dump = new RouteDump("routes of " + family.label() + " table " + table, table);
        try {
            dump.socket.send(Rtnetlink.routeDump(family, table).finished(1));
            return dump;
        } catch (LinuxException e) {
            dump.close();
            throw e;
        }
    }

    /**
     * The next route; null at the end.
     *
     * @throws LinuxException when the kernel refuses or is silent
     */
    public @Nullable Route next() {
        while (!isOver) {
            Decoder message = datagram;
            if (message == null || !message.next()) {
                datagram = new Decoder(receive());
                continue;
            }
            isWhole &= (message.flags() & Netlink.NLM_F_DUMP_INTR) == 0;
            int type = message.type();
            if (type == Netlink.NLMSG_DONE || type == Netlink.NLMSG_ERROR) {
                isOver = true;
                // Tables are made when first used.
                if (message.error() != 0 && message.error() != -Errno.ENOENT) {
                    throw new LinuxException(-message.error(), name);
                }
            } else if (message.object() instanceof Route route && route.table() == table) {
                return route;
            }
        }
        return null;
    }

    /** False when the table changed meanwhile, so that some may be missing (NLM_F_DUMP_INTR). */
    public boolean isWhole() {
        return isWhole;
    }

    private ByteBuffer receive() {
        try {
            ByteBuffer received = socket.receive(Rtnetlink.ANSWER_TIMEOUT_MS);
            if (received == null) {
                throw new LinuxException(Errno.ETIMEDOUT, name);
            }
            return received;
        } catch (NetlinkOverrun e) {
            throw new LinuxException(Errno.ENOBUFS, name);
        }
    }

    @Override
    public void close() {
        isOver = true;
        socket.close();
    }
}
