package floof.tables;

import floof.memory.Memory;
import floof.memory.Region;

/**
 * The first page of the file.
 *
 * <pre>
 *   0 u64 magic "floofTBL"        8 u32 layout version      12 u32 1 = formatted
 *  16 11 x i64 limits, in the order of {@link Limits}
 * 128 i64 offset of the current generation in the file (0 = none yet)
 * 136 u32 1 = a write is in progress
 * 192 i64 epoch, from 1; written by the writer, read by every worker
 * </pre>
 */
final class Header {

    static final int SIZE_BYTES = 4096;

    /** "floofTBL" in memory order on a little-endian machine. */
    static final long MAGIC = 0x4c42_5466_6f6f_6c66L;

    /** Raised by every change of a layout, of {@link floof.base.Reason} or of a fixed adjacency. */
    static final int VERSION = 10;

    private static final int VERSION_AT = 8;
    private static final int FORMATTED = 12;
    private static final int LIMITS = 16;
    static final int CURRENT = 128;
    static final int WRITING = 136;
    static final int EPOCH = 192;

    private Header() {}

    /** Whether nothing was ever written there, or the formatting was cut off. */
    static boolean isBlank(Region region) {
        long at = region.address();
        long magic = Memory.getLong(at);
        return (magic == 0 || magic == MAGIC)
                && Memory.getIntAcquire(at + FORMATTED) == 0
                && Memory.getLong(at + CURRENT) == 0;
    }

    static void format(Region region, Limits limits) {
        long at = region.address();
        Memory.putLong(at, MAGIC);
        Memory.putInt(at + VERSION_AT, VERSION);
        long[] numbers = limits.numbers();
        for (int i = 0; i < numbers.length; i++) {
            Memory.putLong(at + LIMITS + 8L * i, numbers[i]);
        }
        Memory.putLong(at + EPOCH, 1);
        Memory.putIntRelease(at + FORMATTED, 1);
    }

    /** The limits of formatted memory. */
    static Limits limits(Region region) throws LayoutException {
        long at = region.address();
        if (region.sizeBytes() < SIZE_BYTES || Memory.getLong(at) != MAGIC) {
            throw new LayoutException(region.name() + " does not hold FloofOS tables");
        }
        int version = Memory.getInt(at + VERSION_AT);
        if (version != VERSION) {
            throw new LayoutException(
                    region.name()
                            + " has table layout version "
                            + version
                            + "; this program reads version "
                            + VERSION);
        }
        if (Memory.getIntAcquire(at + FORMATTED) == 0) {
            throw new LayoutException(region.name() + " was not formatted to the end");
        }
        long[] numbers = new long[Limits.SIZE_BYTES / 8];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Memory.getLong(at + LIMITS + 8L * i);
        }
        Limits limits;
        try {
            limits = Limits.of(numbers);
        } catch (RuntimeException e) {
            throw new LayoutException(region.name() + ": " + e.getMessage());
        }
        new Layout(limits).requireFits(region);
        return limits;
    }
}
