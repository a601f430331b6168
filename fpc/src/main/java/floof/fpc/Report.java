package floof.fpc;

/** The result of a request. The ordinal is the number on the wire; new ones go to the end. */
public enum Report {
    /** Done; the object is programmed. */
    OK,
    /** The message breaks the protocol; the connection ends. */
    MALFORMED,
    /** This end does not know the type, or does not support the object. */
    UNSUPPORTED,
    /**
     * An object that the request names does not exist. A route is programmed anyway, and its
     * missing next hops lead to Linux.
     */
    NOT_FOUND,
    /** A table is full. */
    FULL,
    /** The resync of the request is not the current one. */
    STALE,
    /** Not now; the same request may succeed later. */
    BUSY,
    /** An internal failure; the text describes it. */
    FAILED
}
