package floof.sync;

/** The status of an object in the fast path. */
public enum Status {
    /** Not yet sent or acknowledged. */
    PENDING,
    /** Acknowledged by the manager. */
    INSTALLED,
    /** Refused by the manager; retried with each audit. */
    FAILED,
    /** Not sent, because the manager does not support such objects. */
    UNSUPPORTED
}
