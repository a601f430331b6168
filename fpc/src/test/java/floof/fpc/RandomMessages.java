package floof.fpc;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Messages of every type with random contents, edges included. */
final class RandomMessages {
    private final Random random;

    RandomMessages(long seed) {
        random = new Random(seed);
    }

    private List<MacAddress> macs() {
        return random.longs(random.nextInt(Message.MAX_OTHER_MACS + 1))
                .mapToObj(bits -> new MacAddress(bits >>> 16))
                .toList();
    }

    Message.Request request(MessageType type) {
        return switch (type) {
            case HELLO -> hello();
            case VRF -> new Message.Vrf(index(), text(64), truth());
            case PORT -> new Message.Port(index(), name(), truth());
            case LINK ->
                    new Message.Link(
                            index(),
                            1 + random.nextInt(1000),
                            name(),
                            new MacAddress(random.nextLong() >>> 16),
                            index(),
                            truth(),
                            truth(),
                            one(LinkKind.values()),
                            macs(),
                            truth(),
                            truth());
            case ADDRESS -> {
                IpAddress address = address();
                yield new Message.Address(
                        index(),
                        1 + random.nextInt(1000),
                        new InterfaceAddress(address, random.nextInt(address.family().bits() + 1)),
                        addressOrNone(),
                        truth());
            }
            case NEIGHBOUR ->
                    new Message.Neighbour(
                            index(),
                            1 + random.nextInt(1000),
                            address(),
                            new MacAddress(random.nextLong() >>> 16),
                            one(NeighbourState.values()),
                            truth());
            case ROUTE -> route();
            case POLICY -> new Message.Policy(index(), index());
            case MARK -> new Message.Mark(random.nextInt());
            case SWEEP -> new Message.Sweep(random.nextInt());
            case COUNTERS -> new Message.CountersRequest(one(CounterKind.values()), index());
            case HITS -> new Message.HitsRequest(index());
            case FILLING -> new Message.FillingRequest();
            case PAUSES_CLEAR -> new Message.PausesClear();
            case PEERS -> new Message.Peers(list(Message.Peers.MAX, this::address));
            case PORT_ATTACH ->
                    new Message.PortAttach(
                            index(),
                            name(),
                            one(Driver.values()),
                            text(255),
                            name(),
                            1 + random.nextInt(1000),
                            index(),
                            random.nextInt(9000),
                            settings());
            case PORT_DETACH -> new Message.PortDetach(index());
            case PORTS -> new Message.PortsRequest(index());
            case TRACE_ADD -> new Message.TraceAdd(index());
            case TRACE_SHOW -> new Message.TraceShow(index());
            case NODES -> new Message.NodesRequest(index());
            case SHUTDOWN -> new Message.Shutdown();
            case FACTS -> new Message.FactsRequest(one(FactKind.values()), index());
        };
    }

    private SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            settings.put(name(), text(1024));
        }
        return settings;
    }

    private Message.Hello hello() {
        return new Message.Hello(random.nextInt(256), random.nextLong(), random.nextInt(), index());
    }

    private Message.Route route() {
        IpAddress address = address();
        Prefix prefix = Prefix.of(address, random.nextInt(address.family().bits() + 1));
        return new Message.Route(
                index(),
                prefix,
                one(RouteType.values()),
                random.nextLong() >>> 32,
                random.nextInt(256),
                list(
                        random.nextInt(50) == 0 ? Message.MAX_NEXT_HOPS : 4,
                        () ->
                                new Message.NextHop(
                                        addressOrNone(),
                                        1 + random.nextInt(1000),
                                        1 + random.nextInt(65536),
                                        truth(),
                                        truth())),
                truth());
    }

    Reply reply(MessageType type) {
        if (random.nextInt(4) == 0) {
            return Reply.refused(Report.values()[1 + random.nextInt(7)], text(1024));
        }
        return switch (type) {
            case HELLO -> Reply.ok(hello());
            case SWEEP -> Reply.ok(new Message.Swept(index(), index(), index(), index()));
            case COUNTERS -> Reply.ok(counters());
            case HITS ->
                    Reply.ok(
                            new Message.Hits(
                                    list(
                                            Message.Hits.MAX_HITS,
                                            () -> new Message.Hit(index(), 7, address())),
                                    index()));
            case FILLING ->
                    Reply.ok(
                            new Message.Filling(
                                    list(
                                            Message.MAX_PAGE,
                                            () ->
                                                    new Message.FillingRow(
                                                            text(64), index(), index(), index(),
                                                            index(), index()))));
            case PORTS -> Reply.ok(new Message.Ports(list(Message.MAX_PAGE, this::port), index()));
            case FACTS ->
                    Reply.ok(
                            new Message.Facts(
                                    List.of("one", "two"),
                                    List.of(List.of(text(255), text(255)), List.of(text(255), "")),
                                    index()));
            case TRACE_SHOW ->
                    Reply.ok(
                            new Message.Trace(
                                    list(Message.Trace.MAX_LINES, () -> text(1024)), index()));
            case NODES ->
                    Reply.ok(
                            new Message.Nodes(
                                    list(
                                            Message.MAX_PAGE,
                                            () ->
                                                    new Message.NodeState(
                                                            index(),
                                                            text(64),
                                                            random.nextLong(),
                                                            random.nextLong(),
                                                            random.nextLong())),
                                    index()));
            default -> Reply.ok();
        };
    }

    private Message.Counters counters() {
        int width = random.nextInt(Message.CounterRow.MAX_VALUES + 1);
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(text(64));
        }
        return new Message.Counters(
                one(CounterKind.values()),
                columns,
                list(
                        Message.MAX_PAGE,
                        () ->
                                new Message.CounterRow(
                                        text(64), random.longs(width).boxed().toList())),
                index());
    }

    private Message.PortState port() {
        return new Message.PortState(
                index(), name(), one(Driver.values()), text(255), name(), index(), truth());
    }

    /** The longest list is as likely as all others, since that is where a message may not fit. */
    private <T> List<T> list(int max, Supplier<T> element) {
        int count = truth() ? max : random.nextInt(max + 1);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return list;
    }

    private boolean truth() {
        return random.nextBoolean();
    }

    private <E> E one(E[] values) {
        return values[random.nextInt(values.length)];
    }

    private int index() {
        return random.nextInt(8) == 0 ? Integer.MAX_VALUE : random.nextInt(100_000);
    }

    private String name() {
        return "n" + text(14);
    }

    /** Up to so many bytes of UTF-8, of one to four bytes a character. */
    private String text(int maxBytes) {
        String[] alphabet = {"a", "/", "-", "\u00fc", "\u20ac", "\ud83d\ude80"};
        int sizeBytes = truth() ? maxBytes : random.nextInt(maxBytes + 1);
        StringBuilder text = new StringBuilder();
        while (sizeBytes >= 4) {
            int pick = random.nextInt(alphabet.length);
            text.append(alphabet[pick]);
            sizeBytes -= pick < 3 ? 1 : pick - 1;
        }
        return text.append("x".repeat(sizeBytes)).toString();
    }

    private @Nullable IpAddress addressOrNone() {
        return random.nextInt(3) == 0 ? null : address();
    }

    private IpAddress address() {
        return truth()
                ? IpAddress.ip4(random.nextInt())
                : IpAddress.ip6(random.nextLong(), random.nextLong());
    }
}
