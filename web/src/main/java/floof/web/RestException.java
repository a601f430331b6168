package floof.web;

/** A request that is not answered; the message is for the client. */
final class RestException extends Exception {

    private final int status;

    RestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Of RFC 9110. */
    int status() {
        return status;
    }
}
