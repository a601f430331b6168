package floof.linux.xdp;

import floof.linux.Mapping;

/**
 * A ring shared with the kernel: one side moves the producer's cursor after it has written entries,
 * the other the consumer's after it has read them. Cursors are u32 that count on and wrap; entry
 * {@code i} lies at {@code i % size}.
 *
 * <p>Receive and transmit entries are {@code struct xdp_desc}, 16 bytes: 0 u64 address, 8 u32
 * length, 12 u32 options. Fill and completion entries are a u64 address. Addresses are those of
 * chunks in the umem, from its start, with the frame's distance from there in the upper 16 bits.
 *
 * @param mapping the whole, to be made known to {@code floof.memory}
 * @param producer address of the producer's cursor; release by whoever moves it, acquire by others
 * @param consumer address of the consumer's cursor
 * @param flags address of the kernel's flags
 * @param entries address of entry 0
 * @param size entries, a power of two
 */
public record XdpRing(
        Mapping mapping, long producer, long consumer, long flags, long entries, int size) {

    /** Bit of the flags: the kernel waits for {@link XdpSocket#kick}. */
    public static final int NEED_WAKEUP = 1;

    /** Bit of an entry's options: the next entry continues the frame. */
    public static final int CONTINUED = 1;

    /** Bits of an address that say which chunk; above them the frame's distance from its start. */
    public static final int CHUNK_BITS = 48;

    public static final int FRAME_ENTRY_BYTES = 16;
    public static final int CHUNK_ENTRY_BYTES = 8;
}
