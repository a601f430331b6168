package floof.fpc;

/**
 * States of a neighbour (NUD_, linux/neighbour.h). The ordinal is the number on the wire; new ones
 * go to the end.
 */
public enum NeighbourState {
    REACHABLE,
    STALE,
    DELAY,
    PROBE,
    PERMANENT,
    NOARP
}
