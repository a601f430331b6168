package floof.fpc;

/** What a node did in a worker since the start; clocks of the processor's time stamp. */
public record NodeState(int worker, String name, long calls, long packets, long clocks) {
    public NodeState {
        Check.index("NODES.nodes[].worker", worker);
        Check.text("NODES.nodes[].name", name, 64);
    }
}
