package floof.linux.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.Fd;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A socket that a library opened in this process and keeps to itself: what the kernel counts at it,
 * and options that the library forgot. Thread: any.
 *
 * @param number of the descriptor
 * @param identity {@code socket:[inode]}, which no other socket has
 */
public record BorrowedSocket(int number, String identity) {

    public static final int AF_PACKET = Socket.AF_PACKET;
    public static final int AF_XDP = 44;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int SO_DOMAIN = 39;
    private static final int PACKET_STATISTICS = 6;
    private static final int SOL_XDP = 283;
    private static final int XDP_STATISTICS = 7;
    private static final int XDP_STATISTICS_BYTES = 48;

    /** Those of a family that this process has open. */
    public static Set<BorrowedSocket> all(int family) {
        Set<BorrowedSocket> found = new LinkedHashSet<>();
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path path : numbers) {
                int number = Integer.parseInt(path.getFileName().toString());
                BorrowedSocket socket = new BorrowedSocket(number, identity(number));
                if (socket.identity.startsWith("socket:") && socket.isOf(family)) {
                    found.add(socket);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty for a descriptor that is closed. */
    private static String identity(int number) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve("" + number)).toString();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOf(int family) {
        try {
            return socket().option(Socket.SOL_SOCKET, SO_DOMAIN) == family;
        } catch (LinuxException e) {
            return false; // closed a moment ago
        }
    }

    private Socket socket() {
        return Socket.of(Fd.own(number, identity));
    }

    /** Whether the library has not closed it. */
    public boolean isOpen() {
        return identity.equals(identity(number));
    }

    /** Bytes under way that it may have before it is no longer ready to write. */
    public void setSendBuffer(int sizeBytes) {
        socket().option(Socket.SOL_SOCKET, Socket.SO_SNDBUFFORCE, sizeBytes);
    }

    /** AF_PACKET: frames lost since the last call because the ring was full. */
    public long takeDrops() {
        try (Arena arena = Arena.ofConfined()) {
            // struct tpacket_stats: 0 u32 packets, 4 u32 drops
            MemorySegment statistics = arena.allocate(8, 4);
            socket().option(Socket.SOL_PACKET, PACKET_STATISTICS, statistics);
            return Integer.toUnsignedLong(statistics.get(JAVA_INT, 4));
        }
    }

    /** AF_XDP: frames lost because the receive ring was full. */
    public long receiveRingFull() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statistics = arena.allocate(XDP_STATISTICS_BYTES, 8);
            socket().option(SOL_XDP, XDP_STATISTICS, statistics);
            return statistics.get(JAVA_LONG, 24);
        }
    }

    /** Closes what the library forgot to close. */
    public void close() {
        socket().close();
    }
}
