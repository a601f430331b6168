package floof.tables;

import floof.memory.Memory;

/**
 * Publishes the epoch in which each worker works, so that the writer knows when no reader can still
 * see unlinked memory (quiescent-state based reclamation). Each slot has its own pair of cache
 * lines: {@code 0 i64 epoch, 0 = asleep or gone}.
 *
 * <p>A worker calls {@link #online} when it begins or wakes, {@link #quiescent} between frames,
 * when it holds no address from a table, and {@link #offline} before it sleeps or ends. A new fast
 * path clears all slots, which belong to its predecessor.
 *
 * <p>Why this suffices: the writer unlinks, then reads the slots, with a full fence in between. If
 * a slot has a later epoch than the unlinking, the worker stored it after reading that epoch, so
 * the unlinking was already visible to it. {@link #online} has a full fence because it follows a
 * state in which the writer would not wait.
 *
 * <p>Thread: the worker of the slot.
 */
public final class Readers {

    static final int SLOT_BYTES = 128;

    private Readers() {}

    /** This worker may hold addresses from tables from now on. */
    public static void online(Tables tables, int worker) {
        long slot = tables.readerSlot(worker);
        Memory.putLongVolatile(slot, Memory.getLongAcquire(tables.base() + Header.EPOCH));
        Memory.fullFence();
    }

    /** This worker holds no address from a table at this moment. Costs two loads and a store. */
    public static void quiescent(Tables tables, int worker) {
        Memory.putLongRelease(
                tables.readerSlot(worker), Memory.getLongAcquire(tables.base() + Header.EPOCH));
    }

    /** This worker holds no address from a table until {@link #online}. */
    public static void offline(Tables tables, int worker) {
        Memory.putLongRelease(tables.readerSlot(worker), 0);
    }

    /** Clears the slots of a former fast path; called before the first worker starts. */
    public static void clear(Tables tables) {
        for (int worker = 0; worker < tables.limits().workers(); worker++) {
            offline(tables, worker);
        }
    }
}
