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

    /**
     * Takes buffers as {@link #take()} does, as many as there are.
     *
     * @return how many; fewer than {@code count} is counted once
     */
    public int take(long[] packets, int from, int count) {
        int taken = Math.min(count, top);
        top -= taken;
        for (int i = 0; i < taken; i++) {
            packets[from + i] = free[top + taken - 1 - i];
        }
        if (taken < count) {
            empty++;
        }
        return taken;
    }

    /** Gives a packet back, all buffers of its chain. */
    public void give(long packet) {
        // The cache line that holds the successor is touched only if there is one.
        if (Packet.segments(packet) != 1) {
            giveRest(packet);
        }
        Memory.putShort(packet + Packet.DATA_OFF, (short) Packet.HEADROOM_BYTES);
        free[top++] = packet;
    }

    /** Gives {@code count} packets back. */
    public void give(long[] packets, int count) {
        for (int i = 0; i < count; i++) {
            give(packets[i]);
        }
    }

    private void giveRest(long packet) {
        long segment = Packet.next(packet);
        Packet.setSegment(packet, 0, 0);
        Packet.setChain(packet, 0, 1);
        while (segment != 0) {
            long next = Packet.next(segment);
            Memory.putLong(segment + Packet.NEXT, 0);
            Memory.putShort(segment + Packet.DATA_OFF, (short) Packet.HEADROOM_BYTES);
            free[top++] = segment;
            segment = next;
        }
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
