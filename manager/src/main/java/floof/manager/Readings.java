package floof.manager;

import floof.base.Family;
import floof.base.Reason;
import floof.fpc.CounterKind;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.tables.Counters;
import floof.tables.Filling;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Answers queries from the workers' counters in the shared memory. Thread: the manager's. */
final class Readings {

    private static final List<String> INTERFACE_COLUMNS =
            List.of(
                    "rx-packets",
                    "rx-bytes",
                    "tx-packets",
                    "tx-bytes",
                    "from-linux",
                    "excepted",
                    "dropped");

    /** In the order of the columns. */
    private static final int[] INTERFACE_COUNTERS = {
        Counters.RX_PACKETS,
        Counters.RX_BYTES,
        Counters.TX_PACKETS,
        Counters.TX_BYTES,
        Counters.FROM_LINUX,
        Counters.EXCEPTED,
        Counters.DROPPED
    };

    /**
     * The row for interfaces that Linux no longer has, and for packets that arrived before their
     * port had one. No link has a blank in its name.
     */
    static final String REMOVED = "removed interfaces";

    private static final Reason[] REASONS = Reason.values();
    private static final List<String> DROP_COLUMNS = Stream.of(REASONS).map(Reason::label).toList();
    private static final List<String> REASON_COLUMNS = List.of("packets", "policed");
    private static final List<String> ADJACENCY_COLUMNS = List.of("packets", "bytes");

    private final TableWriter writer;
    private final Tables tables;
    private final Links links;
    private final Refusals refusals;

    Readings(TableWriter writer, StateWriter state) {
        this.writer = writer;
        links = state.links();
        refusals = state.refusals();
        tables = writer.tables();
    }

    /**
     * Answers one page. Rows: interfaces by name, in the order of their index, then {@link
     * #REMOVED}; reasons by label, in the order of their ordinal; adjacencies of next hops as
     * {@code NEXT-HOP@LINK}, in the order of their index.
     */
    Reply counters(Message.CountersRequest request) {
        return switch (request.kind()) {
            case INTERFACE -> interfaces(request.from());
            case DROP -> drops(request.from());
            case REASON -> reasons(request.from());
            case ADJACENCY -> adjacencies(request.from());
            case WORKER -> workers();
            case MESSAGE -> Reply.refused(Report.NOT_FOUND, "no such row of message counters");
            case CYCLE, PAUSE, PORT ->
                    Reply.refused(Report.UNSUPPORTED, "the fast path counts " + request.kind());
        };
    }

    private Reply interfaces(int from) {
        return byInterface(
                CounterKind.INTERFACE,
                INTERFACE_COLUMNS,
                from,
                false,
                (index, column) ->
                        Counters.interfaceTotal(tables, index, INTERFACE_COUNTERS[column]),
                (index, column) -> Counters.formerTotal(tables, index, INTERFACE_COUNTERS[column]));
    }

    /** Omits interfaces that discarded nothing. */
    private Reply drops(int from) {
        return byInterface(
                CounterKind.DROP,
                DROP_COLUMNS,
                from,
                true,
                (index, column) -> Counters.dropTotal(tables, index, REASONS[column]),
                (index, column) -> Counters.formerDrops(tables, index, REASONS[column]));
    }

    /** The count of an interface index in a column. */
    private interface Reading {
        long of(int index, int column);
    }

    /**
     * The rows of the interfaces from an index on, then {@link #REMOVED}.
     *
     * @param isSparse whether to omit rows of zeros
     * @param current counts of the interface that has the index
     * @param former counts of those that had it before
     */
    private Reply byInterface(
            CounterKind kind,
            List<String> columns,
            int from,
            boolean isSparse,
            Reading current,
            Reading former) {
        List<Link> present = new ArrayList<>(links.all());
        present.removeIf(link -> !link.isPresent || link.index < from);
        present.sort((a, b) -> Integer.compare(a.index, b.index));
        List<Message.CounterRow> rows = new ArrayList<>();
        int next = Message.END;
        for (Link link : present) {
            if (rows.size() == Message.MAX_PAGE) {
                next = link.index;
                break;
            }
            List<Long> totals = totals(columns, column -> current.of(link.index, column));
            if (!isSparse || !areZero(totals)) {
                rows.add(new Message.CounterRow(link.name, totals));
            }
        }
        if (next == Message.END && rows.size() == Message.MAX_PAGE) {
            next = present.getLast().index + 1; // the last row has its own page
        } else if (next == Message.END) {
            List<Long> totals = removed(columns, current, former);
            if (!areZero(totals)) {
                rows.add(new Message.CounterRow(REMOVED, totals));
            }
        }
        return page(kind, columns, rows, next);
    }

    private List<Long> removed(List<String> columns, Reading current, Reading former) {
        BitSet present = new BitSet();
        links.all().stream().filter(link -> link.isPresent).forEach(it -> present.set(it.index));
        return totals(
                columns,
                column -> {
                    long sum = 0;
                    for (int index = 0; index < tables.limits().interfaces(); index++) {
                        sum += former.of(index, column);
                        sum += present.get(index) ? 0 : current.of(index, column);
                    }
                    return sum;
                });
    }

    private static List<Long> totals(List<String> columns, IntToLongFunction total) {
        return IntStream.range(0, columns.size()).mapToLong(total).boxed().toList();
    }

    private static boolean areZero(List<Long> totals) {
        return totals.stream().allMatch(total -> total == 0);
    }

    /** One row per worker that ever counted: the sum of its interfaces. */
    private Reply workers() {
        List<Message.CounterRow> rows = new ArrayList<>();
        for (int worker = 0; worker < tables.limits().workers(); worker++) {
            int number = worker;
            List<Long> totals =
                    totals(
                            INTERFACE_COLUMNS,
                            column ->
                                    Counters.workerTotal(
                                            tables, number, INTERFACE_COUNTERS[column]));
            if (!areZero(totals)) {
                rows.add(new Message.CounterRow("" + worker, totals));
            }
        }
        return page(CounterKind.WORKER, INTERFACE_COLUMNS, rows, Message.END);
    }

    private Reply reasons(int from) {
        List<Message.CounterRow> rows = new ArrayList<>();
        int end = Math.min(REASONS.length, from + Message.MAX_PAGE);
        for (int i = from; i < end; i++) {
            rows.add(
                    new Message.CounterRow(
                            REASONS[i].label(),
                            List.of(
                                    Counters.reasonTotal(tables, REASONS[i], Counters.PASSED),
                                    Counters.reasonTotal(tables, REASONS[i], Counters.POLICED))));
        }
        return page(
                CounterKind.REASON, REASON_COLUMNS, rows, end < REASONS.length ? end : Message.END);
    }

    private Reply adjacencies(int from) {
        List<Message.CounterRow> rows = new ArrayList<>();
        int next = Message.END;
        for (int i = from; i < tables.limits().adjacencies() && next == Message.END; i++) {
            Hop hop = links.hop(i);
            if (hop != null && rows.size() == Message.MAX_PAGE) {
                next = i;
            } else if (hop != null) {
                rows.add(
                        new Message.CounterRow(
                                hop.address + "@" + hop.link.name,
                                List.of(
                                        adjacency(i, Counters.PACKETS),
                                        adjacency(i, Counters.BYTES))));
            }
        }
        return page(CounterKind.ADJACENCY, ADJACENCY_COLUMNS, rows, next);
    }

    private long adjacency(int index, int counter) {
        return Counters.adjacencyTotal(tables, writer.generation(), index, counter);
    }

    private static Reply page(
            CounterKind kind, List<String> columns, List<Message.CounterRow> rows, int next) {
        return Reply.ok(new Message.Counters(kind, columns, rows, next));
    }

    /** Neighbours whose adjacency carried packets since the last request; rows by adjacency. */
    Reply hits(Message.HitsRequest request) {
        List<Message.Hit> hits = new ArrayList<>();
        int next = Message.END;
        for (int i = request.from(); i < tables.limits().adjacencies(); i++) {
            Hop hop = links.hop(i);
            if (hop == null || hop.mac == null) {
                continue;
            }
            long packets = adjacency(i, Counters.PACKETS);
            if (packets == hop.packetsSeen) {
                continue;
            }
            if (hits.size() == Message.Hits.MAX_HITS) {
                next = i;
                break;
            }
            hop.packetsSeen = packets;
            hits.add(new Message.Hit(hop.link.key.vrf(), hop.link.key.ifindex(), hop.address));
        }
        return Reply.ok(new Message.Hits(hits, next));
    }

    Reply filling() {
        writer.reclaim();
        List<Message.FillingRow> rows = new ArrayList<>();
        for (Filling row : writer.filling()) {
            rows.add(
                    new Message.FillingRow(
                            row.table(),
                            row.used(),
                            row.limit(),
                            row.fits(),
                            row.sizeBytes(),
                            refused(row.table())));
        }
        return Reply.ok(new Message.Filling(rows));
    }

    private int refused(String table) {
        return switch (table) {
            case "ip4-routes" -> refusals.count(Family.IP4);
            case "ip6-routes" -> refusals.count(Family.IP6);
            default -> 0;
        };
    }
}
