package floof.tables;

import floof.memory.Memory;

/**
 * A VRF: 320 bytes, native order; an empty one costs nothing else. Its number is its index; 0 is
 * the default.
 *
 * <pre>
 *  0 u32 flags                 4 u32 resync
 * 64     FIB of IPv4, 128 bytes                  {@link Fib}
 * 192    FIB of IPv6, 128 bytes
 * </pre>
 */
public final class Vrf {

    static final int SIZE_BYTES = 320;
    static final int FIB4 = 64;
    static final int FIB6 = 192;

    public static final int USED = 1;

    /** Linux has routing rules the fast path lacks: every packet leaves as UNSUPPORTED_POLICY. */
    public static final int EXCEPT_ALL = 2;

    /** A route did not fit: Linux serves the destinations of its {@link Overflow} slice. */
    public static final int OVERFLOW = 4;

    static final int RESYNC = 4;

    private Vrf() {}

    /** {@link #USED}, {@link #EXCEPT_ALL}, {@link #OVERFLOW}. */
    public static int flags(long address) {
        return Memory.getIntOpaque(address);
    }

    static void setFlag(long address, int flag, boolean value) {
        int before = flags(address);
        Memory.putIntRelease(address, value ? before | flag : before & ~flag);
    }
}
