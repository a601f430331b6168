package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import floof.linux.Fd;
import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A socket of any family, as socket(7) knows it. It belongs to the network namespace of the thread
 * that opened it, for ever. Socket addresses are given and taken as the raw bytes of their {@code
 * struct sockaddr_*}.
 */
public final class Socket implements AutoCloseable {

    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOL_SOCKET = 1;
    public static final int SOL_PACKET = 263;
    public static final int SOL_NETLINK = 270;
    public static final int SO_RCVBUF = 8;
    public static final int SO_SNDBUFFORCE = 32;
    public static final int SO_RCVBUFFORCE = 33;
    public static final int MSG_PEEK = 0x2;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int LONGEST_ADDRESS = 128; // sizeof(struct sockaddr_storage)

    private final Fd fd;

    private Socket(Fd fd) {
        this.fd = fd;
    }

    /** socket(2), always close-on-exec. {@code name} is for messages. */
    public static Socket open(int family, int type, int protocol, String name) {
        long fd = Syscall.call(Syscall.SOCKET, family, type | SOCK_CLOEXEC, protocol);
        Syscall.check(fd, "socket", name, family, type, protocol);
        return new Socket(Fd.own((int) fd, name));
    }

    /** One that is open already; closing it closes the descriptor. */
    static Socket of(Fd fd) {
        return new Socket(fd);
    }

    public Fd fd() {
        return fd;
    }

    public void bind(byte[] address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocateFrom(JAVA_BYTE, address);
            Syscall.check(
                    Syscall.call(Syscall.BIND, fd.number(), raw.address(), address.length),
                    "bind",
                    fd,
                    java.util.HexFormat.of().formatHex(address));
        }
    }

    /** The address it is bound to: getsockname(2). */
    public byte[] address() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(LONGEST_ADDRESS);
            MemorySegment size = arena.allocateFrom(JAVA_INT, LONGEST_ADDRESS);
            Syscall.check(
                    Syscall.call(Syscall.GETSOCKNAME, fd.number(), raw.address(), size.address()),
                    "getsockname",
                    fd);
            return raw.asSlice(0, size.get(JAVA_INT, 0)).toArray(JAVA_BYTE);
        }
    }

    /** setsockopt(2) of an {@code int}. */
    public void option(int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            option(level, option, arena.allocateFrom(JAVA_INT, value), Integer.toString(value));
        }
    }

    /** setsockopt(2) of a structure; {@code shown} stands for it in messages. */
    public void option(int level, int option, MemorySegment value, String shown) {
        Syscall.check(
                Syscall.call(
                        Syscall.SETSOCKOPT,
                        fd.number(),
                        level,
                        option,
                        value.address(),
                        value.byteSize(),
                        0),
                "setsockopt",
                fd,
                level,
                option,
                shown);
    }

    /** getsockopt(2) of an {@code int}. */
    public int option(int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            option(level, option, value);
            return value.get(JAVA_INT, 0);
        }
    }

    /** getsockopt(2) of a structure. */
    public void option(int level, int option, MemorySegment into) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocateFrom(JAVA_INT, (int) into.byteSize());
            Syscall.check(
                    Syscall.call(
                            Syscall.GETSOCKOPT,
                            fd.number(),
                            level,
                            option,
                            into.address(),
                            size.address(),
                            0),
                    "getsockopt",
                    fd,
                    level,
                    option);
        }
    }

    /** sendto(2) to the bound or default destination: all of it, or an exception. */
    public void send(MemorySegment bytes) {
        long sent;
        do {
            sent = Syscall.call(Syscall.SENDTO, fd.number(), bytes.address(), bytes.byteSize(), 0);
        } while (sent == -Errno.EINTR);
        Syscall.check(sent, "sendto", fd, bytes.byteSize() + " bytes");
    }

    /**
     * sendto(2) of nothing, never waiting: lets the kernel look at a ring of the socket. Allocates
     * nothing.
     *
     * @return 0 or the negative errno
     */
    public int kick() {
        return (int) Syscall.repeatable(Syscall.SENDTO, fd.number(), 0, 0, MSG_DONTWAIT);
    }

    /** As {@link #send(MemorySegment)}, from the heap. */
    public void send(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            send(arena.allocateFrom(JAVA_BYTE, bytes));
        }
    }

    /**
     * recvfrom(2) of one datagram.
     *
     * @param flags {@link #MSG_PEEK} leaves it there; {@link #MSG_TRUNC} returns its full length
     *     even when that is more than fits; {@link #MSG_DONTWAIT}
     * @return its length, or the negative errno ({@link Errno#EAGAIN}: nothing there; {@link
     *     Errno#ENOBUFS}: a Netlink socket overran and messages are lost)
     */
    public int receive(MemorySegment into, int flags) {
        return receive(into, flags, 0, 0);
    }

    /**
     * As {@link #receive(MemorySegment, int)}, and writes the sender's address to the front of
     * {@code sender} (a {@code struct sockaddr_nl}: 4 u32 port id, 0 = the kernel).
     */
    public int receive(MemorySegment into, int flags, MemorySegment sender) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocateFrom(JAVA_INT, (int) sender.byteSize());
            return receive(into, flags, sender.address(), size.address());
        }
    }

    private int receive(MemorySegment into, int flags, long sender, long senderSize) {
        long length;
        do {
            length =
                    Syscall.call(
                            Syscall.RECVFROM,
                            fd.number(),
                            into.address(),
                            into.byteSize(),
                            flags,
                            sender,
                            senderSize);
        } while (length == -Errno.EINTR);
        return (int) length;
    }

    /**
     * The next datagram, however long, waiting for it as the socket does.
     *
     * @throws LinuxException among others with {@link Errno#ENOBUFS}, {@link Errno#EAGAIN}
     */
    public byte[] receive() {
        try (Arena arena = Arena.ofConfined()) {
            int length = receive(arena.allocate(1), MSG_PEEK | MSG_TRUNC);
            Syscall.check(length, "recvfrom", fd);
            MemorySegment bytes = arena.allocate(Math.max(length, 1));
            length = receive(bytes, 0);
            Syscall.check(length, "recvfrom", fd);
            return bytes.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
