package floof.cli.show;

import floof.api.Router;
import floof.api.fastpath.FastPathMemory;
import floof.api.fastpath.FastPathStatistics;
import floof.api.fastpath.FpcCounter;
import floof.api.fastpath.NodeRuntime;
import floof.api.fastpath.PacketTrace;
import floof.api.fastpath.SyncState;
import floof.api.fastpath.TableFilling;
import floof.api.network.Port;
import floof.api.view.UnavailableException;
import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.Table;
import floof.cli.answer.Times;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Output of {@code show fast-path}. */
public final class ShowFastPath {

    private ShowFastPath() {}

    public static Answer statistics(Router router) throws UnavailableException {
        FastPathStatistics s = router.fastPathStatistics();
        Table interfaces =
                new Table(
                        "Interface",
                        ">In packets",
                        ">In bytes?4",
                        ">Out packets",
                        ">Out bytes?4",
                        ">From Linux?3",
                        ">Exceptions?1",
                        ">Drops");
        for (FastPathStatistics.InterfaceCount i : s.interfaces()) {
            interfaces.row(
                    i.name(),
                    i.rxPackets(),
                    i.rxBytes(),
                    i.txPackets(),
                    i.txBytes(),
                    i.fromLinux(),
                    i.excepted(),
                    i.dropped());
        }
        Table reasons = new Table("Reason", "Kind", ">Packets", ">Policed?1", "Meaning");
        for (FastPathStatistics.ReasonCount r : s.reasons()) {
            reasons.row(r.reason(), r.kind(), r.packets(), r.policed(), r.text());
        }
        return new Answer.Data(
                s,
                "Packets: "
                        + s.received()
                        + " received, "
                        + s.forwarded()
                        + " forwarded, "
                        + s.excepted()
                        + " to Linux, "
                        + s.dropped()
                        + " dropped, "
                        + s.fromLinux()
                        + " from Linux\n\n",
                interfaces,
                "\n",
                reasons,
                "\n",
                ShowWorkers.counts(s.workers()));
    }

    public static Answer ports(Router router) throws UnavailableException {
        List<Port> ports = router.ports();
        Table table =
                new Table(
                        ">Index",
                        "Port",
                        "Driver?3",
                        "Device?4",
                        ">Received",
                        ">Lost?1",
                        ">Sent",
                        ">Unsent?2",
                        "State");
        Table causes = new Table("Port", "Of these", ">Packets");
        boolean hasCauses = false;
        for (Port p : ports) {
            Port.Counters c = p.counters();
            if (c == null) {
                table.row(
                        p.index(),
                        p.name(),
                        p.driver(),
                        p.device(),
                        null,
                        null,
                        null,
                        null,
                        p.state());
                continue;
            }
            table.row(
                    p.index(),
                    p.name(),
                    p.driver(),
                    p.device(),
                    c.received(),
                    c.lost(),
                    c.sent(),
                    c.unsent(),
                    p.state());
            for (Map.Entry<String, Long> cause : causes(c).entrySet()) {
                if (cause.getValue() != 0) {
                    hasCauses = true;
                    causes.row(p.name(), cause.getKey(), cause.getValue());
                }
            }
        }
        return Answer.Data.of(
                Port.class, ports, table, hasCauses ? "\n" : "", hasCauses ? causes : "");
    }

    /** What is worth a line where it is not zero. */
    private static Map<String, Long> causes(Port.Counters c) {
        Map<String, Long> causes = new LinkedHashMap<>();
        causes.put("lost: the device's ring was full", c.missed());
        causes.put("lost: no buffer", c.noBuffer());
        causes.put("lost: too short or too long", c.badLength());
        causes.put("received: checksum repaired", c.repaired());
        causes.put("sent: checksum finished", c.finished());
        causes.put("sent: frames cut into packets", c.cut());
        causes.put("unsent: the device took no more", c.full());
        causes.put("unsent: the device refused", c.refused());
        causes.put("unsent: offload that cannot be done", c.unfit());
        return causes;
    }

    public static Answer nodes(Router router) throws UnavailableException {
        List<NodeRuntime> nodes = router.nodes();
        Table table =
                new Table(
                        ">Worker",
                        "Node",
                        ">Calls?1",
                        ">Packets",
                        ">Packets/call?2",
                        ">Clocks/packet");
        for (NodeRuntime n : nodes) {
            table.row(
                    n.worker(),
                    n.name(),
                    n.calls(),
                    n.packets(),
                    decimal(n.packetsPerCall()),
                    decimal(n.clocksPerPacket()));
        }
        return Answer.Data.of(NodeRuntime.class, nodes, table);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    public static Answer fpc(Router router) throws UnavailableException {
        List<FpcCounter> counters = router.fpcCounters();
        Table table = new Table("End", "Message", ">Received", ">Failed");
        counters.forEach(c -> table.row(c.end(), c.type(), c.received(), c.failed()));
        return Answer.Data.of(FpcCounter.class, counters, table);
    }

    public static Answer sync(Router router) throws UnavailableException {
        SyncState s = router.sync();
        return new Answer.Data(
                s,
                "State: "
                        + s.state()
                        + ", "
                        + Plural.of(s.pending(), "object")
                        + " pending\nObjects: "
                        + Plural.of(s.links(), "link")
                        + ", "
                        + Plural.of(s.addresses(), "address")
                        + ", "
                        + Plural.of(s.neighbours(), "neighbour")
                        + ", "
                        + Plural.of(s.routes(), "route")
                        + "\nEvents: "
                        + s.events()
                        + ", overruns: "
                        + s.overruns()
                        + ", resyncs: "
                        + s.resyncs()
                        + ", last resync: "
                        + Times.age(s.lastResync(), Instant.now())
                        + (s.lastResync() == null ? "" : " ago")
                        + "\n"
                        + obstacles(s));
    }

    private static String obstacles(SyncState state) {
        StringBuilder text = new StringBuilder();
        if (!state.error().isEmpty()) {
            text.append("Error: ").append(state.error()).append('\n');
        }
        if (!state.obstacles().isEmpty()) {
            text.append("Linux forwards every packet itself; the fast path cannot follow:\n");
            state.obstacles().forEach(it -> text.append("  ").append(it).append('\n'));
        }
        return text.toString();
    }

    public static Answer memory(Router router) throws UnavailableException {
        FastPathMemory memory = router.memory();
        Table tables =
                new Table(
                        "Table",
                        ">Used",
                        ">Capacity",
                        ">Filled",
                        ">Still fit?1",
                        ">Refused",
                        ">MiB?2");
        long sizeBytes = 0;
        for (TableFilling t : memory.tables()) {
            double percent = t.capacity() == 0 ? 0 : 100.0 * t.used() / t.capacity();
            tables.row(
                    t.table(),
                    t.used(),
                    t.capacity(),
                    decimal(percent) + "%",
                    t.fits(),
                    t.refused(),
                    mebibytes(t.sizeBytes()));
            sizeBytes += t.sizeBytes();
        }
        tables.row("all", "", "", "", "", "", mebibytes(sizeBytes));
        Table mappings = new Table("Memory", ">MiB", ">Resident", ">On huge pages");
        for (FastPathMemory.Mapped m : memory.mappings()) {
            mappings.row(
                    m.what(),
                    mebibytes(m.sizeBytes()),
                    mebibytes(m.residentBytes()),
                    mebibytes(m.hugeBytes()));
        }
        return new Answer.Data(memory, tables, "\n", mappings);
    }

    private static String mebibytes(long bytes) {
        return decimal(bytes / 1048576.0);
    }

    public static Answer trace(Router router) throws UnavailableException {
        List<PacketTrace> traces = router.traces();
        StringBuilder text = new StringBuilder();
        for (PacketTrace trace : traces) {
            text.append(text.isEmpty() ? "" : "\n");
            text.append("Packet ")
                    .append(trace.number())
                    .append(" (worker ")
                    .append(trace.worker())
                    .append(")\n");
            for (PacketTrace.Step step : trace.steps()) {
                text.append("  ").append(step.node()).append('\n');
                step.text().lines().forEach(line -> text.append("    ").append(line).append('\n'));
            }
        }
        return Answer.Data.of(
                PacketTrace.class,
                traces,
                text.isEmpty() ? "No packets traced ('trace add N' starts)\n" : text.toString());
    }
}
