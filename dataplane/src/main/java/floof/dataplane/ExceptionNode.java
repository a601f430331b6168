package floof.dataplane;

import floof.base.Reason;
import floof.engine.CycleClock;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Adjacency;

/**
 * Polices packets for Linux by reason and port, so that no reason and no port takes all of the
 * rate. Packets for an unresolved neighbour are also policed by next hop. A configured peer has its
 * own share, even if others have used up the rate. Thread: worker.
 */
public final class ExceptionNode implements Node {

    private static final byte PASS = 0;
    private static final byte DROP = 1;
    private static final int UNRESOLVED = Reason.NEIGHBOUR_UNRESOLVED.ordinal();

    private final TableView view;
    private final CycleClock clock;
    private final Policer policer;

    public ExceptionNode(TableView view, CycleClock clock) {
        this.view = view;
        this.clock = clock;
        policer = new Policer(clock.nowNs);
    }

    @Override
    public void process(Frame frame) {
        long nowNs = clock.nowNs;
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            int reason = Packet.reason(packet);
            boolean passes =
                    (reason != UNRESOLVED || policer.admitsNextHop(nextHop(packet), nowNs))
                            && (policer.admits(reason, Packet.port(packet), nowNs)
                                    || view.peers.admits(packet, reason, nowNs));
            frame.exits[i] = passes ? PASS : DROP;
        }
    }

    /** A hash of the gateway or, in a connected network, of the destination. */
    private int nextHop(long packet) {
        int index = Packet.adjacency(packet);
        return Adjacency.hasNextHop(view.tables.adjacency(view.generation, index))
                ? FlowHash.of(index)
                : FlowHash.ofDestination(Packet.l3Address(packet));
    }
}
