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

    /** Names of its exits; the number a packet gets is the index here. Empty: packets end here. */
    List<String> exits();

    /**
     * Decides the exit of every packet. A node without exits has handed every packet on (to a port,
     * to the pool) when it returns.
     */
    void process(Frame frame);

    /**
     * Describes what was decided, for {@code show trace}.
     *
     * @param entry address of {@link Trace#ENTRY_DATA_BYTES} bytes the node has written
     */
    default void describe(long entry, StringBuilder text) {}
}
