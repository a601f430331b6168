package floof.engine;

/** How a worker reports its state to the threads that change its tables. Thread: the worker. */
public interface Presence {

    /** It starts or wakes: from now on it may read tables. */
    void online();

    /** It is between two cycles: it holds nothing from a table. */
    void quiescent();

    /** It sleeps or ends: it holds nothing from a table until it is online again. */
    void offline();
}
