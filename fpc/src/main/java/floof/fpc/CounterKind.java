package floof.fpc;

/** Kinds of counters. The ordinal is the number on the wire; new ones go to the end. */
public enum CounterKind {
    INTERFACE,
    REASON,
    ADJACENCY,
    MESSAGE
}
