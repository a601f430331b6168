package floof.cli.show;

import floof.api.Router;
import floof.api.fastpath.DpdkState;
import floof.api.view.UnavailableException;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Output of {@code show dpdk}. */
public final class ShowDpdk {

    private static final String NONE =
            "The fast path runs without DPDK (no port has driver dpdk)\n";

    private ShowDpdk() {}

    public static Answer version(Router router) throws UnavailableException {
        DpdkState s = router.dpdk();
        return new Answer.Data(
                s,
                s.version() == null
                        ? NONE
                        : "Libraries: "
                                + s.version()
                                + "\nMemory: "
                                + (s.hugePages() ? "huge pages" : "small pages")
                                + "\nBuffers: "
                                + s.buffers()
                                + ", "
                                + s.freeBuffers()
                                + " free\n");
    }

    public static Answer ports(Router router) throws UnavailableException {
        DpdkState s = router.dpdk();
        Table table =
                new Table(
                        "Port",
                        "Device",
                        "Driver?4",
                        "MAC?3",
                        "Link",
                        ">Rx queues?1",
                        ">Tx queues?2",
                        "Arguments");
        for (DpdkState.Port p : s.ports()) {
            table.row(
                    p.name(),
                    p.device(),
                    p.driver(),
                    p.mac(),
                    p.link(),
                    p.rxQueues(),
                    p.txQueues(),
                    p.arguments());
        }
        return Answer.Data.of(DpdkState.Port.class, s.ports(), s.version() == null ? NONE : table);
    }

    /**
     * @param port null for all: then the text leaves out what is zero
     */
    public static Answer counters(Router router, @Nullable String port)
            throws UnavailableException, CommandException {
        List<DpdkState.Counter> all =
                router.dpdkCounters().stream()
                        .filter(it -> port == null || it.port().equals(port))
                        .toList();
        if (port != null && all.isEmpty()) {
            throw CommandException.unknown(
                    "no port " + port + " with driver dpdk",
                    router.dpdk().ports().stream().map(DpdkState.Port::name).toList());
        }
        Table table = new Table("Port", "Counter", ">Value");
        all.stream()
                .filter(it -> it.value() != 0 || port != null)
                .forEach(it -> table.row(it.port(), it.name(), it.value()));
        return Answer.Data.of(DpdkState.Counter.class, all, table);
    }
}
