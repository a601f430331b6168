package floof.fpc;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The types of messages: their numbers on the wire, the request and the answer, if an OK reply
 * carries one. A reply has the type of its request.
 */
public enum MessageType {
    HELLO(1, Message.Hello.class, Message.Hello.class),
    VRF(2, Message.Vrf.class),
    PORT(3, Message.Port.class),
    LINK(4, Message.Link.class),
    ADDRESS(5, Message.Address.class),
    NEIGHBOUR(6, Message.Neighbour.class),
    ROUTE(7, Message.Route.class),
    POLICY(8, Message.Policy.class),
    MARK(9, Message.Mark.class),
    SWEEP(10, Message.Sweep.class, Message.Swept.class),
    COUNTERS(11, Message.CountersRequest.class, Message.Counters.class),
    HITS(12, Message.HitsRequest.class, Message.Hits.class),
    FILLING(13, Message.FillingRequest.class, Message.Filling.class),

    PORT_ATTACH(32, Message.PortAttach.class),
    PORT_DETACH(33, Message.PortDetach.class),
    PORTS(34, Message.PortsRequest.class, Message.Ports.class),
    TRACE_ADD(35, Message.TraceAdd.class),
    TRACE_SHOW(36, Message.TraceShow.class, Message.Trace.class),
    NODES(37, Message.NodesRequest.class, Message.Nodes.class),
    SHUTDOWN(38, Message.Shutdown.class),
    FACTS(39, Message.FactsRequest.class, Message.Facts.class),
    PAUSES_CLEAR(40, Message.PausesClear.class),
    PEERS(41, Message.Peers.class);

    private static final MessageType[] BY_CODE = new MessageType[64];

    static {
        for (MessageType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private static final Map<Class<?>, MessageType> BY_REQUEST =
            Stream.of(values())
                    .collect(Collectors.toUnmodifiableMap(MessageType::request, it -> it));

    private final int code;
    private final Class<? extends Message.Request> request;
    private final @Nullable Class<? extends Message.Answer> answer;

    MessageType(int code, Class<? extends Message.Request> request) {
        this(code, request, null);
    }

    MessageType(
            int code,
            Class<? extends Message.Request> request,
            @Nullable Class<? extends Message.Answer> answer) {
        this.code = code;
        this.request = request;
        this.answer = answer;
    }

    /** The number on the wire, 0..65535. */
    public int code() {
        return code;
    }

    Class<? extends Message.Request> request() {
        return request;
    }

    /** What an OK reply carries, if anything. */
    @Nullable Class<? extends Message.Answer> answer() {
        return answer;
    }

    static @Nullable MessageType of(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }

    static MessageType of(Message.Request request) {
        return Objects.requireNonNull(BY_REQUEST.get(request.getClass()));
    }

    /** Name for operators: {@code port-attach}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
