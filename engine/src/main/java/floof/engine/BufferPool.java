package floof.engine;

import floof.memory.Memory;
import floof.memory.Region;

/**
 * The buffers of one worker: a stack of free ones. In use or free, a buffer obeys DPDK's rules; a
 * free one has refcnt 1, no successor and one segment, so that taking it costs two stores.
 *
 * <p>Thread: its worker.
 */
public final class BufferPool {

    private final Region region;
    private final long[] free;
    private int top;
    private long empty;

    /**
     * @param region at least {@code count} times {@link Packet#BUFFER_BYTES}, aligned to 64
     */
    public BufferPool(Region region, int count) {
        if (region.sizeBytes() < (long) count * Packet.BUFFER_BYTES || region.address() % 64 != 0) {
            throw new IllegalArgumentException(
                    region + " does not hold " + count + " buffers at a multiple of 64");
        }
        this.region = region;
        this.free = new long[count];
        // The lowest address ends on top.
        for (int i = count - 1; i >= 0; i--) {
            long packet = region.address() + (long) i * Packet.BUFFER_BYTES;
            initialise(packet);
            free[top++] = packet;
        }
    }

    private void initialise(long packet) {
        Memory.fill(packet, Packet.MBUF_BYTES + Packet.METADATA_BYTES, (byte) 0);
        long data = packet + Packet.MBUF_BYTES + Packet.METADATA_BYTES;
        Memory.putLong(packet + Packet.BUF_ADDR, data);
        Memory.putLong(packet + Packet.BUF_IOVA, data);
        Memory.putShort(packet + Packet.DATA_OFF, (short) Packet.HEADROOM_BYTES);
        Memory.putShort(packet + Packet.REFCNT, (short) 1);
        Memory.putShort(packet + Packet.NB_SEGS, (short) 1);
        Memory.putShort(
                packet + Packet.BUF_LEN, (short) (Packet.HEADROOM_BYTES + Packet.DATA_BYTES));
        Memory.putLong(packet + Packet.POOL, region.address());
        Memory.putShort(packet + Packet.PRIV_SIZE, (short) Packet.METADATA_BYTES);
    }

    /** A buffer of one segment with an empty frame, or 0 when there is none (counted). */
    public long take() {
        if (top == 0) {
            empty++;
            return 0;
        }
        return free[--top];
    }

    /** Gives a packet back, all buffers of its chain. */
    public void give(long packet) {
        long segment = packet;
        do {
            long next = Packet.next(segment);
            giveSegment(segment);
            segment = next;
        } while (segment != 0);
    }

    /** Gives {@code count} packets back. */
    public void give(long[] packets, int count) {
        for (int i = 0; i < count; i++) {
            give(packets[i]);
        }
    }

    private void giveSegment(long segment) {
        Memory.putShort(segment + Packet.DATA_OFF, (short) Packet.HEADROOM_BYTES);
        if (Memory.getLong(segment + Packet.NEXT) != 0) {
            Memory.putLong(segment + Packet.NEXT, 0);
        }
        Memory.putShort(segment + Packet.NB_SEGS, (short) 1);
        free[top++] = segment;
    }

    /** Free buffers. */
    public int available() {
        return top;
    }

    /** All buffers, free or in use. */
    public int size() {
        return free.length;
    }

    /** How often {@link #take} found none. */
    public long emptyCount() {
        return empty;
    }
}
