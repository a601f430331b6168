package floof.api.show;

import static floof.api.view.Layout.whole;
import static java.util.stream.Collectors.joining;

import floof.api.FastPathState;
import floof.api.fastpath.FastPathMemory;
import floof.api.fastpath.FastPathMemory.Mapped;
import floof.api.fastpath.FastPathStatistics;
import floof.api.fastpath.FastPathStatistics.InterfaceCount;
import floof.api.fastpath.FastPathStatistics.ReasonCount;
import floof.api.fastpath.FpcCounter;
import floof.api.fastpath.NodeRuntime;
import floof.api.fastpath.PacketTrace;
import floof.api.fastpath.SyncState;
import floof.api.fastpath.TableFilling;
import floof.api.view.Commands;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Times;
import floof.api.view.UnavailableException;
import floof.api.view.View;
import floof.base.Plural;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code show fast-path} and {@code show trace}. */
final class ShowFastPath {

    private static final Table<InterfaceCount> INTERFACES =
            Table.of(
                    Column.of("Interface", InterfaceCount::name),
                    Column.of(">In packets", InterfaceCount::rxPackets),
                    Column.of(">In bytes?4", InterfaceCount::rxBytes),
                    Column.of(">Out packets", InterfaceCount::txPackets),
                    Column.of(">Out bytes?4", InterfaceCount::txBytes),
                    Column.of(">From Linux?3", InterfaceCount::fromLinux),
                    Column.of(">Exceptions?1", InterfaceCount::excepted),
                    Column.of(">Drops", InterfaceCount::dropped));

    private static final Table<ReasonCount> REASONS =
            Table.of(
                    Column.of("Reason", ReasonCount::reason),
                    Column.of("Kind", ReasonCount::kind),
                    Column.of(">Packets", ReasonCount::packets),
                    Column.of(">Policed?1", ReasonCount::policed),
                    Column.of("Meaning", ReasonCount::text));

    private static final Table<NodeRuntime> NODES =
            Table.of(
                    Column.of(">Worker", NodeRuntime::worker),
                    Column.of("Node", NodeRuntime::name),
                    Column.of(">Calls?1", NodeRuntime::calls),
                    Column.of(">Packets", NodeRuntime::packets),
                    Column.of(">Packets/call?2", it -> decimal(it.packetsPerCall())),
                    Column.of(">Clocks/packet", it -> decimal(it.clocksPerPacket())));

    private static final Table<FpcCounter> MESSAGES =
            Table.of(
                    Column.of("End", FpcCounter::end),
                    Column.of("Message", FpcCounter::type),
                    Column.of(">Received", FpcCounter::received),
                    Column.of(">Failed", FpcCounter::failed));

    private static final Table<TableFilling> TABLES =
            Table.of(
                    Column.of("Table", TableFilling::table),
                    each(">Used", TableFilling::used),
                    each(">Capacity", TableFilling::capacity),
                    each(">Filled", ShowFastPath::percent),
                    each(">Still fit?1", TableFilling::fits),
                    each(">Refused", TableFilling::refused),
                    Column.of(">MiB?2", it -> mebibytes(it.sizeBytes())));

    private static final Table<Mapped> MEMORY =
            Table.of(
                    Column.of("Memory", Mapped::what),
                    Column.of(">MiB", it -> mebibytes(it.sizeBytes())),
                    Column.of(">Resident", it -> mebibytes(it.residentBytes())),
                    Column.of(">On huge pages", it -> mebibytes(it.hugeBytes())));

    private static final String ALL = "all";

    private ShowFastPath() {}

    /** Of tables, not of their sum. */
    private static Column<TableFilling> each(String head, Function<TableFilling, Object> value) {
        return Column.of(head, it -> it.table().equals(ALL) ? null : value.apply(it));
    }

    static Commands of(FastPathState state) {
        return Commands.of(
                        View.at("fast-path fpc", "Messages of the control protocol")
                                .of(FpcCounter.class, ask(state::messages), MESSAGES),
                        View.at("fast-path memory", "Usage of the shared tables")
                                .one(FastPathMemory.class, ask(state::memory), ShowFastPath::memory)
                                .detailed(),
                        View.at("fast-path nodes", "Packets and clocks per graph node")
                                .of(NodeRuntime.class, ask(state::nodes), NODES),
                        View.at("fast-path statistics", "Packet counters, exceptions and drops")
                                .one(
                                        FastPathStatistics.class,
                                        ask(state::statistics),
                                        ShowFastPath::statistics)
                                .detailed(),
                        View.at("fast-path sync", "Synchronisation with Linux")
                                .one(SyncState.class, state::sync, s -> List.of(sync(s))),
                        View.at("trace", "Paths of traced packets")
                                .of(
                                        PacketTrace.class,
                                        ask(state::traces),
                                        whole(traces -> List.of(traces(traces)))))
                .group("show fast-path", "The Java fast path");
    }

    /** A question that may get no answer. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException, UnavailableException;
    }

    static <T> View.Source<T> ask(Question<T> question) {
        return () -> {
            try {
                return question.ask();
            } catch (IOException e) {
                throw new UnavailableException(
                        "the fast path does not answer: " + e.getMessage(), e);
            }
        };
    }

    private static List<Object> statistics(FastPathStatistics s) {
        return List.of(
                "Packets: %d received, %d forwarded, %d to Linux, %d dropped, %d from Linux\n\n"
                        .formatted(
                                s.received(),
                                s.forwarded(),
                                s.excepted(),
                                s.dropped(),
                                s.fromLinux()),
                INTERFACES.of(s.interfaces()),
                "\n",
                REASONS.of(s.reasons()),
                "\n",
                ShowWorkers.COUNTS.of(s.workers()));
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String sync(SyncState s) {
        String text =
                """
                State: %s, %s pending
                Objects: %s, %s, %s, %s
                Events: %d, overruns: %d, resyncs: %d, last resync: %s%s
                """
                        .formatted(
                                s.state(),
                                Plural.of(s.pending(), "object"),
                                Plural.of(s.links(), "link"),
                                Plural.of(s.addresses(), "address"),
                                Plural.of(s.neighbours(), "neighbour"),
                                Plural.of(s.routes(), "route"),
                                s.events(),
                                s.overruns(),
                                s.resyncs(),
                                Times.age(s.lastResync(), Instant.now()),
                                s.lastResync() == null ? "" : " ago");
        return text
                + (s.error().isEmpty() ? "" : "Error: " + s.error() + "\n")
                + (s.obstacles().isEmpty()
                        ? ""
                        : "Linux forwards every packet itself; the fast path cannot follow:\n")
                + s.obstacles().stream().map(it -> "  " + it + "\n").collect(joining());
    }

    private static List<Object> memory(FastPathMemory memory) {
        long sizeBytes = memory.tables().stream().mapToLong(TableFilling::sizeBytes).sum();
        TableFilling all = new TableFilling(ALL, 0, 0, 0, 0, sizeBytes);
        return List.of(
                TABLES.of(Stream.concat(memory.tables().stream(), Stream.of(all)).toList()),
                "\n",
                MEMORY.of(memory.mappings()));
    }

    private static String percent(TableFilling t) {
        return decimal(t.capacity() == 0 ? 0 : 100.0 * t.used() / t.capacity()) + "%";
    }

    private static String mebibytes(long bytes) {
        return decimal(bytes / 1048576.0);
    }

    private static String traces(List<PacketTrace> traces) {
        return traces.isEmpty()
                ? "No packets traced ('trace add N' starts)\n"
                : traces.stream().map(ShowFastPath::trace).collect(joining("\n"));
    }

    private static String trace(PacketTrace trace) {
        StringBuilder text = new StringBuilder();
        text.append("Packet ").append(trace.number());
        text.append(" (worker ").append(trace.worker()).append(")\n");
        for (PacketTrace.Step step : trace.steps()) {
            text.append("  ").append(step.node()).append('\n');
            step.text().lines().forEach(line -> text.append("    ").append(line).append('\n'));
        }
        return text.toString();
    }
}
