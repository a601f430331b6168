package floof.tables;

import floof.memory.Memory;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps unlinked memory until no reader can still see it; see {@link Readers}. An entry has the
 * epoch in which it was unlinked. It is due when every slot has a later epoch, or 0, or when the
 * readers' process is gone.
 *
 * <p>Thread: the writer's.
 */
final class Grace {

    /** Advancing makes every worker load a changed line, so one advance serves many entries. */
    private static final int BATCH = 64;

    /** Receives entries that are due. */
    interface Disposal {
        void dispose(int kind, int what, int size);
    }

    private final long base;
    private final Layout layout;
    private final BooleanSupplier readersAlive;
    private final Disposal disposal;

    /** A ring of entries: epoch, then {@code what} and {@code kind, size} in one long each. */
    private long[] ring = new long[3 * 256];

    private int head;
    private int count;
    private int sinceAdvance;
    private long epoch;

    Grace(long base, Layout layout, BooleanSupplier readersAlive, Disposal disposal) {
        this.base = base;
        this.layout = layout;
        this.readersAlive = readersAlive;
        this.disposal = disposal;
        epoch = Memory.getLong(base + Header.EPOCH);
    }

    int waiting() {
        return count;
    }

    void add(int kind, int what, int size) {
        if (3 * (count + 1) > ring.length) {
            long[] grown = Arrays.copyOf(ring, 2 * ring.length);
            // Move the wrapped part behind the old end.
            System.arraycopy(ring, 0, grown, ring.length, head);
            ring = grown;
        }
        int at = (head + 3 * count) % ring.length;
        ring[at] = epoch;
        ring[at + 1] = what;
        ring[at + 2] = (long) kind << 32 | size;
        count++;
        sinceAdvance++;
    }

    /** Disposes of due entries, if there are enough to be worth it. */
    void poll() {
        if (sinceAdvance >= BATCH) {
            reclaim();
        }
    }

    /** Disposes of due entries; never waits. */
    void reclaim() {
        if (count == 0) {
            return;
        }
        if (sinceAdvance > 0) {
            advance();
        }
        Memory.fullFence();
        long oldest = oldestReader();
        while (count > 0 && ring[head] < oldest) {
            long kindAndSize = ring[head + 2];
            int what = (int) ring[head + 1];
            head = (head + 3) % ring.length;
            count--;
            disposal.dispose((int) (kindAndSize >>> 32), what, (int) kindAndSize);
        }
    }

    private void advance() {
        epoch++;
        sinceAdvance = 0;
        Memory.putLongVolatile(base + Header.EPOCH, epoch);
    }

    private long oldestReader() {
        if (!readersAlive.getAsBoolean()) {
            return Long.MAX_VALUE;
        }
        long oldest = Long.MAX_VALUE;
        for (int worker = 0; worker < layout.limits.workers(); worker++) {
            long seen =
                    Memory.getLongVolatile(
                            base + layout.readers + (long) worker * Readers.SLOT_BYTES);
            if (seen != 0) {
                oldest = Math.min(oldest, seen);
            }
        }
        return oldest;
    }

    /** Waits until every reader has passed; false if one has not after {@code timeoutMs}. */
    boolean await(long timeoutMs) {
        advance();
        Memory.fullFence();
        long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000;
        boolean passed;
        do {
            passed = oldestReader() >= epoch;
            if (!passed) {
                LockSupport.parkNanos(50_000);
            }
        } while (!passed && System.nanoTime() - deadlineNs < 0);
        reclaim();
        return passed;
    }
}
