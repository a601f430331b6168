package floof.engine;

/**
 * Where packets come in and go out: a device, a TAP, a generator. Every worker has an {@link
 * PortEnd end} of its own, so that no two share anything on a packet's way.
 *
 * <p>Thread: any but a worker's.
 */
public interface Port extends AutoCloseable {

    /** Number by which tables and packets name it; the same in control and fast path. */
    int index();

    String name();

    /** The end of a worker, 0 to one less than there are workers; the same one each time. */
    PortEnd end(int worker);

    /** Whether what is sent can arrive: the device is up and has carrier. */
    default boolean isUp() {
        return true;
    }

    /** Counters of all ends, cumulative; see {@link PortCounter}. */
    long counter(PortCounter counter);

    /** Closes the device; after every worker has let go of its end. */
    @Override
    void close();
}
