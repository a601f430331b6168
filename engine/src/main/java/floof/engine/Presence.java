package floof.engine;

/** What a worker tells those who change its tables about where it stands. Thread: the worker. */
public interface Presence {

    /** It begins, or wakes: from now on it may look at tables. */
    void online();

    /** Between two cycles: it holds nothing that it read from a table. */
    void quiescent();

    /** It sleeps or ends: it holds nothing until it is online again. */
    void offline();
}
