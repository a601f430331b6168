package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Counters;
import floof.tables.Tables;

/**
 * Sends frames that Linux wrote to a twin out of the port, unchanged: Linux has routed them,
 * decremented their TTL and resolved their next hop. Thread: worker.
 */
public final class TwinInputNode implements Node {

    private static final int TRUNCATED = Verdict.of(Reason.TRUNCATED);

    private final TableView view;

    public TwinInputNode(TableView view) {
        this.view = view;
    }

    @Override
    public void process(Frame frame) {
        Tables tables = view.tables;
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            // A twin shares the index of its port.
            int iface = tables.interfaceOfPort(view.generation, Packet.port(packet));
            Packet.setInput(packet, iface, 0);
            Packet.setOutput(packet, iface);
            view.countInterface(iface, Counters.FROM_LINUX, 1);
            boolean isWhole = Packet.length(packet) >= EthernetInputNode.HEADER_BYTES;
            frame.exits[i] = Verdict.exit(isWhole ? Verdict.NEXT : TRUNCATED, packet);
        }
    }
}
