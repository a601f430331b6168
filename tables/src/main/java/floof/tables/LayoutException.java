package floof.tables;

/** Shared memory that this version cannot read: foreign, of another layout, or too short. */
public final class LayoutException extends Exception {

    private static final long serialVersionUID = 1;

    LayoutException(String message) {
        super(message);
    }
}
