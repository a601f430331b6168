package floof.control.plan;

/** A commit that cannot be done: the statement and what is wrong with it. */
public final class CommitException extends Exception {

    private final String path;

    public CommitException(String path, String message) {
        super(message);
        this.path = path;
    }

    public CommitException(String path, String message, Throwable cause) {
        super(message, cause);
        this.path = path;
    }

    /** Configuration path, words separated by spaces; empty for the whole. */
    public String path() {
        return path;
    }
}
