package floof.fpc;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a server's handler that lost what its clients told it: the request fails, and every
 * connection is dropped so that all of them begin anew.
 */
public final class StateLost extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StateLost(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
