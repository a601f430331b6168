package floof.engine;

import floof.memory.Memory;

/**
 * {@code struct virtio_net_hdr_v1} (linux/virtio_net.h), native order: what a frame of Linux still
 * needs before it can go on a wire.
 *
 * <pre>
 * 0 u8 flags   1 u8 gso_type   2 u16 hdr_len   4 u16 gso_size   6 u16 csum_start   8 u16 csum_offset   10 u16 num_buffers
 * </pre>
 */
public final class VirtioNet {

    public static final int SIZE_BYTES = 12;

    /** Flag: the checksum at csum_start + csum_offset holds the pseudo-header's sum only. */
    public static final int NEEDS_CSUM = 1;

    /** {@code gso_type} of a frame with one packet. */
    public static final int GSO_NONE = 0;

    /** {@code gso_type} of a frame with several packets: TCP, or UDP in datagrams of one size. */
    public static final int GSO_TCP4 = 1;

    public static final int GSO_TCP6 = 4;
    public static final int GSO_UDP = 5;

    /** Bit of {@code gso_type}: TCP's CWR belongs only in the first packet (RFC 3168). */
    public static final int GSO_ECN = 0x80;

    private VirtioNet() {}

    public static int flags(long header) {
        return Memory.getByte(header) & 0xff;
    }

    public static int gsoType(long header) {
        return Memory.getByte(header + 1) & 0xff;
    }

    /** Payload bytes of each packet in the frame. */
    public static int gsoSize(long header) {
        return Memory.getShort(header + 4) & 0xffff;
    }

    /** Offset of the layer-4 header from the frame's start, when {@link #NEEDS_CSUM}. */
    public static int checksumStart(long header) {
        return Memory.getShort(header + 6) & 0xffff;
    }

    /** Offset of the checksum from there. */
    public static int checksumOffset(long header) {
        return Memory.getShort(header + 8) & 0xffff;
    }

    /** Whether the frame can go on a wire: it needs neither a checksum nor segmentation. */
    public static boolean isWhole(long header) {
        return (Memory.getShort(header) & (NEEDS_CSUM | 0xff00)) == 0;
    }

    /** Marks the frame as one packet with a complete checksum. */
    public static void clear(long header) {
        Memory.putLong(header, 0);
        Memory.putInt(header + 8, 0);
    }
}
