package floof.fpc;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The types of messages and their numbers on the wire. A reply has the type of its request. */
public enum MessageType {
    HELLO(1, true),
    VRF(2, false),
    PORT(3, false),
    LINK(4, false),
    ADDRESS(5, false),
    NEIGHBOUR(6, false),
    ROUTE(7, false),
    POLICY(8, false),
    MARK(9, false),
    SWEEP(10, true),
    COUNTERS(11, true),
    HITS(12, true),
    FILLING(13, true),

    PORT_ATTACH(32, false),
    PORT_DETACH(33, false),
    PORTS(34, true),
    TRACE_ADD(35, false),
    TRACE_SHOW(36, true),
    NODES(37, true),
    SHUTDOWN(38, false),
    FACTS(39, true),
    PAUSES_CLEAR(40, false),
    PEERS(41, false);

    private static final MessageType[] BY_CODE = new MessageType[64];

    static {
        for (MessageType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final boolean answered;

    MessageType(int code, boolean answered) {
        this.code = code;
        this.answered = answered;
    }

    /** The number on the wire, 0..65535. */
    public int code() {
        return code;
    }

    /** Whether an OK reply carries an answer. */
    public boolean isAnswered() {
        return answered;
    }

    static @Nullable MessageType of(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /** Name for operators: {@code port-attach}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
