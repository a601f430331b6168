package floof.dataplane;

import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.tables.Counters;
import floof.tables.Tables;
import java.util.List;

/**
 * Frames that Linux sends on a twin go out of the port as they are: Linux has routed them,
 * decremented their TTL and resolved their next hop. Thread: worker.
 */
public final class TwinInputNode implements Node {

    private final Tables tables;
    private final int worker;

    public TwinInputNode(Tables tables, int worker) {
        this.tables = tables;
        this.worker = worker;
    }

    @Override
    public String name() {
        return "twin-input";
    }

    @Override
    public List<String> exits() {
        return List.of("port-output");
    }

    @Override
    public void process(Frame frame) {
        long generation = tables.generation();
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            // A twin has the index of its port.
            int iface = tables.interfaceOfPort(generation, Packet.port(packet));
            Packet.setInput(packet, iface, 0);
            Packet.setOutput(packet, iface);
            Counters.add(tables.interfaceCounters(worker, iface) + Counters.FROM_LINUX, 1);
            frame.exits[i] = 0;
        }
    }
}
