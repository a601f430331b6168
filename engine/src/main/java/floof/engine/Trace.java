package floof.engine;

import floof.memory.Memory;
import floof.memory.Region;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The paths of the next N packets: each node that a packet visited, the exit that it took, and the
 * packet's content at that point. Records are in preallocated memory.
 *
 * <pre>
 * record: 0 u32 entries used   4 u32 input port   8 i64 time received (ns)   96 .. ENTRIES_MAX entries
 * entry:  0 u32 node           4 i32 exit, -1 = the packet ends here         8 .. 95 the {@link Format}'s
 * </pre>
 *
 * <p>Thread: the worker writes; readers see whole entries (counts are released after what they
 * count).
 */
public final class Trace {

    /** Packets kept at most. */
    public static final int RECORDS_MAX = 1000;

    /** Nodes kept per packet; no path through the graph is longer. */
    static final int ENTRIES_MAX = 15;

    private static final int ENTRY_BYTES = 96;
    private static final int ENTRY_HEADER_BYTES = 8;
    private static final int RECORD_BYTES = ENTRY_BYTES * (1 + ENTRIES_MAX);

    /** What the trace keeps of a packet at each node, and how to print it. */
    public interface Format {

        /** Bytes a format may write at {@code entry}. */
        int BYTES = ENTRY_BYTES - ENTRY_HEADER_BYTES;

        /** Thread: the worker. */
        void capture(long packet, long entry);

        /**
         * Appends what differs from {@code before}; nothing if nothing changed.
         *
         * @param before the entry of the node before; 0 = this is the first
         */
        void describe(long entry, long before, StringBuilder text);
    }

    private static final VarHandle USED;

    static {
        try {
            USED = MethodHandles.lookup().findVarHandle(Trace.class, "used", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Region region;
    private final Format format;

    @SuppressWarnings("UnusedVariable") // written through USED
    private int used;

    private int limit;

    public Trace(Format format) {
        this.format = format;
        region = Memory.allocate("packet trace", (long) RECORDS_MAX * RECORD_BYTES, 64);
    }

    /** Clears the trace and traces the next {@code count} packets. Thread: the worker. */
    public void start(int count) {
        USED.setRelease(this, 0);
        limit = Math.min(count, RECORDS_MAX);
    }

    /** Whether packets are still wanted; asked once per frame received. */
    boolean isWanted() {
        return used < limit;
    }

    /** Marks packets of a received frame from {@code from} on, as many as are still wanted. */
    public void mark(Frame frame, int from, int port, long timeNs) {
        for (int i = from; i < frame.count && used < limit; i++) {
            long record = record(used);
            Memory.putInt(record + 4, port);
            Memory.putLong(record + 8, timeNs);
            Memory.putIntRelease(record, 0);
            Packet.setAdjacency(frame.packets[i], 0); // not that of an earlier packet
            Packet.setTraced(frame.packets[i], used);
            USED.setRelease(this, used + 1);
            frame.traced = true;
        }
    }

    /**
     * Adds an entry for each traced packet of a frame that a node has just processed or is about to
     * end.
     */
    void add(Frame frame, int node, boolean ends) {
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            if (!Packet.isTraced(packet)) {
                continue;
            }
            long record = record(Packet.traceRecord(packet));
            int count = Memory.getInt(record);
            if (count < ENTRIES_MAX) {
                long entry = record + (long) ENTRY_BYTES * (1 + count);
                Memory.putInt(entry, node);
                Memory.putInt(entry + 4, ends ? -1 : frame.exits[i]);
                format.capture(packet, entry + ENTRY_HEADER_BYTES);
                Memory.putIntRelease(record, count + 1);
            }
        }
    }

    private long record(int index) {
        return region.address() + (long) index * RECORD_BYTES;
    }

    /**
     * The path of a packet.
     *
     * @param timeNs {@link System#nanoTime} when it was received
     * @param lines the first names the input, then there is one per node
     */
    public record Way(long timeNs, List<String> lines) {}

    /**
     * The traced packets in order, a line per node. Thread: any.
     *
     * @param portName of a port's number
     */
    public List<Way> ways(Graph graph, IntFunction<String> portName) {
        List<Way> ways = new ArrayList<>();
        int end = (int) USED.getAcquire(this);
        for (int i = 0; i < end; i++) {
            long record = record(i);
            int entries = Memory.getIntAcquire(record);
            List<String> way = new ArrayList<>();
            way.add("received on " + portName.apply(Memory.getInt(record + 4)));
            long before = 0;
            for (int e = 0; e < entries; e++) {
                long entry = record + (long) ENTRY_BYTES * (1 + e);
                Graph.Place node = graph.place(Memory.getInt(entry));
                int exit = Memory.getInt(entry + 4);
                StringBuilder said = new StringBuilder();
                format.describe(entry + ENTRY_HEADER_BYTES, before, said);
                way.add(
                        node.name()
                                + (said.isEmpty() ? "" : ": " + said)
                                + (exit < 0 ? "" : " -> " + node.exits().get(exit)));
                before = entry + ENTRY_HEADER_BYTES;
            }
            ways.add(new Way(Memory.getLong(record + 8), way));
        }
        return ways;
    }
}
