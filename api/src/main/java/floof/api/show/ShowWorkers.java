package floof.api.show;

import static floof.api.show.ShowFastPath.ask;
import static floof.api.view.Layout.whole;

import floof.api.FastPathState;
import floof.api.fastpath.FastPathStatistics.WorkerCount;
import floof.api.fastpath.SizingChoice;
import floof.api.fastpath.WorkerState;
import floof.api.fastpath.WorkerState.Pause;
import floof.api.network.Port;
import floof.api.view.Commands;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** {@code show fast-path} about workers and their ports. */
final class ShowWorkers {

    private static final Table<WorkerState> WORKERS =
            Table.of(
                    Column.of(">Worker", WorkerState::worker),
                    Column.of(">CPU?1", WorkerState::cpu),
                    Column.of(">Cycles?5", WorkerState::cycles),
                    Column.of(">With packets?6", WorkerState::busyCycles),
                    Column.of(">Packets", WorkerState::packets),
                    Column.of(">Sleeps?5", WorkerState::sleeps),
                    Column.of(">Stolen ms?2", WorkerState::stolenMs),
                    Column.of(">Longest us?1", WorkerState::longestUs),
                    Column.of(">Handed over?4", WorkerState::handedOver),
                    Column.of(">Taken over?4", WorkerState::takenOver),
                    Column.of(">Full?3", WorkerState::handOverFull));

    /** The share of each worker in what the fast path did. */
    static final Table<WorkerCount> COUNTS =
            Table.of(
                    Column.of(">Worker", WorkerCount::worker),
                    Column.of(">Received", WorkerCount::received),
                    Column.of(">Sent", WorkerCount::sent),
                    Column.of(">Exceptions", WorkerCount::excepted),
                    Column.of(">Drops", WorkerCount::dropped),
                    Column.of(">From Linux?1", WorkerCount::fromLinux));

    private static final Table<SizingChoice> SIZING =
            Table.of(
                    Column.of("Choice", SizingChoice::name),
                    Column.of("Value", SizingChoice::value),
                    Column.of("From", SizingChoice::from));

    private static final Table<Port> PORTS =
            Table.of(
                    Column.of(">Index", Port::index),
                    Column.of("Port", Port::name),
                    Column.of("Driver?3", Port::driver),
                    Column.of("Device?4", Port::device),
                    count(">Received", Port.Counters::received),
                    count(">Lost?1", Port.Counters::lost),
                    count(">Sent", Port.Counters::sent),
                    count(">Unsent?2", Port.Counters::unsent),
                    Column.of("State", Port::state));

    /** Packets of a port, and why something became of them. */
    private record Cause(String port, String text, long packets) {}

    private static final Table<Cause> BY_CAUSE =
            Table.of(
                    Column.of("Port", Cause::port),
                    Column.of("Of these", Cause::text),
                    Column.of(">Packets", Cause::packets));

    private ShowWorkers() {}

    private static Column<Port> count(String head, ToLongFunction<Port.Counters> count) {
        return Column.of(
                head,
                port -> {
                    Port.Counters counters = port.counters();
                    return counters == null ? null : count.applyAsLong(counters);
                });
    }

    static Commands of(FastPathState state) {
        return Commands.of(
                View.at("fast-path sizing", "Workers, queues, buffers and memory, with reasons")
                        .of(SizingChoice.class, ask(state::sizing), SIZING),
                View.at("fast-path ports", "Ports")
                        .of(Port.class, ask(state::ports), whole(ShowWorkers::ports))
                        .detailed(),
                View.at("fast-path workers", "Workers and their pauses")
                        .of(
                                WorkerState.class,
                                ask(state::workers),
                                whole(all -> List.of(WORKERS.of(all), "\n", pauses(all))))
                        .detailed());
    }

    private static List<Object> ports(List<Port> ports) {
        List<Cause> causes = ports.stream().flatMap(ShowWorkers::causes).toList();
        return causes.isEmpty()
                ? List.of(PORTS.of(ports))
                : List.of(PORTS.of(ports), "\n", BY_CAUSE.of(causes));
    }

    /** What is worth a line where it is not zero. */
    private static Stream<Cause> causes(Port port) {
        String name = port.name();
        Port.Counters c = port.counters();
        if (c == null) {
            return Stream.of();
        }
        return Stream.of(
                        new Cause(name, "lost: the device's ring was full", c.missed()),
                        new Cause(name, "lost: no buffer", c.noBuffer()),
                        new Cause(name, "lost: too short or too long", c.badLength()),
                        new Cause(name, "received: checksum repaired", c.repaired()),
                        new Cause(name, "sent: checksum finished", c.finished()),
                        new Cause(name, "sent: frames cut into packets", c.cut()),
                        new Cause(name, "unsent: the device took no more", c.full()),
                        new Cause(name, "unsent: the device refused", c.refused()),
                        new Cause(name, "unsent: offload that cannot be done", c.unfit()))
                .filter(cause -> cause.packets() != 0);
    }

    /** A pause and whose it was. */
    private record Held(int worker, Pause pause) {}

    /** A row per worker and cause, a column per doubling of the length. */
    private static Object pauses(List<WorkerState> workers) {
        List<Held> all =
                workers.stream()
                        .flatMap(w -> w.pauses().stream().map(it -> new Held(w.worker(), it)))
                        .toList();
        if (all.isEmpty()) {
            return "No pauses\n";
        }
        List<Column<Held>> columns = new ArrayList<>();
        columns.add(Column.of(">Worker", Held::worker));
        columns.add(Column.of("Pauses by", it -> it.pause().cause()));
        columns.add(Column.of(">Number", it -> it.pause().count()));
        columns.add(Column.of(">Sum us", it -> it.pause().sumUs()));
        columns.add(Column.of(">Longest", it -> it.pause().longestUs()));
        List<WorkerState.Column> histogram = all.getFirst().pause().histogram();
        for (int i = 0; i < histogram.size(); i++) {
            int index = i;
            columns.add(
                    Column.of(
                            ">" + length(histogram.get(i).fromUs()),
                            it -> it.pause().histogram().get(index).count()));
        }
        return new Table<>(columns).of(all);
    }

    /** Shortest pause of a column: {@code 131us}, {@code 4.2ms}. */
    private static String length(long us) {
        return us < 1_000 ? us + "us" : us / 1_000 + "." + us / 100 % 10 + "ms";
    }
}
