package floof.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import floof.linux.Poll;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import floof.linux.net.Socket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** A routing Netlink socket that receives datagrams of any size. Thread: one at a time. */
final class NetlinkSocket implements AutoCloseable {
    /** What the kernel makes its dump chunks for, at most (af_netlink.c, netlink_recvmsg). */
    private static final int USUAL_BYTES = 32768;

    private static final int SOCKADDR_NL_BYTES = 12;

    private final String name;
    private final Socket socket;
    private Arena arena = Arena.ofShared();
    private MemorySegment buffer = arena.allocate(USUAL_BYTES);
    private byte[] bytes = new byte[USUAL_BYTES];
    private final MemorySegment one;
    private final MemorySegment sender;
    private final Arena fixed = Arena.ofShared();

    NetlinkSocket(String name) {
        this.name = name;
        one = fixed.allocate(1);
        sender = fixed.allocate(SOCKADDR_NL_BYTES, 4);
        socket =
                Socket.open(
                        Socket.AF_NETLINK,
                        Socket.SOCK_RAW | Socket.SOCK_NONBLOCK,
                        Netlink.NETLINK_ROUTE,
                        name);
        try {
            ByteBuffer address =
                    ByteBuffer.allocate(SOCKADDR_NL_BYTES).order(ByteOrder.nativeOrder());
            socket.bind(address.putShort((short) Socket.AF_NETLINK).array());
            socket.option(Socket.SOL_NETLINK, Netlink.NETLINK_CAP_ACK, 1);
            socket.option(Socket.SOL_NETLINK, Netlink.NETLINK_EXT_ACK, 1);
            socket.option(Socket.SOL_NETLINK, Netlink.NETLINK_GET_STRICT_CHK, 1);
        } catch (LinuxException e) {
            close();
            throw e;
        }
    }

    void join(int group) {
        socket.option(Socket.SOL_NETLINK, Netlink.NETLINK_ADD_MEMBERSHIP, group);
    }

    void leave(int group) {
        socket.option(Socket.SOL_NETLINK, Netlink.NETLINK_DROP_MEMBERSHIP, group);
    }

    /** The kernel counts its own overhead too: it doubles the value (socket(7)). */
    void receiveBuffer(int sizeBytes) {
        socket.option(Socket.SOL_SOCKET, Socket.SO_RCVBUFFORCE, sizeBytes);
    }

    void send(byte[] message) {
        socket.send(message);
    }

    /**
     * The next datagram of the kernel's, valid until the next call; none when time ran out.
     *
     * @throws NetlinkOverrun once per overrun
     */
    @Nullable ByteBuffer receive(int timeoutMs) throws NetlinkOverrun {
        int length = length(Socket.MSG_PEEK | Socket.MSG_TRUNC, one);
        if (length == -Errno.EAGAIN && timeoutMs != 0) {
            if (socket.fd().poll(Poll.IN, timeoutMs) == 0) {
                return null;
            }
            length = length(Socket.MSG_PEEK | Socket.MSG_TRUNC, one);
        }
        if (length == -Errno.EAGAIN) {
            return null;
        }
        if (length > buffer.byteSize()) {
            arena.close();
            arena = Arena.ofShared();
            buffer = arena.allocate(length);
        }
        sender.fill((byte) 0);
        length = socket.receive(buffer, Socket.MSG_TRUNC, sender);
        if (length < 0 || length > buffer.byteSize()) {
            throw new LinuxException(
                    length < 0 ? -length : Errno.EMSGSIZE, "recvfrom(" + name + ")");
        }
        boolean isKernel = sender.get(JAVA_INT, 4) == 0;
        // A copy on the heap is read several times as fast.
        int kept = isKernel ? length : 0;
        if (kept > bytes.length) {
            bytes = new byte[kept];
        }
        MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, kept);
        return ByteBuffer.wrap(bytes, 0, kept).order(ByteOrder.nativeOrder());
    }

    private int length(int flags, MemorySegment into) throws NetlinkOverrun {
        int length = socket.receive(into, flags);
        if (length == -Errno.ENOBUFS) {
            throw new NetlinkOverrun(name);
        }
        if (length < 0 && length != -Errno.EAGAIN) {
            throw new LinuxException(-length, "recvfrom(" + name + ")");
        }
        return length;
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
        fixed.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
