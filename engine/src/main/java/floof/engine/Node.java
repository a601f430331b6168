package floof.engine;

import java.util.List;

/**
 * A step of the packet path: a final class that owns its loop. It is called once per frame; inside
 * the loop it uses only static functions over primitives.
 *
 * <p>Thread: its worker.
 */
public interface Node {

    /** Name for operators: {@code ip4-lookup}. */
    String name();

    /**
     * Its exits, each by the name of the node to which it leads. A packet's exit is an index into
     * this list. Empty: packets end here, in a port or in the pool.
     */
    default List<String> exits() {
        return List.of();
    }

    /**
     * Writes the exit of every packet into {@link Frame#exits}; a node without exits disposes of
     * them.
     */
    void process(Frame frame);
}
