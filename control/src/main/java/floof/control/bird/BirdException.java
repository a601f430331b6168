package floof.control.bird;

/** BIRD refused a command or a configuration; the message is its own, with file and line. */
public final class BirdException extends Exception {

    private final int code;

    BirdException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** Reply code of the control protocol, 8000..9999; 0 when {@code bird -p} refused. */
    public int code() {
        return code;
    }
}
