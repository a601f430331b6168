package floof.dataplane;

import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Graph;
import floof.engine.Graph.Place;
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

    /**
     * All workers have the same nodes: hand-over names them by index. The exits of a node stand in
     * the order in which the node numbers them.
     */
    public static Graph build(
            TableView view,
            PortTable ports,
            BufferPool pool,
            CycleClock clock,
            Trace trace,
            HandOver handOver) {
        List<Place> nodes = new ArrayList<>();
        Node spread = new ReceiveSpreadNode(view, handOver, nodes.size() + 1);
        nodes.add(place(SPREAD_INPUT, spread, DEVICE_INPUT, "hand-over"));
        nodes.add(place(DEVICE_INPUT, new EthernetInputNode(view), "ip4-input", "ip6-input"));
        nodes.add(place("ip4-input", new Ip4InputNode(), "ip4-lookup"));
        nodes.add(place("ip6-input", new Ip6InputNode(), "ip6-lookup"));
        nodes.add(place("ip4-lookup", new Ip4LookupNode(view), "ip4-rewrite"));
        nodes.add(place("ip6-lookup", new Ip6LookupNode(view), "ip6-rewrite"));
        nodes.add(place("ip4-rewrite", new Ip4RewriteNode(view), "port-output"));
        nodes.add(place("ip6-rewrite", new Ip6RewriteNode(view), "port-output"));
        nodes.add(place(TWIN_INPUT, new TwinInputNode(view), "port-output"));
        nodes.add(new Place("hand-over", new HandOverNode(handOver)));
        Node output = new PortOutputNode(view, ports, pool, handOver, nodes.size());
        nodes.add(new Place("port-output", output));
        Node exception = new ExceptionNode(view, clock);
        nodes.add(new Place("exception", exception, List.of("twin-output", "drop")));
        nodes.add(new Place("twin-output", new TwinOutputNode(view, ports, pool)));
        nodes.add(new Place("drop", new DropNode(view, pool)));
        return new Graph(nodes, trace, System::nanoTime);
    }

    /**
     * @param own exits besides exception and drop
     */
    private static Place place(String name, Node node, String... own) {
        return new Place(name, node, Verdict.exits(own));
    }
}
