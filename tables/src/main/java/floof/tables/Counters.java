package floof.tables;

import floof.base.Reason;
import floof.memory.Memory;
import java.util.function.IntToLongFunction;

/**
 * Rows of counters, one set per worker so that none is shared, each starting at a multiple of 128
 * bytes. The worker adds with plain stores; other threads read in opaque mode and sum over workers.
 * All u64.
 *
 * <p>Only the worker ever writes its counters, so no sum over them decreases. An interface that
 * takes the index of a former one starts at that one's counts: an additional row, written by the
 * table writer, has the sums of that moment. The same holds for an interface's drops.
 *
 * <pre>
 * interface:  0 received packets   8 received bytes   16 sent packets   24 sent bytes
 *            32 received from Linux on the twin       40 received, handed to Linux
 *            48 discarded, received here or not sent  56 reserved
 * reason:     0 passed or dropped packets             8 policed packets; one pair per ordinal
 * drops:      discarded for a reason, of one interface; one per ordinal
 * adjacency:  0 packets            8 bytes
 * </pre>
 *
 * Thread: add by the row's worker; read by any.
 */
public final class Counters {

    public static final int RX_PACKETS = 0;
    public static final int RX_BYTES = 8;
    public static final int TX_PACKETS = 16;
    public static final int TX_BYTES = 24;
    public static final int FROM_LINUX = 32;
    public static final int EXCEPTED = 40;
    public static final int DROPPED = 48;
    static final int INTERFACE_BYTES = 64;

    /** Reasons per row. */
    static final int REASONS = 64;

    public static final int PASSED = 0;
    public static final int POLICED = 8;
    private static final int REASON_BYTES = 16;
    static final int REASON_ROW_BYTES = REASONS * REASON_BYTES;

    /** An interface's drops of one worker, in whole cache lines. */
    static final int DROP_ROW_BYTES = Reason.values().length * Long.BYTES + 63 & -64;

    public static final int PACKETS = 0;
    public static final int BYTES = 8;
    static final int ADJACENCY_BYTES = 16;

    private Counters() {}

    /** Adds to the counter at an address. */
    public static void add(long address, long amount) {
        Memory.putLong(address, Memory.getLong(address) + amount);
    }

    /** Address of a reason's pair in a worker's row. */
    public static long reason(long row, int ordinal) {
        return row + (long) ordinal * REASON_BYTES;
    }

    /** Address of an interface's drops for a reason in its row. */
    public static long drop(long row, int ordinal) {
        return row + (long) ordinal * Long.BYTES;
    }

    /** Address of an adjacency's pair in a worker's row. */
    public static long adjacency(long row, int index) {
        return row + (long) index * ADJACENCY_BYTES;
    }

    /** Sum over workers of one interface's {@code RX_PACKETS} ... {@code DROPPED}. */
    public static long interfaceTotal(Tables tables, int index, int counter) {
        return indexTotal(tables, index, counter) - formerTotal(tables, index, counter);
    }

    /** The same of all interfaces that had the index before, removed by now. */
    public static long formerTotal(Tables tables, int index, int counter) {
        return Memory.getLongOpaque(tables.interfaceStart(index) + counter);
    }

    private static long indexTotal(Tables tables, int index, int counter) {
        return total(
                tables.limits().workers(),
                worker -> tables.interfaceCounters(worker, index) + counter);
    }

    /**
     * Sum over workers of what one interface discarded for a reason. Without any drop the rows are
     * not read: they are large.
     */
    public static long dropTotal(Tables tables, int index, Reason reason) {
        return interfaceTotal(tables, index, DROPPED) == 0
                ? 0
                : indexDrops(tables, index, reason) - formerDrops(tables, index, reason);
    }

    /** The same of all interfaces that had the index before, removed by now. */
    public static long formerDrops(Tables tables, int index, Reason reason) {
        return formerTotal(tables, index, DROPPED) == 0
                ? 0
                : Memory.getLongOpaque(drop(tables.dropsStart(index), reason.ordinal()));
    }

    private static long indexDrops(Tables tables, int index, Reason reason) {
        return total(
                tables.limits().workers(),
                worker -> drop(tables.drops(worker, index), reason.ordinal()));
    }

    /** Called when another interface takes the index. Thread: the writer's. */
    static void restart(Tables tables, int index) {
        for (int counter = 0; counter < INTERFACE_BYTES; counter += Long.BYTES) {
            Memory.putLongOpaque(
                    tables.interfaceStart(index) + counter, indexTotal(tables, index, counter));
        }
        for (Reason reason : Reason.values()) {
            Memory.putLongOpaque(
                    drop(tables.dropsStart(index), reason.ordinal()),
                    indexDrops(tables, index, reason));
        }
    }

    /** Sum over a worker's interfaces of one of {@code RX_PACKETS} ... {@code DROPPED}. */
    public static long workerTotal(Tables tables, int worker, int counter) {
        return total(
                tables.limits().interfaces(),
                index -> tables.interfaceCounters(worker, index) + counter);
    }

    /** Sum over workers of one reason's {@code PASSED} or {@code POLICED}. */
    public static long reasonTotal(Tables tables, Reason reason, int counter) {
        return total(
                tables.limits().workers(),
                worker -> reason(tables.reasonCounters(worker), reason.ordinal()) + counter);
    }

    /** Sum over workers of one adjacency's {@code PACKETS} or {@code BYTES}. */
    public static long adjacencyTotal(Tables tables, long generation, int index, int counter) {
        return total(
                tables.limits().workers(),
                worker -> adjacency(tables.adjacencyCounters(generation, worker), index) + counter);
    }

    /** The sum of so many rows' counters, by their addresses. */
    private static long total(int rows, IntToLongFunction address) {
        long sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += Memory.getLongOpaque(address.applyAsLong(row));
        }
        return sum;
    }
}
