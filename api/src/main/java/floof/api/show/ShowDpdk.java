package floof.api.show;

import static floof.api.show.ShowFastPath.ask;

import floof.api.FastPathState;
import floof.api.fastpath.DpdkState;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.Listing;
import floof.api.view.Parameter;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code show dpdk}. */
final class ShowDpdk {

    private static final String NONE =
            "The fast path runs without DPDK (no port has driver dpdk)\n";

    private static final Table<DpdkState.Port> PORTS =
            Table.of(
                    Column.of("Port", DpdkState.Port::name),
                    Column.of("Device", DpdkState.Port::device),
                    Column.of("Driver?4", DpdkState.Port::driver),
                    Column.of("MAC?3", DpdkState.Port::mac),
                    Column.of("Link", DpdkState.Port::link),
                    Column.of(">Rx queues?1", DpdkState.Port::rxQueues),
                    Column.of(">Tx queues?2", DpdkState.Port::txQueues),
                    Column.of("Arguments", DpdkState.Port::arguments));

    private static final Table<DpdkState.Counter> COUNTERS =
            Table.of(
                    Column.of("Port", DpdkState.Counter::port),
                    Column.of("Counter", DpdkState.Counter::name),
                    Column.of(">Value", DpdkState.Counter::value));

    private static final Layout.Whole<DpdkState.Counter> NOT_ZERO =
            all -> List.of(COUNTERS.of(all.stream().filter(it -> it.value() != 0).toList()));

    private ShowDpdk() {}

    static Commands of(FastPathState state) {
        Layout.Whole<DpdkState.Port> ports =
                rows -> List.of(rows.isEmpty() ? NONE : PORTS.of(rows));
        Listing<DpdkState.Counter> xstats =
                new Listing<>(
                        "show dpdk xstats",
                        "Driver counters",
                        DpdkState.Counter.class,
                        false,
                        List.of(
                                Parameter.free(
                                        "port", "Name of a port with driver dpdk", Kind.DPDK_PORT)),
                        false,
                        (typed, reader) -> counters(state, typed.get("port")),
                        typed -> typed.has("port") ? COUNTERS : NOT_ZERO);
        return Commands.of(
                        View.at("dpdk ports", "Ports with driver dpdk")
                                .of(DpdkState.Port.class, ask(() -> state.dpdk().ports()), ports)
                                .detailed(),
                        View.at("dpdk version", "Libraries and memory")
                                .one(DpdkState.class, ask(state::dpdk), s -> List.of(version(s))),
                        xstats)
                .group("show dpdk", "DPDK in the fast path");
    }

    private static String version(DpdkState s) {
        return s.version() == null
                ? NONE
                : """
                Libraries: %s
                Memory: %s
                Buffers: %s, %s free
                """
                        .formatted(
                                s.version(),
                                s.hugePages() ? "huge pages" : "small pages",
                                s.buffers(),
                                s.freeBuffers());
    }

    /**
     * @param port null for all
     */
    private static List<DpdkState.Counter> counters(FastPathState state, @Nullable String port)
            throws UnavailableException, UnknownException {
        List<DpdkState.Counter> all = ask(state::dpdkCounters).read();
        List<DpdkState.Counter> wanted =
                all.stream().filter(it -> port == null || it.port().equals(port)).toList();
        if (port != null && wanted.isEmpty()) {
            List<DpdkState.Port> ports = ask(state::dpdk).read().ports();
            throw new UnknownException(
                    "no port " + port + " with driver dpdk",
                    ports.stream().map(DpdkState.Port::name).toList());
        }
        return wanted;
    }
}
