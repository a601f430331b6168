package floof.fpc;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a server's handler that lost its clients' state: the request fails, and every
 * connection is dropped, so that all clients send their state again.
 */
public final class StateLost extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StateLost(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
