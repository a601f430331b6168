package floof.engine;

/** How a worker sleeps until a port has packets or somebody wants it. */
public interface Waiter {

    /**
     * Sleeps until a watched port is readable, {@link #wake} was called since the last return, or
     * the time is over; may return early. Allocates nothing. Thread: the worker.
     */
    void await(int timeoutMs);

    /** Ends the sleep, the current or the next. Thread: any. */
    void wake();

    /** Counts the end's {@link PortEnd#descriptors} among the watched. Thread: the worker. */
    void watch(PortEnd end);

    /** Forgets a watched end; before its port is closed. Thread: the worker. */
    void forget(PortEnd end);
}
