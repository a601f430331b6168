package floof.fpc;

import floof.base.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Messages to bytes and back; without state, usable from any thread. */
final class Codec {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 24;
    static final int MAX_BYTES = 65536;
    private static final int FLAG_REPLY = 1;

    private static final CounterKind[] COUNTER_KINDS = CounterKind.values();
    private static final LinkKind[] LINK_KINDS = LinkKind.values();
    private static final NeighbourState[] NEIGHBOUR_STATES = NeighbourState.values();
    private static final RouteType[] ROUTE_TYPES = RouteType.values();
    private static final FactKind[] FACT_KINDS = FactKind.values();
    private static final Driver[] DRIVERS = Driver.values();
    private static final Report[] REPORTS = Report.values();

    private Codec() {}

    /** The header of a message, without its length. */
    record Header(boolean isReply, int type, long sequence, Report report, int epoch) {}

    /**
     * The length of the message at the buffer's position; 0 if the length has not arrived yet.
     *
     * @throws MalformedMessage when the length or the version is invalid
     */
    static int lengthBytes(ByteBuffer in) {
        if (in.remaining() < 5) {
            return 0;
        }
        int lengthBytes = in.getInt(in.position());
        if (lengthBytes < HEADER_BYTES || lengthBytes > MAX_BYTES) {
            throw new MalformedMessage(
                    "header.length",
                    Integer.toUnsignedString(lengthBytes),
                    HEADER_BYTES + ".." + MAX_BYTES);
        }
        int version = in.get(in.position() + 4) & 0xff;
        if (version != VERSION) {
            throw new MalformedMessage("header.version", version, "" + VERSION);
        }
        return lengthBytes;
    }

    /** Reads the header of a complete message with a valid length. */
    static Header header(ByteBuffer message) {
        message.position(message.position() + 5);
        int flags = message.get() & 0xff;
        if (flags > FLAG_REPLY) {
            throw new MalformedMessage("header.flags", flags, "0 or 1");
        }
        boolean isReply = flags == FLAG_REPLY;
        int type = message.getShort() & 0xffff;
        long sequence = message.getLong();
        int report = message.getInt();
        int reports = isReply ? REPORTS.length : 1;
        if (report < 0 || report >= reports) {
            throw new MalformedMessage(
                    "header.report", Integer.toUnsignedString(report), "0.." + (reports - 1));
        }
        return new Header(isReply, type, sequence, REPORTS[report], message.getInt());
    }

    // ---- writing ------------------------------------------------------------------------------

    static void putRequest(ByteBuffer out, Message.Request request, long sequence, int epoch) {
        int start = begin(out, 0, request.messageType().code(), sequence, Report.OK, epoch);
        put(new Writer(out), request);
        out.putInt(start, out.position() - start);
    }

    static void putReply(ByteBuffer out, int type, Reply reply, long sequence, int epoch) {
        int start = begin(out, FLAG_REPLY, type, sequence, reply.report(), epoch);
        Message.Answer answer = reply.answer();
        if (answer != null) {
            put(new Writer(out), answer);
        } else if (!reply.isOk()) {
            new Writer(out).text(cut(reply.text()));
        }
        out.putInt(start, out.position() - start);
    }

    private static int begin(
            ByteBuffer out, int flags, int type, long sequence, Report report, int epoch) {
        int start = out.position();
        out.putInt(0).put((byte) VERSION).put((byte) flags).putShort((short) type);
        out.putLong(sequence).putInt(report.ordinal()).putInt(epoch);
        return start;
    }

    /** The beginning of the text; a char takes at most three bytes. */
    private static String cut(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= Check.TEXT_BYTES
                ? text
                : text.substring(0, Math.min(text.length(), Check.TEXT_BYTES / 3));
    }

    private static void put(Writer to, Message message) {
        switch (message) {
            case Message.Request request -> putRequestBody(to, request);
            case Message.Answer answer -> putAnswerBody(to, answer);
        }
    }

    private static void putRequestBody(Writer to, Message.Request request) {
        switch (request) {
            case Message.Hello m -> putHello(to, m);
            case Message.Vrf m -> to.i32(m.id()).text(m.name()).truth(m.present());
            case Message.Port m -> to.i32(m.index()).text(m.name()).truth(m.present());
            case Message.Link m -> {
                to.i32(m.vrf()).i32(m.ifindex()).text(m.name()).mac(m.mac()).i32(m.mtu());
                to.truth(m.up()).truth(m.running()).one(m.kind());
                to.list(m.otherMacs(), to::mac).truth(m.anyMac()).truth(m.present());
            }
            case Message.Address m -> {
                to.i32(m.vrf()).i32(m.ifindex()).interfaceAddress(m.address());
                to.address(m.broadcast()).truth(m.present());
            }
            case Message.Neighbour m -> {
                to.i32(m.vrf()).i32(m.ifindex()).address(m.address()).mac(m.mac());
                to.one(m.state()).truth(m.present());
            }
            case Message.Route m -> {
                to.i32(m.vrf()).prefix(m.prefix()).one(m.type()).u32(m.metric()).u8(m.protocol());
                to.list(m.nextHops(), hop -> putNextHop(to, hop)).truth(m.present());
            }
            case Message.Policy m -> to.i32(m.vrf()).i32(m.unsupportedRules());
            case Message.Mark m -> to.i32(m.epoch());
            case Message.Sweep m -> to.i32(m.epoch());
            case Message.CountersRequest m -> to.one(m.kind()).i32(m.from());
            case Message.HitsRequest m -> to.i32(m.from());
            case Message.PortAttach m -> {
                to.i32(m.index()).text(m.name()).one(m.driver()).text(m.namespacePath());
                to.text(m.device()).i32(m.twinPid()).i32(m.twinFd()).i32(m.mtu());
                to.list(
                        List.copyOf(m.settings().entrySet()),
                        set -> to.text(set.getKey()).text(set.getValue()));
            }
            case Message.PortDetach m -> to.i32(m.index());
            case Message.PortsRequest m -> to.i32(m.from());
            case Message.TraceAdd m -> to.i32(m.count());
            case Message.TraceShow m -> to.i32(m.from());
            case Message.NodesRequest m -> to.i32(m.from());
            case Message.FillingRequest m -> {}
            case Message.PausesClear m -> {}
            case Message.Peers m -> to.list(m.addresses(), to::address);
            case Message.Shutdown m -> {}
            case Message.FactsRequest m -> to.one(m.kind()).i32(m.from());
        }
    }

    private static void putHello(Writer to, Message.Hello m) {
        to.u8(m.version()).u64(m.features()).i32(m.epoch()).i32(m.pid());
    }

    private static void putNextHop(Writer to, Message.NextHop m) {
        to.address(m.gateway()).i32(m.ifindex()).i32(m.weight()).truth(m.onlink()).truth(m.dead());
    }

    private static void putAnswerBody(Writer to, Message.Answer answer) {
        switch (answer) {
            case Message.Hello m -> putHello(to, m);
            case Message.Swept m ->
                    to.i32(m.links()).i32(m.addresses()).i32(m.neighbours()).i32(m.routes());
            case Message.Counters m -> {
                to.one(m.kind()).list(m.columns(), to::text);
                to.list(m.rows(), row -> to.text(row.name()).list(row.values(), to::u64));
                to.i32(m.next());
            }
            case Message.Hits m -> {
                to.list(
                        m.hits(),
                        hit -> to.i32(hit.vrf()).i32(hit.ifindex()).address(hit.address()));
                to.i32(m.next());
            }
            case Message.Filling m ->
                    to.list(
                            m.rows(),
                            row ->
                                    to.text(row.table())
                                            .u64(row.used())
                                            .u64(row.limit())
                                            .u64(row.fits())
                                            .u64(row.sizeBytes())
                                            .u64(row.refused()));
            case Message.Ports m -> to.list(m.ports(), port -> putPort(to, port)).i32(m.next());
            case Message.Trace m -> to.list(m.lines(), to::text).i32(m.next());
            case Message.Facts m -> {
                to.list(m.columns(), to::text).list(m.rows(), row -> to.list(row, to::text));
                to.i32(m.next());
            }
            case Message.Nodes m -> {
                to.list(
                        m.nodes(),
                        node ->
                                to.i32(node.worker())
                                        .text(node.name())
                                        .u64(node.calls())
                                        .u64(node.packets())
                                        .u64(node.clocks()));
                to.i32(m.next());
            }
        }
    }

    private static void putPort(Writer to, Message.PortState m) {
        to.i32(m.index()).text(m.name()).one(m.driver()).text(m.namespacePath()).text(m.device());
        to.i32(m.twinFd()).truth(m.up());
    }

    // ---- reading ------------------------------------------------------------------------------

    /** Reads a request's fields from {@code body}, which must hold nothing else. */
    static Message.Request request(MessageType type, ByteBuffer body) {
        Reader from = new Reader(type.name(), body);
        Message.Request request = request(type, from);
        from.end();
        return request;
    }

    // Arguments are evaluated from left to right (JLS 15.7.4), which is the order of the fields in
    // the body.
    private static Message.Request request(MessageType type, Reader in) {
        return switch (type) {
            case HELLO -> hello(in);
            case VRF -> new Message.Vrf(in.i32("id"), in.text("name"), in.truth("present"));
            case PORT -> new Message.Port(in.i32("index"), in.text("name"), in.truth("present"));
            case LINK -> link(in);
            case ADDRESS ->
                    new Message.Address(
                            in.i32("vrf"),
                            in.i32("ifindex"),
                            in.interfaceAddress("address"),
                            in.addressOrNone("broadcast"),
                            in.truth("present"));
            case NEIGHBOUR ->
                    new Message.Neighbour(
                            in.i32("vrf"),
                            in.i32("ifindex"),
                            in.address("address"),
                            in.mac("mac"),
                            in.one("state", NEIGHBOUR_STATES),
                            in.truth("present"));
            case ROUTE ->
                    new Message.Route(
                            in.i32("vrf"),
                            in.prefix("prefix"),
                            in.one("type", ROUTE_TYPES),
                            in.u32("metric"),
                            in.u8("protocol"),
                            in.list("nextHops", () -> nextHop(in)),
                            in.truth("present"));
            case POLICY -> new Message.Policy(in.i32("vrf"), in.i32("unsupportedRules"));
            case MARK -> new Message.Mark(in.i32("epoch"));
            case SWEEP -> new Message.Sweep(in.i32("epoch"));
            case COUNTERS ->
                    new Message.CountersRequest(in.one("kind", COUNTER_KINDS), in.i32("from"));
            case HITS -> new Message.HitsRequest(in.i32("from"));
            case FILLING -> new Message.FillingRequest();
            case PAUSES_CLEAR -> new Message.PausesClear();
            case PEERS -> new Message.Peers(in.list("addresses", () -> in.address("address")));
            case PORT_ATTACH ->
                    new Message.PortAttach(
                            in.i32("index"),
                            in.text("name"),
                            in.one("driver", DRIVERS),
                            in.text("namespacePath"),
                            in.text("device"),
                            in.i32("twinPid"),
                            in.i32("twinFd"),
                            in.i32("mtu"),
                            settings(in));
            case PORT_DETACH -> new Message.PortDetach(in.i32("index"));
            case PORTS -> new Message.PortsRequest(in.i32("from"));
            case TRACE_ADD -> new Message.TraceAdd(in.i32("count"));
            case TRACE_SHOW -> new Message.TraceShow(in.i32("from"));
            case NODES -> new Message.NodesRequest(in.i32("from"));
            case SHUTDOWN -> new Message.Shutdown();
            case FACTS -> new Message.FactsRequest(in.one("kind", FACT_KINDS), in.i32("from"));
        };
    }

    private static Message.Link link(Reader in) {
        return new Message.Link(
                in.i32("vrf"),
                in.i32("ifindex"),
                in.text("name"),
                in.mac("mac"),
                in.i32("mtu"),
                in.truth("up"),
                in.truth("running"),
                in.one("kind", LINK_KINDS),
                in.list("otherMacs", () -> in.mac("otherMac")),
                in.truth("anyMac"),
                in.truth("present"));
    }

    private static Message.Hello hello(Reader in) {
        return new Message.Hello(
                in.u8("version"), in.u64("features"), in.i32("epoch"), in.i32("pid"));
    }

    private static Message.NextHop nextHop(Reader in) {
        IpAddress gateway = in.addressOrNone("nextHops[].gateway");
        return new Message.NextHop(
                gateway,
                in.i32("nextHops[].ifindex"),
                in.i32("nextHops[].weight"),
                in.truth("nextHops[].onlink"),
                in.truth("nextHops[].dead"));
    }

    private static SortedMap<String, String> settings(Reader in) {
        SortedMap<String, String> settings = new TreeMap<>();
        in.list(
                "settings",
                () -> settings.put(in.text("settings[].name"), in.text("settings[].value")));
        return settings;
    }

    /** Reads a reply to a request of this type from {@code body}, which must hold nothing else. */
    static Reply reply(MessageType type, Report report, ByteBuffer body) {
        Reader from = new Reader(type.name() + " reply", body);
        Reply reply;
        if (report != Report.OK) {
            reply = Reply.refused(report, from.text("text"));
        } else {
            reply = type.isAnswered() ? Reply.ok(answer(type, from)) : Reply.ok();
        }
        from.end();
        return reply;
    }

    private static Message.Answer answer(MessageType type, Reader in) {
        return switch (type) {
            case HELLO -> hello(in);
            case SWEEP ->
                    new Message.Swept(
                            in.i32("links"),
                            in.i32("addresses"),
                            in.i32("neighbours"),
                            in.i32("routes"));
            case COUNTERS ->
                    new Message.Counters(
                            in.one("kind", COUNTER_KINDS),
                            in.list("columns", () -> in.text("columns[]")),
                            in.list("rows", () -> counterRow(in)),
                            in.i32("next"));
            case HITS -> new Message.Hits(in.list("hits", () -> hit(in)), in.i32("next"));
            case FILLING -> new Message.Filling(in.list("rows", () -> fillingRow(in)));
            case PORTS -> new Message.Ports(in.list("ports", () -> port(in)), in.i32("next"));
            case TRACE_SHOW ->
                    new Message.Trace(in.list("lines", () -> in.text("lines[]")), in.i32("next"));
            case NODES -> new Message.Nodes(in.list("nodes", () -> node(in)), in.i32("next"));
            case FACTS ->
                    new Message.Facts(
                            in.list("columns", () -> in.text("columns[]")),
                            in.list("rows", () -> in.list("row", () -> in.text("cell"))),
                            in.i32("next"));
            case VRF, PORT, LINK, ADDRESS, NEIGHBOUR, ROUTE, POLICY, MARK -> throw unanswered(type);
            case PORT_ATTACH, PORT_DETACH, TRACE_ADD, PAUSES_CLEAR, PEERS, SHUTDOWN ->
                    throw unanswered(type);
        };
    }

    private static IllegalStateException unanswered(MessageType type) {
        return new IllegalStateException(type + " has no answer");
    }

    private static Message.CounterRow counterRow(Reader in) {
        return new Message.CounterRow(
                in.text("rows[].name"), in.list("rows[].values", () -> in.u64("rows[].values[]")));
    }

    private static Message.Hit hit(Reader in) {
        return new Message.Hit(
                in.i32("hits[].vrf"), in.i32("hits[].ifindex"), in.address("hits[].address"));
    }

    private static FillingRow fillingRow(Reader in) {
        return new FillingRow(
                in.text("rows[].table"),
                in.u64("rows[].used"),
                in.u64("rows[].limit"),
                in.u64("rows[].fits"),
                in.u64("rows[].sizeBytes"),
                in.u64("rows[].refused"));
    }

    private static Message.PortState port(Reader in) {
        return new Message.PortState(
                in.i32("ports[].index"),
                in.text("ports[].name"),
                in.one("ports[].driver", DRIVERS),
                in.text("ports[].namespacePath"),
                in.text("ports[].device"),
                in.i32("ports[].twinFd"),
                in.truth("ports[].up"));
    }

    private static NodeState node(Reader in) {
        return new NodeState(
                in.i32("nodes[].worker"),
                in.text("nodes[].name"),
                in.u64("nodes[].calls"),
                in.u64("nodes[].packets"),
                in.u64("nodes[].clocks"));
    }
}
