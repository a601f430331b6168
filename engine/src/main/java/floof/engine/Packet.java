package floof.engine;

import floof.memory.Memory;

/**
 * The layout of a packet's buffer, by the address of its {@code rte_mbuf}. Native byte order.
 *
 * <pre>
 * rte_mbuf, DPDK 22.11 (rte_mbuf_core.h), 128 bytes:
 *   0 u64 buf_addr     8 u64 buf_iova    16 u16 data_off   18 u16 refcnt   20 u16 nb_segs   22 u16 port
 *  24 u64 ol_flags    32 u32 packet_type 36 u32 pkt_len    40 u16 data_len 42 u16 vlan_tci  44 u32 rss
 *  52 u16 vlan_tci_outer 54 u16 buf_len  56 u64 pool       64 u64 next     72 u64 tx_offload
 *  80 u64 shinfo      88 u16 priv_size   90 u16 timesync   92 dynfield
 * our use of fields that mean nothing between receiving and sending, all in the first line:
 *  32 u16 layer-3 offset from the data  34 u8 reason   35 u8 flags   (packet_type)
 *  44 u32 adjacency (rss)               48 u32 interface: input until the lookup, output afterwards
 *  52 u16 VRF (vlan_tci_outer)
 * our metadata, the private area, 64 bytes:
 * 128 u32 flow hash, 0 = none yet      132 u32 trace record     136 .. 151 reserved
 * 152 virtio_net_hdr, 12 bytes         164 .. 191 reserved
 * then 128 bytes of headroom and 2,048 bytes of data
 * </pre>
 *
 * So the ordinary path touches two cache lines per packet: this one and its headers.
 *
 * <p>Thread: the one that owns the packet.
 */
public final class Packet {

    public static final int MBUF_BYTES = 128;
    public static final int METADATA_BYTES = 64;
    public static final int HEADROOM_BYTES = 128;

    /** Data bytes a buffer holds behind the headroom. */
    public static final int DATA_BYTES = 2048;

    public static final int BUFFER_BYTES =
            MBUF_BYTES + METADATA_BYTES + HEADROOM_BYTES + DATA_BYTES;

    /** Longest frame, in buffers: the longest one that Linux hands over (64 KiB and headers). */
    public static final int SEGMENTS_MAX = 33;

    public static final int FRAME_BYTES_MAX = SEGMENTS_MAX * DATA_BYTES;

    /** Flag: the packet is traced. */
    public static final int TRACED = 1;

    /** Value of {@link #reason} for a packet without a reason. */
    public static final int NO_REASON = 0xff;

    /**
     * Offset of the {@code virtio_net_hdr} from the packet's address; {@link VirtioNet} reads it.
     */
    public static final int VIRTIO = MBUF_BYTES + 24;

    static final int BUF_ADDR = 0;
    static final int BUF_IOVA = 8;
    static final int DATA_OFF = 16;
    static final int REFCNT = 18;
    static final int NB_SEGS = 20;
    private static final int PORT = 22;
    static final int OL_FLAGS = 24;
    private static final int PKT_LEN = 36;
    private static final int DATA_LEN = 40;
    static final int BUF_LEN = 54;
    static final int POOL = 56;
    static final int NEXT = 64;
    static final int PRIV_SIZE = 88;

    private static final int L3 = 32;
    private static final int REASON = 34;
    private static final int FLAGS = 35;
    private static final int ADJACENCY = 44;
    private static final int INTERFACE = 48;
    private static final int VRF = 52;
    private static final int HASH = MBUF_BYTES;
    private static final int TRACE = MBUF_BYTES + 4;

    private Packet() {}

    /** Address of the first byte of the frame. */
    public static long data(long packet) {
        return Memory.getLong(packet + BUF_ADDR) + (Memory.getShort(packet + DATA_OFF) & 0xffff);
    }

    /** Sets where in its buffer the frame begins. */
    public static void setData(long packet, long address) {
        Memory.putShort(packet + DATA_OFF, (short) (address - Memory.getLong(packet + BUF_ADDR)));
    }

    /** Bytes in all buffers of the chain. */
    public static int length(long packet) {
        return Memory.getInt(packet + PKT_LEN);
    }

    /** Bytes in this buffer. */
    public static int segmentLength(long packet) {
        return Memory.getShort(packet + DATA_LEN) & 0xffff;
    }

    /** The next buffer of the chain, 0 at its end. */
    public static long next(long packet) {
        return Memory.getLong(packet + NEXT);
    }

    /** Buffers in the chain. */
    public static int segments(long packet) {
        return Memory.getShort(packet + NB_SEGS) & 0xffff;
    }

    /** Sets the length of a packet of one buffer. */
    public static void setLength(long packet, int lengthBytes) {
        Memory.putInt(packet + PKT_LEN, lengthBytes);
        Memory.putShort(packet + DATA_LEN, (short) lengthBytes);
    }

    /** Sets the length of the whole chain and its number of buffers; on its first buffer. */
    public static void setChain(long packet, int lengthBytes, int segments) {
        Memory.putInt(packet + PKT_LEN, lengthBytes);
        Memory.putShort(packet + NB_SEGS, (short) segments);
    }

    /** Sets how many bytes this buffer of a chain holds, and the next buffer (0 = none). */
    public static void setSegment(long segment, int lengthBytes, long next) {
        Memory.putShort(segment + DATA_LEN, (short) lengthBytes);
        Memory.putLong(segment + NEXT, next);
    }

    /** Index of the input port; after the lookup, of the output port. */
    public static int port(long packet) {
        return Memory.getShort(packet + PORT) & 0xffff;
    }

    public static void setPort(long packet, int port) {
        Memory.putShort(packet + PORT, (short) port);
    }

    /** Sets the offloads that a DPDK driver is to do or has done (ol_flags of rte_mbuf_core.h). */
    public static void setOffloads(long packet, long flags) {
        Memory.putLong(packet + OL_FLAGS, flags);
    }

    /** Moves the data to behind the headroom, as in a free buffer. */
    public static void resetData(long packet) {
        Memory.putShort(packet + DATA_OFF, (short) HEADROOM_BYTES);
    }

    /** Logical input interface; until {@link #setOutput}. */
    public static int input(long packet) {
        return Memory.getInt(packet + INTERFACE);
    }

    public static int vrf(long packet) {
        return Memory.getShort(packet + VRF) & 0xffff;
    }

    /** Input interface and VRF. */
    public static void setInput(long packet, int iface, int vrf) {
        Memory.putInt(packet + INTERFACE, iface);
        Memory.putShort(packet + VRF, (short) vrf);
    }

    /** Logical output interface; after {@link #setOutput}. */
    public static int output(long packet) {
        return Memory.getInt(packet + INTERFACE);
    }

    public static int adjacency(long packet) {
        return Memory.getInt(packet + ADJACENCY);
    }

    public static void setOutput(long packet, int iface) {
        Memory.putInt(packet + INTERFACE, iface);
    }

    public static void setAdjacency(long packet, int index) {
        Memory.putInt(packet + ADJACENCY, index);
    }

    /** Flow hash, 0 = not computed yet. */
    public static int hash(long packet) {
        return Memory.getInt(packet + HASH);
    }

    public static void setHash(long packet, int hash) {
        Memory.putInt(packet + HASH, hash);
    }

    /** Offset of the IP header from the data. */
    public static int l3(long packet) {
        return Memory.getShort(packet + L3) & 0xffff;
    }

    public static void setL3(long packet, int offset) {
        Memory.putShort(packet + L3, (short) offset);
    }

    /** Address of the IP header. */
    public static long l3Address(long packet) {
        return data(packet) + l3(packet);
    }

    /** Ordinal of the {@link floof.base.Reason} for which it leaves, or {@link #NO_REASON}. */
    public static int reason(long packet) {
        return Memory.getByte(packet + REASON) & 0xff;
    }

    public static void setReason(long packet, int ordinal) {
        Memory.putByte(packet + REASON, (byte) ordinal);
    }

    public static boolean isTraced(long packet) {
        return (Memory.getByte(packet + FLAGS) & TRACED) != 0;
    }

    /** Index of its record in the {@link Trace}; only if traced. */
    public static int traceRecord(long packet) {
        return Memory.getInt(packet + TRACE);
    }

    static void setTraced(long packet, int record) {
        Memory.putByte(packet + FLAGS, (byte) (Memory.getByte(packet + FLAGS) | TRACED));
        Memory.putInt(packet + TRACE, record);
    }

    static void clearTraced(long packet) {
        Memory.putByte(packet + FLAGS, (byte) (Memory.getByte(packet + FLAGS) & ~TRACED));
    }

    /** One that a port has just received: without hash, layer-3 offset, reason and flags. */
    public static void received(long packet, int port) {
        setPort(packet, port);
        Memory.putInt(packet + L3, NO_REASON << 8 * (REASON - L3));
        Memory.putInt(packet + HASH, 0);
    }
}
