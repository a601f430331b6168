package floof.engine;

/** Puts a worker to sleep until a port has packets or another thread wakes it. */
public interface Waiter {

    /** Never sleeps. */
    Waiter AWAKE =
            new Waiter() {
                @Override
                public void await(int timeoutMs) {}

                @Override
                public void wake() {}

                @Override
                public void watch(PortEnd end) {}

                @Override
                public void forget(PortEnd end) {}
            };

    /**
     * Sleeps until a watched port is readable, {@link #wake} was called since the last return, or
     * the time is up; may return early. Allocates nothing. Thread: the worker.
     */
    void await(int timeoutMs);

    /** Ends the current sleep or, if there is none, the next one. Thread: any. */
    void wake();

    /** Adds the end's {@link PortEnd#descriptors} to the watched ones. Thread: the worker. */
    void watch(PortEnd end);

    /** Removes a watched end; called before its port is closed. Thread: the worker. */
    void forget(PortEnd end);
}
