package floof.api.view;

/** The user's class does not permit it. */
public final class DeniedException extends Exception {

    public DeniedException() {
        super("permission denied");
    }
}
