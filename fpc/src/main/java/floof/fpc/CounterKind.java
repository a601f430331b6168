package floof.fpc;

/** Kinds of counters. The ordinal is the number on the wire; new ones go to the end. */
public enum CounterKind {
    INTERFACE,
    REASON,
    ADJACENCY,
    MESSAGE,
    /** Packets by worker, of the manager. */
    WORKER,
    /** Cycles of the loop by worker, of the fast path. */
    CYCLE,
    /** Pauses by worker and cause, of the fast path. */
    PAUSE,
    /** Counters of the ports' drivers, by port, of the fast path. */
    PORT,
    /** Discarded packets, by interface (rows) and reason (columns), of the manager. */
    DROP
}
