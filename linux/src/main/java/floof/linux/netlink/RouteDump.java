package floof.linux.netlink;

import floof.base.Family;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one table, read as they are wanted: the kernel fills the socket no faster than it
 * is read. Ends with {@link #close}, at any time. Thread: one at a time.
 *
 * <p>IPv4 comes by ascending address, of the same address the longest prefix first
 * (net/ipv4/fib_trie.c). IPv6 comes by ascending address, but what contains others after them
 * (net/ipv6/ip6_fib.c).
 *
 * <p>Routes may come and go while the dump runs. The kernel marks such a dump (NLM_F_DUMP_INTR) in
 * neither family. IPv4 continues at an address, so that it misses no route that stays. IPv6 begins
 * again at the root when a route was added, and skips as many routes as it has sent: when some of
 * those are gone it misses others. Therefore the dump listens to changes of IPv6 routes until its
 * end.
 */
public final class RouteDump implements AutoCloseable {

    private static final int RTNLGRP_IPV6_ROUTE = 11;

    private final Outgoing request;
    private final NetlinkSocket socket;
    private final boolean isOwn;
    private final int sequence;
    private final boolean isWatched;
    private final int table;
    private @Nullable Decoder message;
    private boolean isOver;
    private boolean isWhole = true;

    /**
     * Sends the request.
     *
     * @param ifindex only routes with a next hop there; 0 for all
     */
    private RouteDump(
            NetlinkSocket socket,
            boolean isOwn,
            int sequence,
            Family family,
            int table,
            int ifindex) {
        this.socket = socket;
        this.isOwn = isOwn;
        this.sequence = sequence;
        this.table = table;
        isWatched = family == Family.IP6;
        request =
                Rtnetlink.header(
                                Netlink.RTM_GETROUTE,
                                Netlink.NLM_F_DUMP,
                                family.number(),
                                Route.BODY_BYTES)
                        .attribute(Route.RTA_TABLE, table);
        if (ifindex != 0) {
            request.attribute(Route.RTA_OIF, ifindex);
        }
        try {
            if (isWatched) {
                socket.join(RTNLGRP_IPV6_ROUTE);
            }
            socket.send(request.finished(sequence));
        } catch (LinuxException e) {
            close();
            throw e;
        }
    }

    /** Asks the network namespace of the calling thread. */
    public static RouteDump open(Family family, int table) {
        NetlinkSocket socket = new NetlinkSocket("routes of " + family.label() + " table " + table);
        return new RouteDump(socket, true, 1, family, table, 0);
    }

    /** Over a socket that stays open. */
    static RouteDump over(
            NetlinkSocket socket, int sequence, Family family, int table, int ifindex) {
        return new RouteDump(socket, false, sequence, family, table, ifindex);
    }

    /**
     * The next route; null at the end.
     *
     * @throws LinuxException when the kernel refuses or is silent
     */
    public @Nullable Route next() {
        return step() ? route() : null;
    }

    /** The begin of the next route, whose rest is {@link #route}; else as {@link #next}. */
    public @Nullable RouteHead head() {
        return step() ? current().routeHead() : null;
    }

    /** The whole of the route at which {@link #head} arrived. */
    public Route route() {
        if (current().object() instanceof Route route) {
            return route;
        }
        throw new IllegalStateException("no route was read");
    }

    private Decoder current() {
        if (message == null) {
            throw new IllegalStateException("no route was read");
        }
        return message;
    }

    /** To the next route of the table; false at the end. */
    private boolean step() {
        while (!isOver) {
            Decoder at = message;
            if (at == null || !at.next()) {
                message = new Decoder(receive());
                continue;
            }
            int type = at.type();
            boolean isPart = (at.flags() & Netlink.NLM_F_MULTI) != 0;
            if (type == Netlink.RTM_NEWROUTE && isPart && at.sequence() == sequence) {
                isWhole &= (at.flags() & Netlink.NLM_F_DUMP_INTR) == 0;
                if (at.routeTable() == table) {
                    return true;
                }
            } else if (!isChange(at)
                    && at.sequence() == sequence
                    && (type == Netlink.NLMSG_DONE || type == Netlink.NLMSG_ERROR)) {
                isWhole &= (at.flags() & Netlink.NLM_F_DUMP_INTR) == 0;
                end(at);
            }
        }
        return false;
    }

    /** Whether it announces a change, of which it takes note. */
    private boolean isChange(Decoder event) {
        int type = event.type();
        if (type != Netlink.RTM_NEWROUTE && type != Netlink.RTM_DELROUTE) {
            return false;
        }
        isWhole &= event.routeTable() != table;
        return true;
    }

    private void end(Decoder last) {
        isOver = true;
        // Tables are made when first used.
        if (last.error() != -Errno.ENOENT) {
            Rtnetlink.refuse(request, last);
        }
        for (ByteBuffer rest = rest(); rest != null; rest = rest()) {
            Decoder event = new Decoder(rest);
            while (event.next()) {
                isChange(event);
            }
        }
    }

    /**
     * False when routes came or went meanwhile, so that the dump may lack others. A change that the
     * kernel announces only after the end goes unnoticed.
     */
    public boolean isWhole() {
        return isWhole;
    }

    /** Whether the kernel has nothing more to send. */
    boolean isOver() {
        return isOver;
    }

    private ByteBuffer receive() {
        ByteBuffer received = received(Rtnetlink.ANSWER_TIMEOUT_MS);
        if (received == null) {
            throw new LinuxException(Errno.ETIMEDOUT, request.toString());
        }
        return received;
    }

    /** Events that wait behind the end. */
    private @Nullable ByteBuffer rest() {
        return isWatched ? received(0) : null;
    }

    private @Nullable ByteBuffer received(int timeoutMs) {
        while (true) {
            try {
                return socket.receive(timeoutMs);
            } catch (NetlinkOverrun e) {
                // Only events can be lost: the kernel makes parts of the dump when there is space.
                if (!isWatched) {
                    throw new LinuxException(Errno.ENOBUFS, request.toString());
                }
                isWhole = false;
            }
        }
    }

    @Override
    public void close() {
        if (isOwn) {
            isOver = true;
            socket.close();
        } else if (isWatched) {
            socket.leave(RTNLGRP_IPV6_ROUTE);
        }
    }
}
