package floof.engine;

/**
 * A step of the packet path: a final class that owns its loop. It is called once per frame; inside
 * the loop it uses only static functions over primitives.
 *
 * <p>Thread: its worker.
 */
public interface Node {

    /**
     * Writes the exit of every packet into {@link Frame#exits}, as an index into the exits of its
     * {@link Graph.Place}; a node without exits disposes of them.
     */
    void process(Frame frame);
}
