package floof.tables;

/** How a change of a table went; but for DONE nothing was changed. */
public enum Outcome {
    DONE,
    /** No record or no block left. */
    FULL,
    /** There is no such object. */
    NOT_FOUND
}
