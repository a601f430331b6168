package floof.linux.system;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import floof.linux.call.Syscall;
import floof.linux.net.Socket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The machine's system log: messages as syslog(3) writes them, to the datagram socket of whoever
 * collects them. Never waits: what the collector has no room for, or nobody collects, is dropped.
 * Thread: any.
 */
public final class Syslog {

    /** Where every Linux system has it. */
    public static final Path SOCKET = Path.of("/dev/log");

    /** Facility "security/authorization" (10), severity "notice" (5): RFC 5424 section 6.2.1. */
    private static final int PRIORITY = 10 * 8 + 5;

    /** What every receiver takes (RFC 5424 section 6.1: 2048 octets should be). */
    private static final int BYTES_MAX = 2048;

    private static final short AF_UNIX = 1;
    private static final int MSG_NOSIGNAL = 0x4000;

    private final Path path;

    public Syslog(Path path) {
        this.path = path;
    }

    /** Sends one line; what is too long is cut. */
    public void send(String text) {
        byte[] message =
                ("<" + PRIORITY + ">floofd[" + ProcessHandle.current().pid() + "]: " + text)
                        .getBytes(StandardCharsets.UTF_8);
        int type = Socket.SOCK_DGRAM | Socket.SOCK_NONBLOCK;
        try (Socket socket = Socket.open(AF_UNIX, type, 0, path.toString());
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, message);
            byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
            MemorySegment address = arena.allocate(2L + name.length + 1);
            address.set(java.lang.foreign.ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            Syscall.call(
                    Syscall.SENDTO,
                    socket.fd().number(),
                    bytes.address(),
                    Math.min(message.length, BYTES_MAX),
                    MSG_NOSIGNAL,
                    address.address(),
                    address.byteSize());
        }
    }
}
