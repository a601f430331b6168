package floof.control.show;

import floof.api.FastPathState;
import floof.api.fastpath.DpdkState;
import floof.api.fastpath.FastPathMemory;
import floof.api.fastpath.FastPathStatistics;
import floof.api.fastpath.FastPathStatistics.DropCount;
import floof.api.fastpath.FastPathStatistics.InterfaceCount;
import floof.api.fastpath.FastPathStatistics.ReasonCount;
import floof.api.fastpath.FastPathStatistics.WorkerCount;
import floof.api.fastpath.FpcCounter;
import floof.api.fastpath.NodeRuntime;
import floof.api.fastpath.PacketTrace;
import floof.api.fastpath.SizingChoice;
import floof.api.fastpath.SyncState;
import floof.api.fastpath.TableFilling;
import floof.api.fastpath.WorkerState;
import floof.api.network.Port;
import floof.api.view.UnavailableException;
import floof.base.Reason;
import floof.control.fastpath.FastPath;
import floof.control.fpc.FpcPages;
import floof.control.fpc.ManagerConnection;
import floof.control.port.Claim;
import floof.fpc.CounterKind;
import floof.fpc.FactKind;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the fast path and its manager say of themselves, as the operator sees it.
 *
 * @param tables file of the shared tables
 * @param claims ports by name
 * @param refused ports that the fast path does not have, and why
 * @param mirror how far the fast path mirrors Linux
 */
public record FastPathViews(
        FastPath fastPath,
        ManagerConnection manager,
        Path tables,
        Supplier<Map<String, Claim>> claims,
        Supplier<Map<String, String>> refused,
        Supplier<SyncState> mirror)
        implements FastPathState {

    /** How the first line of a traced packet begins, and what comes before its worker. */
    private static final String TRACE_HEAD = "received on ";

    private static final String TRACE_WORKER = " by worker ";

    @Override
    public SyncState sync() {
        return mirror.get();
    }

    public Map<String, InterfaceCount> interfaceCounts() throws IOException {
        Map<String, List<DropCount>> drops = new HashMap<>();
        for (FpcPages.Row row : FpcPages.counters(manager.client(), CounterKind.DROP)) {
            drops.put(row.name(), drops(row));
        }
        Map<String, InterfaceCount> counts = new LinkedHashMap<>();
        for (FpcPages.Row row : FpcPages.counters(manager.client(), CounterKind.INTERFACE)) {
            counts.put(
                    row.name(),
                    new InterfaceCount(
                            row.name(),
                            row.value("rx-packets"),
                            row.value("rx-bytes"),
                            row.value("tx-packets"),
                            row.value("tx-bytes"),
                            row.value("from-linux"),
                            row.value("excepted"),
                            row.value("dropped"),
                            drops.getOrDefault(row.name(), List.of())));
        }
        return counts;
    }

    private static List<DropCount> drops(FpcPages.Row row) {
        List<DropCount> drops = new ArrayList<>();
        for (int i = 0; i < row.columns().size(); i++) {
            if (row.values().get(i) != 0) {
                drops.add(new DropCount(row.columns().get(i), row.values().get(i)));
            }
        }
        return drops;
    }

    @Override
    public FastPathStatistics statistics() throws IOException {
        List<InterfaceCount> interfaces = List.copyOf(interfaceCounts().values());
        List<ReasonCount> reasons = new ArrayList<>();
        long excepted = 0;
        long dropped = 0;
        Map<String, FpcPages.Row> rows = new LinkedHashMap<>();
        for (FpcPages.Row row : FpcPages.counters(manager.client(), CounterKind.REASON)) {
            rows.put(row.name(), row);
        }
        for (Reason reason : Reason.values()) {
            FpcPages.Row row = rows.get(reason.label());
            if (row != null && (row.value("packets") | row.value("policed")) != 0) {
                long packets = row.value("packets");
                long policed = row.value("policed");
                excepted += reason.isDrop() ? 0 : packets;
                dropped += policed + (reason.isDrop() ? packets : 0);
                reasons.add(new ReasonCount(reason, packets, policed));
            }
        }
        // By workers: what came before its port had an interface is in none of theirs.
        List<WorkerCount> workers = workerCounts();
        long received = workers.stream().mapToLong(WorkerCount::received).sum();
        long sent = workers.stream().mapToLong(WorkerCount::sent).sum();
        long fromLinux = workers.stream().mapToLong(WorkerCount::fromLinux).sum();
        return new FastPathStatistics(
                received,
                Math.max(0, sent - fromLinux),
                excepted,
                dropped,
                fromLinux,
                reasons,
                interfaces,
                workers);
    }

    private List<WorkerCount> workerCounts() throws IOException {
        return FpcPages.counters(manager.client(), CounterKind.WORKER).stream()
                .map(row ->
                        new WorkerCount(
                                Integer.parseInt(row.name()),
                                row.value("rx-packets"),
                                row.value("tx-packets"),
                                row.value("excepted"),
                                row.value("dropped"),
                                row.value("from-linux")))
                .toList();
    }

    @Override
    public List<WorkerState> workers() throws IOException {
        FpcClient client = fastPath.client();
        List<FpcPages.Row> pauses = FpcPages.counters(client, CounterKind.PAUSE);
        return FpcPages.counters(client, CounterKind.CYCLE).stream()
                .map(row ->
                        new WorkerState(
                                Integer.parseInt(row.name()),
                                Math.toIntExact(row.value("cpu")),
                                row.value("cycles"),
                                row.value("busy-cycles"),
                                row.value("packets"),
                                row.value("sleeps"),
                                row.value("stolen-ms"),
                                row.value("handed-over"),
                                row.value("taken-over"),
                                row.value("hand-over-full"),
                                pauses(pauses, row.name() + " ")))
                .toList();
    }

    private static List<WorkerState.Pause> pauses(List<FpcPages.Row> rows, String worker) {
        List<WorkerState.Pause> pauses = new ArrayList<>();
        for (FpcPages.Row row : rows) {
            List<WorkerState.Column> histogram = new ArrayList<>();
            for (int i = 0; i < row.columns().size(); i++) {
                String column = row.columns().get(i);
                if (Character.isDigit(column.charAt(0))) {
                    histogram.add(
                            new WorkerState.Column(Long.parseLong(column), row.values().get(i)));
                }
            }
            long count = histogram.stream().mapToLong(WorkerState.Column::count).sum();
            if (count != 0 && row.name().startsWith(worker)) {
                pauses.add(
                        new WorkerState.Pause(
                                row.name().substring(worker.length()),
                                count,
                                row.value("sum-us"),
                                row.value("longest-us"),
                                histogram));
            }
        }
        return pauses;
    }

    @Override
    public List<SizingChoice> sizing() throws IOException {
        return FpcPages.facts(fastPath.client(), FactKind.SIZING).stream()
                .map(row ->
                        new SizingChoice(cell(row, "name"), cell(row, "value"), cell(row, "from")))
                .toList();
    }

    @Override
    public List<Port> ports() throws IOException {
        Map<String, Claim> claims = this.claims.get();
        List<Port> ports = new ArrayList<>();
        Map<String, Port.Counters> counters = new HashMap<>();
        for (FpcPages.Row row : FpcPages.counters(fastPath.client(), CounterKind.PORT)) {
            counters.put(row.name(), portCounters(row));
        }
        for (Message.PortState port : FpcPages.ports(fastPath.client())) {
            Claim claim = claims.get(port.name());
            ports.add(
                    new Port(
                            port.index(),
                            port.name(),
                            claim == null ? "" : claim.driver().label(),
                            claim == null || claim.device() == null ? null : claim.device().name(),
                            port.up() ? "up" : "down",
                            counters.get(port.name())));
        }
        for (Map.Entry<String, String> it : refused.get().entrySet()) {
            Claim claim = claims.get(it.getKey());
            if (claim != null && !counters.containsKey(it.getKey())) {
                ports.add(
                        new Port(
                                claim.index(),
                                claim.port(),
                                claim.driver().label(),
                                claim.device() == null ? null : claim.device().name(),
                                "failed: " + it.getValue(),
                                null));
            }
        }
        ports.sort(Comparator.comparingInt(Port::index));
        return ports;
    }

    private static Port.Counters portCounters(FpcPages.Row row) {
        return new Port.Counters(
                row.value("rx-packets"),
                row.value("rx-bytes"),
                row.value("rx-missed"),
                row.value("rx-no-buffer"),
                row.value("rx-bad-length"),
                row.value("rx-repaired"),
                row.value("tx-packets"),
                row.value("tx-bytes"),
                row.value("tx-full"),
                row.value("tx-errors"),
                row.value("tx-unfit"),
                row.value("tx-finished"),
                row.value("tx-cut"));
    }

    @Override
    public DpdkState dpdk() throws IOException {
        List<DpdkState.Port> ports =
                FpcPages.facts(fastPath.client(), FactKind.DPDK_PORTS).stream()
                        .map(row ->
                                new DpdkState.Port(
                                        cell(row, "port"),
                                        cell(row, "device"),
                                        cell(row, "driver"),
                                        cell(row, "arguments"),
                                        cell(row, "mac"),
                                        cell(row, "link"),
                                        Integer.parseInt(cell(row, "rx-queues")),
                                        Integer.parseInt(cell(row, "tx-queues"))))
                        .toList();
        for (Map<String, String> row : FpcPages.facts(fastPath.client(), FactKind.DPDK)) {
            return new DpdkState(
                    cell(row, "version"),
                    cell(row, "huge-pages").equals("yes"),
                    Integer.parseInt(cell(row, "buffers")),
                    Integer.parseInt(cell(row, "free-buffers")),
                    ports);
        }
        return new DpdkState(null, false, 0, 0, ports);
    }

    @Override
    public List<DpdkState.Counter> dpdkCounters() throws IOException {
        return FpcPages.facts(fastPath.client(), FactKind.DPDK_XSTATS).stream()
                .map(row ->
                        new DpdkState.Counter(
                                cell(row, "port"),
                                cell(row, "name"),
                                Long.parseUnsignedLong(cell(row, "value"))))
                .toList();
    }

    private static String cell(Map<String, String> row, String column) {
        return row.getOrDefault(column, "");
    }

    @Override
    public List<NodeRuntime> nodes() throws IOException {
        return FpcPages.nodes(fastPath.client()).stream()
                .map(node ->
                        new NodeRuntime(
                                node.worker(),
                                node.name(),
                                node.calls(),
                                node.packets(),
                                ratio(node.packets(), node.calls()),
                                ratio(node.clocks(), node.packets())))
                .toList();
    }

    private static double ratio(long of, long to) {
        return to == 0 ? 0 : (double) of / to;
    }

    @Override
    public List<FpcCounter> messages() throws IOException {
        List<FpcCounter> counters = new ArrayList<>();
        messages(counters, "manager", manager.client());
        messages(counters, "fast-path", fastPath.client());
        return counters;
    }

    private static void messages(List<FpcCounter> into, String end, FpcClient client)
            throws IOException {
        for (FpcPages.Row row : FpcPages.counters(client, CounterKind.MESSAGE)) {
            long received = row.value("received");
            if (received != 0) {
                into.add(new FpcCounter(end, row.name(), received, row.value("refused")));
            }
        }
    }

    @Override
    public FastPathMemory memory() throws IOException {
        return new FastPathMemory(filling(), mappings());
    }

    private List<FastPathMemory.Mapped> mappings() {
        try {
            return Smaps.of(fastPath.process().pid(), tables);
        } catch (IOException e) {
            return List.of(); // it is being restarted
        }
    }

    private List<TableFilling> filling() throws IOException {
        Message.Filling filling =
                manager.client().ask(new Message.FillingRequest(), Message.Filling.class);
        return filling.rows().stream()
                .map(row ->
                        new TableFilling(
                                row.table(),
                                row.used(),
                                row.limit(),
                                row.fits(),
                                row.refused(),
                                row.sizeBytes()))
                .toList();
    }

    @Override
    public void addTrace(int count) throws UnavailableException {
        try {
            fastPath.client().tell(new Message.TraceAdd(count));
        } catch (IOException e) {
            throw new UnavailableException("the fast path does not answer: " + e.getMessage(), e);
        }
    }

    /** A packet is a line that says where it came from, then one per node. */
    @Override
    public List<PacketTrace> traces() throws IOException {
        List<PacketTrace> traces = new ArrayList<>();
        List<PacketTrace.Step> steps = new ArrayList<>();
        int worker = 0;
        for (String line : FpcPages.trace(fastPath.client())) {
            if (line.startsWith(TRACE_HEAD)) {
                if (!steps.isEmpty()) {
                    traces.add(new PacketTrace(traces.size() + 1, worker, steps));
                    steps = new ArrayList<>();
                }
                int last = line.lastIndexOf(TRACE_WORKER);
                worker = Integer.parseInt(line.substring(last + TRACE_WORKER.length()));
            } else {
                steps.add(step(line));
            }
        }
        if (!steps.isEmpty()) {
            traces.add(new PacketTrace(traces.size() + 1, worker, steps));
        }
        return traces;
    }

    /** {@code NODE: TEXT -> EXIT}, the last two where there are. */
    private static PacketTrace.Step step(String line) {
        int end = line.indexOf(": ");
        int rest = end + 2;
        if (end < 0) {
            end = line.indexOf(" -> ");
            rest = end + 1;
        }
        return end < 0
                ? new PacketTrace.Step(line, "")
                : new PacketTrace.Step(line.substring(0, end), line.substring(rest));
    }
}
