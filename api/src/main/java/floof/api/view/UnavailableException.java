package floof.api.view;

/** A part of the router cannot answer now; the message says which and why, for the operator. */
public final class UnavailableException extends Exception {

    public UnavailableException(String message) {
        super(message);
    }

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
