package floof.ports;

import floof.linux.EventFd;
import floof.memory.Memory;

/**
 * A ring of memif 2.0 in shared memory. Native order.
 *
 * <pre>
 *   0 u32 cookie   4 u16 flags (1 = no interrupts)   6 u16 head     64 u16 tail
 * 128 descriptors: 0 u16 flags (1 = continues in the next)   2 u16 region   4 u32 length   8 u32 offset   12 u32 metadata
 * </pre>
 *
 * The client writes head, the server tail, each a count of descriptors that wraps; the receiver
 * writes the flags.
 *
 * @param address of its first byte
 * @param size descriptors, a power of two
 * @param interrupt written after packets were added, if the ring's flags request it
 */
record MemifRing(long address, int size, EventFd interrupt) {

    private static final int COOKIE = 0x3E31F20;
    private static final int FLAGS = 4;
    private static final int HEAD = 6;
    private static final int TAIL = 64;
    private static final int DESCRIPTORS = 128;
    private static final short MASKED = 1;

    static final int DESCRIPTOR_BYTES = 16;

    /** Flag of a descriptor. */
    static final int CONTINUES = 1;

    static final int LOG2_SIZE_MAX = 14;

    /** Offset of the second word of a descriptor. */
    static final int OFFSET = 8;

    static long sizeBytes(int size) {
        return DESCRIPTORS + (long) size * DESCRIPTOR_BYTES;
    }

    /** Empties the ring. */
    void initialise() {
        Memory.fill(address, sizeBytes(size), (byte) 0);
        Memory.putInt(address, COOKIE);
    }

    boolean isInitialised() {
        return Memory.getInt(address) == COOKIE;
    }

    /** Resets the ring; called by the server before it confirms the connection. */
    void restart() {
        Memory.putShort(tailAddress(), (short) 0);
    }

    long headAddress() {
        return address + HEAD;
    }

    long tailAddress() {
        return address + TAIL;
    }

    /** Address of the descriptor for a count. */
    long descriptor(int count) {
        return address + DESCRIPTORS + (long) (count & size - 1) * DESCRIPTOR_BYTES;
    }

    /** The descriptor's first word. */
    static long word(int flags, int region, int lengthBytes) {
        return flags | (long) region << 16 | (long) lengthBytes << 32;
    }

    boolean isMasked() {
        return (Memory.getShort(address + FLAGS) & MASKED) != 0;
    }

    void mask(boolean isMasked) {
        Memory.putShort(address + FLAGS, isMasked ? MASKED : 0);
    }
}
