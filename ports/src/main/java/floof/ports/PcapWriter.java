package floof.ports;

import floof.engine.Packet;
import floof.linux.Fd;
import floof.memory.Memory;
import floof.memory.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes frames into a capture file of nanoseconds, in native byte order ({@link PcapReader} shows
 * the layout). One write(2) per burst, so that a reader sees complete records.
 *
 * <p>Thread: its worker; opened by any.
 */
final class PcapWriter implements AutoCloseable {

    private static final int BURST_BYTES = 1 << 20;
    private static final int SNAP_BYTES = Packet.FRAME_BYTES_MAX;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Fd fd;
    private final Region buffer;
    private final long epochNs = System.currentTimeMillis() * 1_000_000L - System.nanoTime();
    private long end;

    private PcapWriter(Fd fd) {
        this.fd = fd;
        buffer = Memory.allocate("record " + fd, BURST_BYTES, 8);
        end = buffer.address();
    }

    /** Creates the file; replaces an existing one. */
    static PcapWriter open(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new PcapException(file, "cannot be replaced: " + e);
        }
        PcapWriter writer =
                new PcapWriter(Fd.open(file.toString(), Fd.O_RDWR | Fd.O_CREAT | Fd.O_EXCL, 0644));
        Memory.putInt(writer.end, PcapReader.MAGIC_NANOSECONDS);
        Memory.putInt(writer.end + 4, 2 | 4 << 16);
        Memory.putLong(writer.end + 8, 0);
        Memory.putInt(writer.end + 16, SNAP_BYTES);
        Memory.putInt(writer.end + 20, PcapReader.LINK_ETHERNET);
        writer.end += PcapReader.HEADER_BYTES;
        writer.flush();
        return writer;
    }

    /** Writes packets; returns how many were written. */
    int write(long[] packets, int count) {
        long nowNs = System.nanoTime() + epochNs;
        int written = 0;
        int pending = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            int length = Packet.length(packet);
            if (end + PcapReader.RECORD_BYTES + length > buffer.end()) {
                written += flush() ? pending : 0;
                pending = 0;
            }
            Memory.putInt(end, (int) (nowNs / SECOND_NS));
            Memory.putInt(end + 4, (int) (nowNs % SECOND_NS));
            Memory.putInt(end + 8, length);
            Memory.putInt(end + 12, length);
            end += PcapReader.RECORD_BYTES;
            for (long segment = packet; segment != 0; segment = Packet.next(segment)) {
                Memory.copy(Packet.data(segment), end, Packet.segmentLength(segment));
                end += Packet.segmentLength(segment);
            }
            pending++;
        }
        return written + (flush() ? pending : 0);
    }

    /** Whether everything was written; a full file system keeps only a part. */
    private boolean flush() {
        int length = (int) (end - buffer.address());
        end = buffer.address();
        return fd.write(end, length) == length;
    }

    @Override
    public void close() {
        fd.close();
        Memory.remove(buffer);
    }
}
