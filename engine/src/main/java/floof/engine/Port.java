package floof.engine;

/**
 * Where packets come in and go out: a device, a TAP, a generator. Owns the buffers between {@code
 * transmit} and the pool.
 *
 * <p>Thread: its worker, but for the counters, which anybody may read.
 */
public interface Port extends AutoCloseable {

    /** Number by which tables and packets name it; the same in control and fast path. */
    int index();

    String name();

    /**
     * Receives what is there, at most {@code max} packets, and appends them to the frame: data,
     * length, chain, {@code virtio_net_hdr} and port set, other metadata cleared. What cannot be
     * received (no buffer, too long, too short) is counted, never thrown.
     *
     * @return how many
     */
    int receive(Frame frame, int max);

    /**
     * Sends the packets and gives their buffers back, sent or not.
     *
     * @return how many the device took
     */
    int transmit(long[] packets, int count);

    /** A descriptor that becomes readable when packets wait, or -1: then it must be polled. */
    int descriptor();

    /** Whether what is sent can arrive: the device is up and has carrier. Thread: any. */
    default boolean isUp() {
        return true;
    }

    /** Counters, cumulative; see {@link PortCounter}. */
    long counter(PortCounter counter);

    /** Closes the device; buffers it still holds go back to the pool. */
    @Override
    void close();
}
