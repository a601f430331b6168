package floof.dataplane;

import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Graph;
import floof.engine.Node;
import floof.engine.Trace;
import java.util.List;

/** The graph of a worker, put together. */
public final class ForwardingGraph {

    /** Where frames from devices enter. */
    public static final String DEVICE_INPUT = "ethernet-input";

    /** Where frames from twins enter. */
    public static final String TWIN_INPUT = "twin-input";

    private ForwardingGraph() {}

    public static Graph build(
            TableView view, PortTable ports, BufferPool pool, CycleClock clock, Trace trace) {
        List<Node> nodes =
                List.of(
                        new EthernetInputNode(view),
                        new Ip4InputNode(),
                        new Ip6InputNode(),
                        new Ip4LookupNode(view),
                        new Ip6LookupNode(view),
                        new Ip4RewriteNode(view),
                        new Ip6RewriteNode(view),
                        new TwinInputNode(view),
                        new PortOutputNode(view, ports, pool),
                        new ExceptionNode(view, clock),
                        new TwinOutputNode(view, ports, pool),
                        new DropNode(view, pool));
        return new Graph(nodes, trace, System::nanoTime);
    }
}
