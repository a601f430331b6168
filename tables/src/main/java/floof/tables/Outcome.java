package floof.tables;

/** Result of a table change; nothing was changed unless it is DONE. */
public enum Outcome {
    DONE,
    /** No record or no block left. */
    FULL,
    /** There is no such object. */
    NOT_FOUND
}
