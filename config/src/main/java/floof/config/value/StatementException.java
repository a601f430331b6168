package floof.config.value;

/** An edit that cannot be: no statement of the schema, or refused. */
public final class StatementException extends Exception {

    /** What kind of mistake. */
    public enum Kind {
        /** A keyword that the schema does not have here. */
        UNKNOWN,
        /** The words end too early. */
        MISSING,
        /** A value that is not of its type. */
        INVALID,
        /** Well said, but not now, or not by this editor: a lock, a protected statement. */
        REFUSED
    }

    private final Kind kind;
    private final int index;

    public StatementException(Kind kind, int index, String message) {
        super(message);
        this.kind = kind;
        this.index = index;
    }

    public static StatementException refused(String message) {
        return new StatementException(Kind.REFUSED, 0, message);
    }

    public Kind kind() {
        return kind;
    }

    /** Zero-based place of the word at fault; the number of words when they end too early. */
    public int index() {
        return index;
    }

    /** Never null, says path, value and expectation. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
