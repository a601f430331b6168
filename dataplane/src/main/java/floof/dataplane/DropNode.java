package floof.dataplane;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Counters;
import floof.tables.Tables;
import java.util.List;

/** Counts packets under their reason and gives their buffers back. Thread: worker. */
public final class DropNode implements Node {

    private final Tables tables;
    private final int worker;
    private final BufferPool pool;

    public DropNode(Tables tables, int worker, BufferPool pool) {
        this.tables = tables;
        this.worker = worker;
        this.pool = pool;
    }

    @Override
    public String name() {
        return "drop";
    }

    @Override
    public List<String> exits() {
        return List.of();
    }

    @Override
    public void process(Frame frame) {
        long row = tables.reasonCounters(worker);
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            Counters.add(Counters.reason(row, Packet.reason(packet)) + Counters.PASSED, 1);
            Counters.add(
                    tables.interfaceCounters(worker, Packet.input(packet)) + Counters.DROPPED, 1);
            pool.give(packet);
        }
    }
}
