package floof.engine;

/**
 * A worker's part of a port: a receive queue and a way to transmit, where the port has them for it.
 * Owns the buffers between {@code transmit} and the pool.
 *
 * <p>Thread: its worker, but for the counters, which anybody may read.
 */
public interface PortEnd {

    /** It sends itself; see {@link #sender}. */
    int ITSELF = -1;

    /** Number of its port. */
    int index();

    /**
     * Begins: called once, before anything else. What a driver must do on the worker's own thread,
     * it does here.
     */
    default void attached() {}

    /**
     * Ends: called once, after all else. Buffers that the end still holds go back to the worker's
     * pool here.
     */
    default void detached() {}

    /**
     * The port is closed: called once, after {@link #detached}. Buffers that the device held until
     * then go back to the worker's pool here.
     */
    default void closed() {}

    /** Whether it has a receive queue; the worker asks no other for packets. */
    default boolean isReceiving() {
        return true;
    }

    /**
     * The worker that sends for this end's, by its own end, or {@link #ITSELF}: only then may
     * {@link #transmit} be called. The same all the time.
     */
    default int sender() {
        return ITSELF;
    }

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

    /**
     * A descriptor that becomes readable when packets wait in this end's queue, or -1: then it must
     * be polled. The same number all the time.
     */
    int descriptor();

    /** All of them, where there are several: an end of several queues. Empty for none. */
    default int[] descriptors() {
        int descriptor = descriptor();
        return descriptor == -1 ? new int[0] : new int[] {descriptor};
    }

    /**
     * The worker is about to sleep: from now on packets that come make {@link #descriptor}
     * readable.
     *
     * @return whether none wait, so that it may sleep
     */
    default boolean arm() {
        return true;
    }

    /** Counters of this end, cumulative; see {@link PortCounter}. */
    long counter(PortCounter counter);
}
