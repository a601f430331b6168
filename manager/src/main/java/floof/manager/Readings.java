package floof.manager;

import floof.base.Family;
import floof.base.Reason;
import floof.fpc.CounterKind;
import floof.fpc.FillingRow;
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

/** Answers from what the workers count in the shared memory. Thread: the manager's. */
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
     * The row of what belongs to no interface of Linux any more, or came before a port had one. No
     * link has a blank in its name.
     */
    static final String REMOVED = "removed interfaces";

    private static final List<String> REASON_COLUMNS = List.of("packets", "policed");
    private static final List<String> ADJACENCY_COLUMNS = List.of("packets", "bytes");

    private final TableWriter writer;
    private final Tables tables;
    private final Links links;
    private final Refusals refusals;

    Readings(TableWriter writer, Mirror mirror) {
        this.writer = writer;
        links = mirror.links();
        refusals = mirror.refusals();
        tables = writer.tables();
    }

    /**
     * One page. Rows: interfaces by name, in order of their index, then {@link #REMOVED}; reasons
     * by label, in order of their ordinal; adjacencies of next hops as {@code NEXT-HOP@LINK}, in
     * order of their index.
     */
    Reply counters(Message.CountersRequest request) {
        return switch (request.kind()) {
            case INTERFACE -> interfaces(request.from());
            case REASON -> reasons(request.from());
            case ADJACENCY -> adjacencies(request.from());
            case WORKER -> workers();
            case MESSAGE -> Reply.refused(Report.NOT_FOUND, "no such row of message counters");
            case CYCLE, PAUSE, PORT ->
                    Reply.refused(Report.UNSUPPORTED, "the fast path counts " + request.kind());
        };
    }

    private Reply interfaces(int from) {
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
            rows.add(new Message.CounterRow(link.name, totals(link.index)));
        }
        if (next == Message.END && rows.size() == Message.MAX_PAGE) {
            next = present.getLast().index + 1; // the last row is a page of its own
        } else if (next == Message.END) {
            addRemoved(rows);
        }
        return page(CounterKind.INTERFACE, INTERFACE_COLUMNS, rows, next);
    }

    private void addRemoved(List<Message.CounterRow> rows) {
        BitSet present = new BitSet();
        links.all().stream().filter(link -> link.isPresent).forEach(it -> present.set(it.index));
        List<Long> totals = new ArrayList<>();
        for (int counter : INTERFACE_COUNTERS) {
            long sum = 0;
            for (int index = 0; index < tables.limits().interfaces(); index++) {
                sum += Counters.formerTotal(tables, index, counter);
                if (!present.get(index)) {
                    sum += Counters.interfaceTotal(tables, index, counter);
                }
            }
            totals.add(sum);
        }
        if (totals.stream().anyMatch(total -> total != 0)) {
            rows.add(new Message.CounterRow(REMOVED, totals));
        }
    }

    private List<Long> totals(int index) {
        List<Long> totals = new ArrayList<>();
        for (int counter : INTERFACE_COUNTERS) {
            totals.add(Counters.interfaceTotal(tables, index, counter));
        }
        return totals;
    }

    /** One row per worker that ever counted: its interfaces together. */
    private Reply workers() {
        List<Message.CounterRow> rows = new ArrayList<>();
        for (int worker = 0; worker < tables.limits().workers(); worker++) {
            List<Long> totals = new ArrayList<>();
            for (int counter : INTERFACE_COUNTERS) {
                totals.add(Counters.workerTotal(tables, worker, counter));
            }
            if (totals.stream().anyMatch(total -> total != 0)) {
                rows.add(new Message.CounterRow("" + worker, totals));
            }
        }
        return page(CounterKind.WORKER, INTERFACE_COLUMNS, rows, Message.END);
    }

    private Reply reasons(int from) {
        Reason[] reasons = Reason.values();
        List<Message.CounterRow> rows = new ArrayList<>();
        int end = Math.min(reasons.length, from + Message.MAX_PAGE);
        for (int i = from; i < end; i++) {
            rows.add(
                    new Message.CounterRow(
                            reasons[i].label(),
                            List.of(
                                    Counters.reasonTotal(tables, reasons[i], Counters.PASSED),
                                    Counters.reasonTotal(tables, reasons[i], Counters.POLICED))));
        }
        return page(
                CounterKind.REASON, REASON_COLUMNS, rows, end < reasons.length ? end : Message.END);
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

    /** Neighbours whose adjacency carried packets since this was last asked; rows by adjacency. */
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
        List<FillingRow> rows = new ArrayList<>();
        for (Filling row : writer.filling()) {
            rows.add(
                    new FillingRow(
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
