package floof.engine;

import floof.memory.Memory;
import floof.memory.Region;

/**
 * A worker's cache of free buffers: a stack above the {@link Depot} that all workers share. A
 * worker may return packets that another worker took. In use or free, a buffer obeys DPDK's rules;
 * a free one has refcnt 1, no successor and one segment, so that taking it costs two stores.
 *
 * <p>Thread: its worker.
 */
public final class BufferPool {

    /**
     * Most free buffers in the cache: two frames. A worker that receives and sends then rarely
     * needs the depot, and the workers together keep few buffers.
     */
    public static final int AT_HAND_MAX = 512;

    /** A single worker shares with nobody: its cache holds all buffers. */
    private static final Depot NONE =
            new Depot() {
                @Override
                public boolean take(long[] packets, int from) {
                    return false;
                }

                @Override
                public void give(long[] packets, int from) {
                    throw new IllegalStateException("more buffers come back than were taken");
                }

                @Override
                public int size() {
                    return 0;
                }

                @Override
                public int available() {
                    return 0;
                }
            };

    private final Depot depot;
    private final long[] free;
    private final int size;
    private int top;

    /** The cache of one worker above a shared depot; empty at first. */
    public BufferPool(Depot depot) {
        this.depot = depot;
        free = new long[AT_HAND_MAX];
        size = depot.size();
    }

    /**
     * The buffers of a single worker.
     *
     * @param region at least {@code count} times {@link Packet#BUFFER_BYTES}, aligned to 64
     */
    public BufferPool(Region region, int count) {
        depot = NONE;
        free = initialise(region, count);
        size = count;
        // The lowest address is on top.
        for (int i = 0; i < count / 2; i++) {
            long low = free[i];
            free[i] = free[count - 1 - i];
            free[count - 1 - i] = low;
        }
        top = count;
    }

    /** Initialises all buffers of a region as free; returns their addresses. */
    static long[] initialise(Region region, int count) {
        if (region.sizeBytes() < (long) count * Packet.BUFFER_BYTES || region.address() % 64 != 0) {
            throw new IllegalArgumentException(
                    region + " does not hold " + count + " buffers at a multiple of 64");
        }
        long[] packets = new long[count];
        for (int i = 0; i < count; i++) {
            packets[i] = region.address() + (long) i * Packet.BUFFER_BYTES;
            initialise(packets[i], region.address());
        }
        return packets;
    }

    private static void initialise(long packet, long pool) {
        Memory.fill(packet, Packet.MBUF_BYTES + Packet.METADATA_BYTES, (byte) 0);
        long data = packet + Packet.MBUF_BYTES + Packet.METADATA_BYTES;
        Memory.putLong(packet + Packet.BUF_ADDR, data);
        Memory.putLong(packet + Packet.BUF_IOVA, data);
        Memory.putShort(packet + Packet.DATA_OFF, (short) Packet.HEADROOM_BYTES);
        Memory.putShort(packet + Packet.REFCNT, (short) 1);
        Memory.putShort(packet + Packet.NB_SEGS, (short) 1);
        Memory.putShort(
                packet + Packet.BUF_LEN, (short) (Packet.HEADROOM_BYTES + Packet.DATA_BYTES));
        Memory.putLong(packet + Packet.POOL, pool);
        Memory.putShort(packet + Packet.PRIV_SIZE, (short) Packet.METADATA_BYTES);
    }

    /**
     * Whether the cache holds so many buffers, at most {@code AT_HAND_MAX}. Fetches them from the
     * depot if needed.
     */
    public boolean has(int count) {
        return top >= count || fetch(count);
    }

    private boolean fetch(int count) {
        while (top < count && top + Depot.BULK <= free.length && depot.take(free, top)) {
            top += Depot.BULK;
        }
        return top >= count;
    }

    /** Puts a free buffer on the stack. */
    private void put(long packet) {
        if (top == free.length) {
            top -= Depot.BULK;
            depot.give(free, top);
        }
        free[top++] = packet;
    }

    /** Takes a buffer of one segment with an empty frame; returns 0 if none is free. */
    public long take() {
        if (top == 0 && !fetch(1)) {
            return 0;
        }
        return free[--top];
    }

    /**
     * Takes buffers as {@link #take()} does, as many as are free.
     *
     * @param count at most {@link #AT_HAND_MAX}
     * @return how many
     */
    public int take(long[] packets, int from, int count) {
        if (top < count) {
            fetch(count);
        }
        int taken = Math.min(count, top);
        top -= taken;
        for (int i = 0; i < taken; i++) {
            packets[from + i] = free[top + taken - 1 - i];
        }
        return taken;
    }

    /** Frees a packet: all buffers of its chain. */
    public void give(long packet) {
        // The cache line that holds the successor is touched only if there is one.
        if (Packet.segments(packet) != 1) {
            giveRest(packet);
        }
        Memory.putShort(packet + Packet.DATA_OFF, (short) Packet.HEADROOM_BYTES);
        put(packet);
    }

    /** Frees {@code count} packets. */
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
            put(segment);
            segment = next;
        }
    }

    /** Free buffers available to this worker: those in its cache and those in the depot. */
    public int available() {
        return top + depot.available();
    }

    /** All buffers, free or in use, of all workers that share the depot. */
    public int size() {
        return size;
    }
}
