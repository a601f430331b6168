package floof.dataplane;

import floof.base.Reason;
import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Counters;

/**
 * Counts packets under their reason and frees their buffers. A packet with an exception reason has
 * exceeded its rate. Thread: worker.
 */
public final class DropNode implements Node {

    private final TableView view;
    private final BufferPool pool;
    private final int[] counters;

    public DropNode(TableView view, BufferPool pool) {
        this.view = view;
        this.pool = pool;
        Reason[] reasons = Reason.values();
        counters = new int[reasons.length];
        for (Reason reason : reasons) {
            counters[reason.ordinal()] = reason.isDrop() ? Counters.PASSED : Counters.POLICED;
        }
    }

    @Override
    public void process(Frame frame) {
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            int reason = Packet.reason(packet);
            view.countDrops(reason, counters[reason], Packet.input(packet), 1);
            pool.give(packet);
        }
    }
}
