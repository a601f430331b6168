package floof.engine;

/**
 * The free buffers that all workers of a process share, exchanged in bulks of {@link #BULK}. Only
 * {@link BufferPool} calls it, when its own stack runs empty or over: once in dozens of packets, so
 * the call may cost what a call through an interface or into another library costs.
 *
 * <p>A buffer in it is free by DPDK's rules (refcnt 1, no successor, one segment, data_off at the
 * headroom), which both sides may rely on.
 *
 * <p>Thread: any.
 */
public interface Depot {

    /** Buffers that change hands at once. */
    int BULK = 64;

    /**
     * Takes {@link #BULK} free buffers, or none when there are fewer.
     *
     * @param packets gets their addresses from index {@code from} on
     * @return whether there were
     */
    boolean take(long[] packets, int from);

    /** Gives {@link #BULK} free buffers back, those from index {@code from} on; there is room. */
    void give(long[] packets, int from);

    /** All buffers, free or in use. */
    int size();

    /** Free ones that lie here, about, as others take and give meanwhile. */
    int available();
}
