package floof.sync;

/** What has become of an object in the fast path. */
public enum Status {
    /** Waits to be sent or acknowledged. */
    PENDING,
    /** Acknowledged by the manager. */
    INSTALLED,
    /** Refused by the manager; tried again with each audit. */
    FAILED,
    /** Not sent, since the manager does not know such objects. */
    UNSUPPORTED
}
