package floof.engine;

import floof.memory.Memory;
import floof.memory.Region;
import java.util.List;

/**
 * The packets that a {@link Generator} sends in turn: whole frames, or one frame in which a few
 * words change per packet. This way a million destinations take megabytes, not gigabytes.
 *
 * <p>Thread: any until a generator has it, then its.
 */
public final class Traffic implements AutoCloseable {

    final int count;
    final int frames;

    /** The position of the words in a frame, and their number per packet. */
    final int wordsAt;

    final int wordsEach;
    private final int strideBytes;
    private final int[] lengths;
    private final Region region;
    private final long words;

    private Traffic(List<byte[]> frames, int wordsAt, int wordsEach, long[] words) {
        this.frames = frames.size();
        this.wordsAt = wordsAt;
        this.wordsEach = wordsEach;
        count = wordsEach == 0 ? frames.size() : words.length / wordsEach;
        int longest = 0;
        for (byte[] frame : frames) {
            longest = Math.max(longest, frame.length);
        }
        if (longest > Packet.DATA_BYTES) {
            throw new IllegalArgumentException(
                    "frame of " + longest + " bytes; at most " + Packet.DATA_BYTES);
        }
        strideBytes = longest + 63 & -64;
        long wordsOffset = (long) this.frames * strideBytes;
        long sizeBytes = wordsOffset + (long) words.length * Long.BYTES + 64;
        region = Memory.allocate("traffic of a generator", sizeBytes, 64);
        lengths = new int[this.frames];
        for (int i = 0; i < this.frames; i++) {
            lengths[i] = frames.get(i).length;
            Memory.copy(frames.get(i), 0, frame(i), lengths[i]);
        }
        this.words = region.address() + wordsOffset;
        for (int i = 0; i < words.length; i++) {
            Memory.putLong(this.words + (long) i * Long.BYTES, words[i]);
        }
    }

    /**
     * @param frames each of one buffer at most
     */
    public static Traffic of(List<byte[]> frames) {
        return new Traffic(frames, 0, 0, new long[0]);
    }

    /**
     * One frame, with {@code wordsEach} words of eight bytes (as they are in memory) written over
     * it from {@code offset}.
     */
    public static Traffic varied(byte[] frame, int offset, int wordsEach, long[] words) {
        if (wordsEach < 1
                || words.length == 0
                || words.length % wordsEach != 0
                || offset + wordsEach * Long.BYTES > frame.length) {
            throw new IllegalArgumentException(
                    words.length
                            + " words, "
                            + wordsEach
                            + " each at offset "
                            + offset
                            + " of "
                            + frame.length);
        }
        return new Traffic(List.of(frame), offset, wordsEach, words);
    }

    /** The number of different packets. */
    public int count() {
        return count;
    }

    /** A word of a varied packet, as it is in memory. */
    public long word(int packet, int word) {
        return Memory.getLong(words(packet) + (long) word * Long.BYTES);
    }

    long frame(int index) {
        return region.address() + (long) index * strideBytes;
    }

    int length(int index) {
        return lengths[index];
    }

    long words(int packet) {
        return words + (long) packet * wordsEach * Long.BYTES;
    }

    @Override
    public void close() {
        Memory.remove(region);
    }
}
