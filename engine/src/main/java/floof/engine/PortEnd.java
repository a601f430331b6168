package floof.engine;

/**
 * A worker's part of a port: a receive queue and a transmit queue, where the port has them for this
 * worker. Owns the buffers between {@code transmit} and the pool.
 *
 * <p>Thread: its worker; any thread may read the counters.
 */
public interface PortEnd {

    /** Value of {@link #sender}: this end sends itself. */
    int ITSELF = -1;

    /** Number of its port. */
    int index();

    /**
     * Called once, before anything else. A driver does here whatever must run on the worker's own
     * thread.
     */
    default void attached() {}

    /**
     * Called once, after everything else. Returns the buffers that the end still holds to the
     * worker's pool.
     */
    default void detached() {}

    /**
     * Called once after the port is closed and after {@link #detached}. Returns the buffers that
     * the device held until then to the worker's pool.
     */
    default void closed() {}

    /** Whether it has a receive queue; the worker polls no other ends. */
    default boolean isReceiving() {
        return true;
    }

    /**
     * The worker that sends in place of this one, through its own end; or {@link #ITSELF}: only
     * then may {@link #transmit} be called. Never changes.
     */
    default int sender() {
        return ITSELF;
    }

    /**
     * Receives at most {@code max} packets and appends them to the frame. Sets data, length, chain,
     * {@code virtio_net_hdr} and port; clears other metadata. Packets that cannot be received (no
     * buffer, too long, too short) are counted; nothing is thrown.
     *
     * @return how many
     */
    int receive(Frame frame, int max);

    /**
     * Sends the packets and frees their buffers, sent or not.
     *
     * @return how many the device accepted
     */
    int transmit(long[] packets, int count);

    /**
     * A descriptor that becomes readable when packets wait in this end's queue, or -1: then it must
     * be polled. Never changes.
     */
    default int descriptor() {
        return -1;
    }

    /** All descriptors, if the end has several queues. Empty for none. */
    default int[] descriptors() {
        int descriptor = descriptor();
        return descriptor == -1 ? new int[0] : new int[] {descriptor};
    }

    /**
     * The worker is about to sleep: from now on arriving packets make {@link #descriptor} readable.
     *
     * @return whether no packets wait, so that the worker may sleep
     */
    default boolean arm() {
        return true;
    }

    /** Counters of this end, cumulative; see {@link PortCounter}. */
    long counter(PortCounter counter);
}
