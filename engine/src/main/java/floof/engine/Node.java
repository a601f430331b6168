package floof.engine;

import java.util.List;

/**
 * A step of the packets' way: a final class that owns its loop. Called once per frame; inside,
 * static functions over primitives only.
 *
 * <p>Thread: its worker.
 */
public interface Node {

    /** Name as operators see it: {@code ip4-lookup}. */
    String name();

    /**
     * Its exits, each by the name of the node it leads to; the number a packet gets is the index
     * here. Empty: packets end here, in a port or in the pool.
     */
    List<String> exits();

    /**
     * Writes the exit of every packet into {@link Frame#exits}; or, without exits, hands them on.
     */
    void process(Frame frame);
}
