package floof.tables;

import floof.memory.Memory;

/**
 * Where each worker says in which epoch it works, so that the writer knows when nobody can still
 * see what it unlinked (quiescent-state based reclamation). A slot has a cache line pair of its
 * own: {@code 0 i64 epoch, 0 = asleep or gone}.
 *
 * <p>A worker calls {@link #online} when it begins or wakes, {@link #quiescent} between frames,
 * when it holds no address from a table, and {@link #offline} before it sleeps or ends. The fast
 * path clears all slots when it starts: they are its predecessor's.
 *
 * <p>Why it is enough: the writer unlinks, then reads the slots, with a full fence between. A slot
 * that says a later epoch than the unlinking was stored after the worker had read that epoch, hence
 * after the unlinking was visible to it. {@link #online} has a full fence because it follows a
 * state in which the writer would not wait.
 *
 * <p>Thread: each slot by its worker.
 */
public final class Readers {

    static final int SLOT_BYTES = 128;

    private Readers() {}

    /** From now on this worker may hold addresses from tables. */
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

    /** Voids the slots of a fast path that is gone; before the first worker starts. */
    public static void clear(Tables tables) {
        for (int worker = 0; worker < tables.limits().workers(); worker++) {
            offline(tables, worker);
        }
    }
}
