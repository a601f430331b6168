package floof.engine;

/**
 * A source and sink of packets: a device, a TAP, a generator. Every worker has its own {@link
 * PortEnd end}, so that workers share nothing on the packet path.
 *
 * <p>Thread: any but a worker's.
 */
public interface Port extends AutoCloseable {

    /** The port's number in tables and packets; control plane and fast path use the same one. */
    int index();

    String name();

    /** The end of a worker, from 0 to one less than the number of workers; always the same one. */
    PortEnd end(int worker);

    /** Whether the port can send: the device is up and has carrier. */
    default boolean isUp() {
        return true;
    }

    /** Counters of all ends, cumulative; see {@link PortCounter}. */
    long counter(PortCounter counter);

    /** Closes the device; called after every worker has released its end. */
    @Override
    void close();
}
