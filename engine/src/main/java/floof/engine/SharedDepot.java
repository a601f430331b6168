package floof.engine;

import floof.memory.Region;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Buffers of one region in magazines of {@link Depot#BULK}, on two stacks: full ones and empty ones
 * (J. Bonwick and J. Adams, "Magazines and Vmem", USENIX 2001). Taking pops a full magazine and
 * pushes it empty; returning works the other way round.
 *
 * <p>The stacks are lists with a counted head (R. K. Treiber 1986): {@code count of changes << 32 |
 * magazine + 1}. The count keeps a head from being mistaken for an older one of the same magazine.
 * A magazine on neither stack belongs to one thread. The buffers to be returned are in no magazine,
 * so an empty one exists for them.
 *
 * <p>Thread: any; none waits.
 */
public final class SharedDepot implements Depot {

    private final int magazines;
    private final long[] buffers;

    /** The magazine under each, plus 1; 0 at the bottom. */
    private final int[] below;

    private final AtomicLong full = new AtomicLong();
    private final AtomicLong empty = new AtomicLong();

    /**
     * @param region at least {@code count} times {@link Packet#BUFFER_BYTES}, aligned to 64
     * @param count rounded down to whole bulks
     */
    public SharedDepot(Region region, int count) {
        magazines = count / BULK;
        buffers = BufferPool.initialise(region, magazines * BULK);
        below = new int[magazines];
        // The lowest address ends on top.
        for (int magazine = magazines - 1; magazine >= 0; magazine--) {
            push(full, magazine);
        }
    }

    private void push(AtomicLong stack, int magazine) {
        while (true) {
            long head = stack.get();
            below[magazine] = (int) head;
            if (stack.compareAndSet(head, next(head, magazine + 1))) {
                return;
            }
        }
    }

    /** The magazine on top, or -1. */
    private int pop(AtomicLong stack) {
        while (true) {
            long head = stack.get();
            int magazine = (int) head - 1;
            // The successor is read before it is known whether the magazine is still on top.
            if (magazine < 0 || stack.compareAndSet(head, next(head, below[magazine]))) {
                return magazine;
            }
        }
    }

    private static long next(long head, int top) {
        return (head >>> 32) + 1 << 32 | top;
    }

    @Override
    public boolean take(long[] packets, int from) {
        int magazine = pop(full);
        if (magazine < 0) {
            return false;
        }
        System.arraycopy(buffers, magazine * BULK, packets, from, BULK);
        push(empty, magazine);
        return true;
    }

    @Override
    public void give(long[] packets, int from) {
        int magazine = pop(empty);
        System.arraycopy(packets, from, buffers, magazine * BULK, BULK);
        push(full, magazine);
    }

    @Override
    public int size() {
        return buffers.length;
    }

    @Override
    public int available() {
        int count = 0;
        int magazine = (int) full.get() - 1;
        while (magazine >= 0 && count < magazines) {
            count++;
            magazine = below[magazine] - 1;
        }
        return count * BULK;
    }
}
