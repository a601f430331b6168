package floof.ports;

import floof.engine.Packet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reads a capture file (draft-ietf-opsawg-pcap): microseconds or nanoseconds, either byte order,
 * Ethernet.
 *
 * <pre>
 * file:   0 u32 magic   4 u16 major 2, u16 minor 4   8 reserved   16 u32 snap length   20 u32 link type 1
 * record: 0 u32 seconds 4 u32 fraction               8 u32 captured length   12 u32 length on the wire
 * </pre>
 *
 * <p>Thread: any but a worker's.
 */
final class PcapReader {

    static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
    static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    static final int HEADER_BYTES = 24;
    static final int RECORD_BYTES = 16;
    static final int LINK_ETHERNET = 1;

    /** Size limit: a file is held in memory. */
    static final long FILE_BYTES_MAX = 1 << 30;

    private PcapReader() {}

    /**
     * Reads all frames of a file.
     *
     * @throws PcapException if the file is not a complete capture of complete Ethernet frames
     */
    static Replay read(Path file) {
        ByteBuffer bytes;
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size > FILE_BYTES_MAX) {
                throw new PcapException(file, size + " bytes; at most " + FILE_BYTES_MAX);
            }
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        } catch (IOException e) {
            throw new PcapException(file, "cannot be read: " + e);
        }
        bytes.order(order(file, bytes));
        header(file, bytes);
        Replay replay = new Replay("pcap " + file, bytes.limit());
        try {
            for (int record = 1; bytes.hasRemaining(); record++) {
                replay.add(frame(file, bytes, record));
            }
        } catch (PcapException e) {
            replay.close();
            throw e;
        }
        return replay;
    }

    private static ByteOrder order(Path file, ByteBuffer bytes) {
        if (bytes.limit() < HEADER_BYTES) {
            throw new PcapException(
                    file, bytes.limit() + " bytes; expected a header of " + HEADER_BYTES);
        }
        int magic = bytes.getInt(0);
        if (magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS) {
            return ByteOrder.BIG_ENDIAN;
        }
        int swapped = Integer.reverseBytes(magic);
        if (swapped == MAGIC_MICROSECONDS || swapped == MAGIC_NANOSECONDS) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        throw new PcapException(
                file,
                "begins with 0x%08x; expected the magic number of pcap, 0x%08x or 0x%08x"
                        .formatted(magic, MAGIC_MICROSECONDS, MAGIC_NANOSECONDS));
    }

    private static void header(Path file, ByteBuffer bytes) {
        int version = bytes.getShort(4);
        int link = bytes.getInt(20) & 0xffff;
        if (version != 2 || link != LINK_ETHERNET) {
            throw new PcapException(
                    file,
                    "version " + version + ", link type " + link + "; expected 2, 1 (Ethernet)");
        }
        bytes.position(HEADER_BYTES);
    }

    private static ByteBuffer frame(Path file, ByteBuffer bytes, int record) {
        String where = "record " + record + " at byte " + bytes.position() + ": ";
        if (bytes.remaining() < RECORD_BYTES) {
            throw new PcapException(file, where + "the file ends in its header");
        }
        int captured = bytes.getInt(bytes.position() + 8);
        int length = bytes.getInt(bytes.position() + 12);
        bytes.position(bytes.position() + RECORD_BYTES);
        if (captured != length) {
            throw new PcapException(
                    file, where + captured + " of " + length + " bytes; expected whole frames");
        }
        if (!Chain.fits(length)) {
            throw new PcapException(
                    file,
                    where
                            + Integer.toUnsignedString(length)
                            + " bytes; expected "
                            + Chain.FRAME_BYTES_MIN
                            + " to "
                            + Packet.FRAME_BYTES_MAX);
        }
        if (length > bytes.remaining()) {
            throw new PcapException(
                    file,
                    where
                            + "the file ends after "
                            + bytes.remaining()
                            + " of "
                            + length
                            + " bytes");
        }
        ByteBuffer frame = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return frame;
    }
}
