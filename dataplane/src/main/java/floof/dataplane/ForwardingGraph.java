package floof.dataplane;

import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Graph;
import floof.engine.Node;
import floof.engine.Trace;
import floof.tables.Tables;
import java.util.List;

/** The graph of a worker, put together. */
public final class ForwardingGraph {

    /** Where frames from devices enter. */
    public static final String DEVICE_INPUT = "ethernet-input";

    /** Where frames from twins enter. */
    public static final String TWIN_INPUT = "twin-input";

    private ForwardingGraph() {}

    /**
     * @param worker its number, by which it counts in the shared tables
     */
    public static Graph build(
            Tables tables,
            int worker,
            PortTable ports,
            BufferPool pool,
            CycleClock clock,
            Trace trace) {
        List<Node> nodes =
                List.of(
                        new EthernetInputNode(tables, worker),
                        new Ip4InputNode(),
                        new Ip6InputNode(),
                        new Ip4LookupNode(tables),
                        new Ip6LookupNode(tables),
                        new Ip4RewriteNode(tables, worker),
                        new Ip6RewriteNode(tables, worker),
                        new TwinInputNode(tables, worker),
                        new PortOutputNode(tables, worker, ports, pool),
                        new ExceptionNode(tables, worker, ports, pool, clock),
                        new DropNode(tables, worker, pool));
        return new Graph(nodes, trace, System::nanoTime);
    }
}
