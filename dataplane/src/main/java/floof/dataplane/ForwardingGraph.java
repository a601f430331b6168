package floof.dataplane;

import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Graph;
import floof.engine.HandOver;
import floof.engine.Node;
import floof.engine.Trace;
import java.util.ArrayList;
import java.util.List;

/** Assembles the graph of a worker. */
public final class ForwardingGraph {

    /** Entry node for frames from devices. */
    public static final String DEVICE_INPUT = "ethernet-input";

    /** Entry node for frames from twins. */
    public static final String TWIN_INPUT = "twin-input";

    /** Entry node for frames from devices whose receive queue all workers share. */
    public static final String SPREAD_INPUT = "receive-spread";

    private ForwardingGraph() {}

    /** All workers have the same nodes: hand-over names them by index. */
    public static Graph build(
            TableView view,
            PortTable ports,
            BufferPool pool,
            CycleClock clock,
            Trace trace,
            HandOver handOver) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(new ReceiveSpreadNode(view, handOver, nodes.size() + 1));
        nodes.add(new EthernetInputNode(view));
        nodes.add(new Ip4InputNode());
        nodes.add(new Ip6InputNode());
        nodes.add(new Ip4LookupNode(view));
        nodes.add(new Ip6LookupNode(view));
        nodes.add(new Ip4RewriteNode(view));
        nodes.add(new Ip6RewriteNode(view));
        nodes.add(new TwinInputNode(view));
        nodes.add(new HandOverNode(handOver));
        nodes.add(new PortOutputNode(view, ports, pool, handOver, nodes.size()));
        nodes.add(new ExceptionNode(view, clock));
        nodes.add(new TwinOutputNode(view, ports, pool));
        nodes.add(new DropNode(view, pool));
        return new Graph(nodes, trace, System::nanoTime);
    }
}
