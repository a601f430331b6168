package floof.ports;

import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.Node;
import floof.engine.PortEnd;
import floof.engine.Trace;
import java.util.List;

/** A node that ends packets by sending them. */
record Outlet(PortEnd end) implements Node {

    /** A trace that keeps nothing of a packet. */
    static Trace trace() {
        return new Trace(
                new Trace.Format() {
                    @Override
                    public void capture(long packet, long entry) {}

                    @Override
                    public void describe(long entry, long before, StringBuilder text) {}
                });
    }

    /** A graph of nothing else. */
    static Graph graph(PortEnd end, Trace trace) {
        Graph.Place only = new Graph.Place("outlet", new Outlet(end));
        return new Graph(List.of(only), trace, System::nanoTime);
    }

    @Override
    public void process(Frame frame) {
        end.transmit(frame.packets, frame.count);
    }
}
