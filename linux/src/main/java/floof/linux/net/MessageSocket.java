package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.Fd;
import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A socket of messages between processes, each with a descriptor at most (unix(7), SOCK_SEQPACKET,
 * SCM_RIGHTS). No call waits.
 *
 * <p>Thread: one at a time.
 */
public final class MessageSocket implements AutoCloseable {

    /** Longest path of a socket. */
    public static final int PATH_BYTES_MAX = 107;

    private static final short AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int BACKLOG = 1;
    private static final int CONTROL_BYTES = 128;
    private static final int CMSG_HEADER = 16;

    /**
     * What came.
     *
     * @param bytes empty at the end of the connection
     * @param fd that came along, the receiver's from now on
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Message(byte[] bytes, @Nullable Fd fd) {}

    private final Socket socket;
    private final @Nullable Path listening;

    private MessageSocket(Socket socket, @Nullable Path listening) {
        this.socket = socket;
        this.listening = listening;
    }

    private static Socket open(Path path) {
        return Socket.open(AF_UNIX, SOCK_SEQPACKET | Socket.SOCK_NONBLOCK, 0, path.toString());
    }

    /** {@code struct sockaddr_un}. */
    private static byte[] address(Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PATH_BYTES_MAX) {
            throw new IllegalArgumentException(
                    path + " is longer than " + PATH_BYTES_MAX + " bytes");
        }
        byte[] address = new byte[2 + PATH_BYTES_MAX + 1];
        address[0] = AF_UNIX;
        System.arraycopy(bytes, 0, address, 2, bytes.length);
        return address;
    }

    /**
     * Connects to a listener.
     *
     * @throws LinuxException among others with ENOENT, {@link Errno#ECONNREFUSED} and EAGAIN when
     *     nobody listens, or others wait already
     */
    public static MessageSocket connect(Path path) {
        Socket socket = open(path);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocateFrom(JAVA_BYTE, address(path));
            Syscall.check(
                    Syscall.call(
                            Syscall.CONNECT,
                            socket.fd().number(),
                            address.address(),
                            address.byteSize()),
                    "connect",
                    path);
            return new MessageSocket(socket, null);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Listens at a path; a socket that a dead process left there is replaced.
     *
     * @throws LinuxException with {@link Errno#EADDRINUSE} when somebody else listens there
     */
    public static MessageSocket listen(Path path) {
        Socket socket = open(path);
        try {
            removeDead(path);
            socket.bind(address(path));
            Syscall.check(
                    Syscall.call(Syscall.LISTEN, socket.fd().number(), BACKLOG), "listen", path);
            return new MessageSocket(socket, path);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void removeDead(Path path) {
        try {
            connect(path).close();
        } catch (LinuxException e) {
            if (e.errno() == Errno.ECONNREFUSED) {
                remove(path);
            }
        }
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Then bind says that it is in use.
        }
    }

    /** The next connection of a listener, null when none waits. */
    public @Nullable MessageSocket accept() {
        long number =
                Syscall.call(
                        Syscall.ACCEPT4,
                        socket.fd().number(),
                        0,
                        0,
                        SOCK_CLOEXEC | Socket.SOCK_NONBLOCK);
        if (number == -Errno.EAGAIN || number == -Errno.EINTR) {
            return null;
        }
        Syscall.check(number, "accept", socket.fd());
        return new MessageSocket(
                Socket.of(Fd.own((int) number, "connection at " + listening)), null);
    }

    public Fd fd() {
        return socket.fd();
    }

    /**
     * Sends a message.
     *
     * @param fd that goes along, still the sender's
     */
    public void send(byte[] bytes, @Nullable Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(JAVA_BYTE, bytes);
            MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
            control.set(JAVA_LONG, 0, CMSG_HEADER + Integer.BYTES);
            control.set(JAVA_INT, 8, Socket.SOL_SOCKET);
            control.set(JAVA_INT, 12, SCM_RIGHTS);
            control.set(JAVA_INT, CMSG_HEADER, fd == null ? -1 : fd.number());
            MemorySegment header = header(arena, data, control, fd == null ? 0 : CMSG_HEADER + 8);
            long sent = call(Syscall.SENDMSG, header, MSG_NOSIGNAL);
            Syscall.check(sent, "sendmsg", socket.fd(), bytes.length + " bytes");
        }
    }

    /**
     * The next message, null when there is none.
     *
     * @param lengthMax longer ones are cut off
     */
    public @Nullable Message receive(int lengthMax) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(lengthMax);
            MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
            MemorySegment header = header(arena, data, control, CONTROL_BYTES);
            long length = call(Syscall.RECVMSG, header, MSG_CMSG_CLOEXEC);
            if (length == -Errno.EAGAIN || length == -Errno.EINTR) {
                return null;
            }
            Syscall.check(length, "recvmsg", socket.fd());
            Fd fd = descriptor(control, header.get(JAVA_LONG, 40));
            return new Message(data.asSlice(0, length).toArray(JAVA_BYTE), fd);
        }
    }

    private long call(int number, MemorySegment header, int flags) {
        return Syscall.call(
                number, socket.fd().number(), header.address(), flags | Socket.MSG_DONTWAIT);
    }

    /**
     * {@code struct msghdr}: 0 name, 8 u32 its length, 16 iovecs, 24 their number, 32 control, 40
     * its length, 48 int flags.
     */
    private static MemorySegment header(
            Arena arena, MemorySegment data, MemorySegment control, long controlBytes) {
        MemorySegment iovec = arena.allocate(16, 8);
        iovec.set(JAVA_LONG, 0, data.address());
        iovec.set(JAVA_LONG, 8, data.byteSize());
        MemorySegment header = arena.allocate(56, 8);
        header.set(JAVA_LONG, 16, iovec.address());
        header.set(JAVA_LONG, 24, 1);
        header.set(JAVA_LONG, 32, controlBytes == 0 ? 0 : control.address());
        header.set(JAVA_LONG, 40, controlBytes);
        return header;
    }

    /** The first of those that came; others are closed. */
    private static @Nullable Fd descriptor(MemorySegment control, long controlBytes) {
        Fd first = null;
        long at = 0;
        while (at + CMSG_HEADER <= controlBytes) {
            long length = control.get(JAVA_LONG, at);
            boolean isRights =
                    control.get(JAVA_INT, at + 8) == Socket.SOL_SOCKET
                            && control.get(JAVA_INT, at + 12) == SCM_RIGHTS;
            for (long i = at + CMSG_HEADER; isRights && i + 4 <= at + length; i += 4) {
                Fd fd = Fd.own(control.get(JAVA_INT, i), "descriptor of another process");
                if (first == null) {
                    first = fd;
                } else {
                    fd.close();
                }
            }
            at += Math.max(CMSG_HEADER, length + 7 & -8);
        }
        return first;
    }

    /** Closes it; a listener's path is free again. */
    @Override
    public void close() {
        if (listening != null) {
            remove(listening);
        }
        socket.close();
    }
}
