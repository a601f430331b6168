package floof.ports;

/** Why two memifs are not connected. */
final class MemifException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MemifException(String message) {
        super(message);
    }
}
