package floof.ports;

import floof.engine.Packet;
import floof.memory.Memory;

/**
 * The internet checksum (RFC 1071) in native byte order: the folded sum of words in memory order
 * equals the sum in network order (section 2, B). Thread: any.
 */
final class Checksum {

    private static final long LOW = 0xffff_ffffL;

    private Checksum() {}

    /**
     * One's complement sum of less than 64 KiB, not folded; it cannot overflow. Reads nothing
     * beyond the bytes.
     */
    static long sum(long address, int sizeBytes) {
        long sum = 0;
        int at = 0;
        for (; at + 32 <= sizeBytes; at += 32) {
            long a = Memory.getLong(address + at);
            long b = Memory.getLong(address + at + 8);
            long c = Memory.getLong(address + at + 16);
            long d = Memory.getLong(address + at + 24);
            sum += (a & LOW) + (a >>> 32) + (b & LOW) + (b >>> 32);
            sum += (c & LOW) + (c >>> 32) + (d & LOW) + (d >>> 32);
        }
        for (; at + 4 <= sizeBytes; at += 4) {
            sum += Memory.getInt(address + at) & LOW;
        }
        if (at + 2 <= sizeBytes) {
            sum += Memory.getShort(address + at) & 0xffff;
            at += 2;
        }
        if (at < sizeBytes) {
            sum += Memory.getByte(address + at) & 0xff;
        }
        return sum;
    }

    /**
     * The same over the buffers of a packet.
     *
     * @param offset of the first byte from the frame's start, in the first buffer
     * @param sizeBytes at most the rest of the frame
     */
    static long sum(long packet, int offset, int sizeBytes) {
        int inFirst = Math.min(sizeBytes, Packet.segmentLength(packet) - offset);
        long sum = sum(Packet.data(packet) + offset, inFirst);
        int done = inFirst;
        long segment = packet;
        while (done < sizeBytes) {
            segment = Packet.next(segment);
            int length = Math.min(sizeBytes - done, Packet.segmentLength(segment));
            int part = fold(sum(Packet.data(segment), length));
            // After an odd number of bytes, the following bytes are in the other half of the words.
            sum += (done & 1) == 0 ? part : Short.reverseBytes((short) part) & 0xffff;
            done += length;
        }
        return sum;
    }

    /** Folded to 16 bits. */
    static int fold(long sum) {
        long folded = (sum & LOW) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
    }

    /** The value for a checksum field: never 0, which means "no checksum" to UDP (RFC 768). */
    static short finish(long sum) {
        int checksum = ~fold(sum) & 0xffff;
        return (short) (checksum == 0 ? 0xffff : checksum);
    }
}
