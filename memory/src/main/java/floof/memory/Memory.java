package floof.memory;

import java.util.Arrays;
import jdk.internal.misc.Unsafe;

/**
 * Reads and writes raw memory by absolute address. Plain accessors are in the machine's byte order
 * (x86-64, aarch64: little endian) at any alignment; those ending in {@code Be} convert to and from
 * network order; {@code Acquire}, {@code Release}, {@code Opaque} have the meaning of {@link
 * java.lang.invoke.VarHandle} and need natural alignment.
 *
 * <p>With {@code -Dfloof.memory.checked=true} every access outside the regions that were added
 * throws {@link IndexOutOfBoundsException}; otherwise a wrong address ends the process. The flag is
 * a constant to the compiler, so the raw form carries no trace of the check.
 *
 * <p>Thread: any; only the accessors named for it order anything between threads.
 */
public final class Memory {

    /** Whether accesses are verified; constant for the life of the process. */
    public static final boolean CHECKED = Boolean.getBoolean("floof.memory.checked");

    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static volatile Region[] regions = {};

    private Memory() {}

    /** Registers a region with the checked form. */
    public static synchronized void add(Region region) {
        Region[] grown = Arrays.copyOf(regions, regions.length + 1);
        grown[regions.length] = region;
        regions = grown;
    }

    /** Unregisters a region. */
    public static synchronized void remove(Region region) {
        regions =
                Arrays.stream(regions)
                        .filter(known -> !known.equals(region))
                        .toArray(Region[]::new);
    }

    /**
     * Allocates zeroed memory of this process, aligned to {@code alignBytes} (a power of two), and
     * registers it.
     */
    public static Region allocate(String name, long sizeBytes, int alignBytes) {
        long raw = UNSAFE.allocateMemory(sizeBytes + alignBytes);
        long address = (raw + alignBytes - 1) & -alignBytes;
        UNSAFE.setMemory(address, sizeBytes, (byte) 0);
        Region region = new Region(name, address, sizeBytes);
        add(region);
        return region;
    }

    private static void check(long address, long sizeBytes) {
        for (Region region : regions) {
            if (address >= region.address() && address + sizeBytes <= region.end()) {
                return;
            }
        }
        throw new IndexOutOfBoundsException(
                "access of "
                        + sizeBytes
                        + " bytes at 0x"
                        + Long.toHexString(address)
                        + " is outside every region: "
                        + Arrays.toString(regions));
    }

    public static byte getByte(long address) {
        if (CHECKED) {
            check(address, 1);
        }
        return UNSAFE.getByte(address);
    }

    public static void putByte(long address, byte value) {
        if (CHECKED) {
            check(address, 1);
        }
        UNSAFE.putByte(address, value);
    }

    public static short getShort(long address) {
        if (CHECKED) {
            check(address, 2);
        }
        return UNSAFE.getShortUnaligned(null, address);
    }

    public static void putShort(long address, short value) {
        if (CHECKED) {
            check(address, 2);
        }
        UNSAFE.putShortUnaligned(null, address, value);
    }

    /** Network order. */
    public static short getShortBe(long address) {
        return Short.reverseBytes(getShort(address));
    }

    /** Network order. */
    public static void putShortBe(long address, short value) {
        putShort(address, Short.reverseBytes(value));
    }

    public static int getInt(long address) {
        if (CHECKED) {
            check(address, 4);
        }
        return UNSAFE.getIntUnaligned(null, address);
    }

    public static void putInt(long address, int value) {
        if (CHECKED) {
            check(address, 4);
        }
        UNSAFE.putIntUnaligned(null, address, value);
    }

    /** Network order. */
    public static int getIntBe(long address) {
        return Integer.reverseBytes(getInt(address));
    }

    /** Network order. */
    public static void putIntBe(long address, int value) {
        putInt(address, Integer.reverseBytes(value));
    }

    public static long getLong(long address) {
        if (CHECKED) {
            check(address, 8);
        }
        return UNSAFE.getLongUnaligned(null, address);
    }

    public static void putLong(long address, long value) {
        if (CHECKED) {
            check(address, 8);
        }
        UNSAFE.putLongUnaligned(null, address, value);
    }

    /** Network order. */
    public static long getLongBe(long address) {
        return Long.reverseBytes(getLong(address));
    }

    /** Network order. */
    public static void putLongBe(long address, long value) {
        putLong(address, Long.reverseBytes(value));
    }

    public static short getShortAcquire(long address) {
        if (CHECKED) {
            check(address, Short.BYTES);
        }
        return UNSAFE.getShortAcquire(null, address);
    }

    public static void putShortRelease(long address, short value) {
        if (CHECKED) {
            check(address, Short.BYTES);
        }
        UNSAFE.putShortRelease(null, address, value);
    }

    public static int getIntAcquire(long address) {
        if (CHECKED) {
            check(address, 4);
        }
        return UNSAFE.getIntAcquire(null, address);
    }

    public static int getIntOpaque(long address) {
        if (CHECKED) {
            check(address, 4);
        }
        return UNSAFE.getIntOpaque(null, address);
    }

    public static int getIntVolatile(long address) {
        if (CHECKED) {
            check(address, 4);
        }
        return UNSAFE.getIntVolatile(null, address);
    }

    public static void putIntRelease(long address, int value) {
        if (CHECKED) {
            check(address, 4);
        }
        UNSAFE.putIntRelease(null, address, value);
    }

    public static void putIntOpaque(long address, int value) {
        if (CHECKED) {
            check(address, 4);
        }
        UNSAFE.putIntOpaque(null, address, value);
    }

    public static void putIntVolatile(long address, int value) {
        if (CHECKED) {
            check(address, 4);
        }
        UNSAFE.putIntVolatile(null, address, value);
    }

    public static long getLongAcquire(long address) {
        if (CHECKED) {
            check(address, 8);
        }
        return UNSAFE.getLongAcquire(null, address);
    }

    public static long getLongOpaque(long address) {
        if (CHECKED) {
            check(address, 8);
        }
        return UNSAFE.getLongOpaque(null, address);
    }

    public static long getLongVolatile(long address) {
        if (CHECKED) {
            check(address, 8);
        }
        return UNSAFE.getLongVolatile(null, address);
    }

    public static void putLongRelease(long address, long value) {
        if (CHECKED) {
            check(address, 8);
        }
        UNSAFE.putLongRelease(null, address, value);
    }

    public static void putLongOpaque(long address, long value) {
        if (CHECKED) {
            check(address, 8);
        }
        UNSAFE.putLongOpaque(null, address, value);
    }

    public static void putLongVolatile(long address, long value) {
        if (CHECKED) {
            check(address, 8);
        }
        UNSAFE.putLongVolatile(null, address, value);
    }

    /** Copies within raw memory; the ranges may overlap. */
    public static void copy(long from, long to, long sizeBytes) {
        if (CHECKED) {
            check(from, sizeBytes);
            check(to, sizeBytes);
        }
        UNSAFE.copyMemory(from, to, sizeBytes);
    }

    /**
     * Like {@link #copy(long, long, long)}, but without a call. For short pieces of at least 8
     * bytes: copies word by word; the last word ends with the piece.
     */
    public static void copyWords(long from, long to, long sizeBytes) {
        long last = sizeBytes - Long.BYTES;
        for (long at = 0; at < last; at += Long.BYTES) {
            putLong(to + at, getLong(from + at));
        }
        putLong(to + last, getLong(from + last));
    }

    /** Copies from the heap. */
    public static void copy(byte[] from, int index, long to, int count) {
        java.util.Objects.checkFromIndexSize(index, count, from.length);
        if (CHECKED) {
            check(to, count);
        }
        UNSAFE.copyMemory(from, Unsafe.ARRAY_BYTE_BASE_OFFSET + index, null, to, count);
    }

    /** Copies to the heap. */
    public static void copy(long from, byte[] to, int index, int count) {
        java.util.Objects.checkFromIndexSize(index, count, to.length);
        if (CHECKED) {
            check(from, count);
        }
        UNSAFE.copyMemory(null, from, to, Unsafe.ARRAY_BYTE_BASE_OFFSET + index, count);
    }

    /** Sets every byte. */
    public static void fill(long address, long sizeBytes, byte value) {
        if (CHECKED) {
            check(address, sizeBytes);
        }
        UNSAFE.setMemory(address, sizeBytes, value);
    }

    /** Orders all loads and stores before it against all after it. */
    public static void fullFence() {
        UNSAFE.fullFence();
    }
}
