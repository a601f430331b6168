package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.HandOver;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Counters;

/**
 * Distributes packets from a port's only receive queue among the workers, by flow. Packets of
 * another worker continue at its ethernet-input, as if it had received them. Packets that do not
 * fit there are counted as received and dropped here. Thread: worker.
 *
 * @param next index of ethernet-input
 */
public record ReceiveSpreadNode(TableView view, HandOver handOver, int next) implements Node {

    private static final byte HAND_OVER = Verdict.NEXT + 1; // in the order of ForwardingGraph
    private static final int FULL = Verdict.of(Reason.HAND_OVER_FULL);

    @Override
    public void process(Frame frame) {
        long[] packets = frame.packets;
        byte[] exits = frame.exits;
        int count = frame.count;
        int self = handOver.number();
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            int owner = handOver.owner(FlowOwner.of(packet));
            if (owner == self) {
                exits[i] = Verdict.NEXT;
            } else if (handOver.stage(owner, next, packet)) {
                exits[i] = HAND_OVER;
            } else {
                exits[i] = lost(packet);
            }
        }
    }

    private byte lost(long packet) {
        int iface = view.tables.interfaceOfPort(view.generation, Packet.port(packet));
        Packet.setInput(packet, iface, 0);
        view.countInterface(iface, Counters.RX_PACKETS, 1);
        view.countInterface(iface, Counters.RX_BYTES, Packet.length(packet));
        return Verdict.exit(FULL, packet);
    }
}
