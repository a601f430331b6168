package floof.engine;

/**
 * The free buffers that all workers of a process share, exchanged in bulks of {@link #BULK}. Only
 * {@link BufferPool} calls it, when its own stack is empty or full. That happens once in dozens of
 * packets, so the call may go through an interface or into another library.
 *
 * <p>A buffer in the depot is free by DPDK's rules (refcnt 1, no successor, one segment, data_off
 * at the headroom). Both sides rely on that.
 *
 * <p>Thread: any.
 */
public interface Depot {

    /** Buffers per exchange. */
    int BULK = 64;

    /**
     * Takes {@link #BULK} free buffers, or none if fewer are free.
     *
     * @param packets receives their addresses from index {@code from} on
     * @return whether there were enough
     */
    boolean take(long[] packets, int from);

    /** Returns {@link #BULK} free buffers, from index {@code from} on. They always fit. */
    void give(long[] packets, int from);

    /** All buffers, free or in use. */
    int size();

    /** Free buffers in the depot; approximate, as others take and return buffers meanwhile. */
    int available();
}
