package floof.api.fastpath;

import java.util.List;

/**
 * The way of one packet through the graph.
 *
 * @param number ascending since the trace began
 */
public record PacketTrace(int number, int worker, List<Step> steps) {

    public PacketTrace {
        steps = List.copyOf(steps);
    }

    /** A node the packet visited and what that decided. */
    public record Step(String node, String text) {}
}
