package floof.fpc;

/** A node's work in one worker since the start; clocks are those of the time stamp counter. */
public record NodeState(int worker, String name, long calls, long packets, long clocks) {
    public NodeState {
        Check.index("NODES.nodes[].worker", worker);
        Check.text("NODES.nodes[].name", name, 64);
    }
}
