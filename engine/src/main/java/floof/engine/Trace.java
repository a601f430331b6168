package floof.engine;

import floof.memory.Memory;
import floof.memory.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * The ways of the next N packets: every node a packet visited and what it decided. Records lie in
 * preallocated memory.
 *
 * <pre>
 * record: 0 u32 entries used   4 u32 input port   8 i64 time received (ns)   then ENTRIES_MAX entries of 64 bytes
 * entry:  0 u32 node           8 .. 63 the node's own, {@link Node#describe}
 * </pre>
 *
 * <p>Thread: the worker writes; readers see whole entries (the count is released after the entry).
 */
public final class Trace {

    /** Packets kept at most. */
    public static final int RECORDS_MAX = 1000;

    /** Nodes of one packet's way kept at most: the longest way in the graph is shorter. */
    public static final int ENTRIES_MAX = 15;

    /** What a node may write of its own. */
    public static final int ENTRY_DATA_BYTES = 56;

    private static final int ENTRY_BYTES = 64;
    private static final int RECORD_BYTES = 64 + ENTRIES_MAX * ENTRY_BYTES;

    private final Region region;
    private int used;
    private int limit;

    public Trace() {
        region = Memory.allocate("packet trace", (long) RECORDS_MAX * RECORD_BYTES, 64);
    }

    /** Forgets what was traced and traces the next {@code count} packets. Thread: the worker. */
    public void start(int count) {
        used = 0;
        limit = Math.min(count, RECORDS_MAX);
    }

    /** Whether packets are still wanted; asked once per frame received. */
    public boolean isWanted() {
        return used < limit;
    }

    /** Marks the first packets of a received frame, as many as are wanted. */
    public void mark(Frame frame, int port, long timeNs) {
        for (int i = 0; i < frame.count && used < limit; i++) {
            long record = record(used);
            Memory.putInt(record + 4, port);
            Memory.putLong(record + 8, timeNs);
            Memory.putIntRelease(record, 0);
            Packet.setTraced(frame.packets[i], used++);
            frame.traced = true;
        }
    }

    /**
     * Begins an entry of a traced packet.
     *
     * @return where the node writes its {@link #ENTRY_DATA_BYTES}, or 0 when the record is full;
     *     then {@link #end} is not called
     */
    public long begin(long packet, int node) {
        long record = record(Packet.traceRecord(packet));
        int count = Memory.getInt(record);
        if (count == ENTRIES_MAX) {
            return 0;
        }
        long entry = record + 64 + (long) count * ENTRY_BYTES;
        Memory.putInt(entry, node);
        return entry + ENTRY_BYTES - ENTRY_DATA_BYTES;
    }

    /** Makes the entry begun last visible. */
    public void end(long packet) {
        long record = record(Packet.traceRecord(packet));
        Memory.putIntRelease(record, Memory.getInt(record) + 1);
    }

    private long record(int index) {
        return region.address() + (long) index * RECORD_BYTES;
    }

    /** One text per traced packet, a line per node. Thread: any. */
    public List<String> texts(Graph graph) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < used; i++) {
            long record = record(i);
            int entries = Memory.getIntAcquire(record);
            StringBuilder text = new StringBuilder();
            text.append("packet ").append(i).append(", port ").append(Memory.getInt(record + 4));
            for (int e = 0; e < entries; e++) {
                long entry = record + 64 + (long) e * ENTRY_BYTES;
                Node node = graph.node(Memory.getInt(entry));
                text.append('\n').append(node.name()).append(": ");
                node.describe(entry + ENTRY_BYTES - ENTRY_DATA_BYTES, text);
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
