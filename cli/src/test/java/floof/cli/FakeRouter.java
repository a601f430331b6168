package floof.cli;

import floof.api.AuditLog;
import floof.api.FastPathState;
import floof.api.Listeners;
import floof.api.Router;
import floof.api.SessionMessage;
import floof.api.Version;
import floof.api.commit.CommitRequest;
import floof.api.commit.CommitResult;
import floof.api.commit.CommitTime;
import floof.api.commit.Origin;
import floof.api.commit.PendingCommit;
import floof.api.fastpath.DpdkState;
import floof.api.fastpath.FastPathMemory;
import floof.api.fastpath.FastPathStatistics;
import floof.api.fastpath.FpcCounter;
import floof.api.fastpath.NodeRuntime;
import floof.api.fastpath.PacketTrace;
import floof.api.fastpath.SizingChoice;
import floof.api.fastpath.SyncState;
import floof.api.fastpath.TableFilling;
import floof.api.fastpath.WorkerState;
import floof.api.network.BgpSession;
import floof.api.network.InterfaceState;
import floof.api.network.Neighbour;
import floof.api.network.Port;
import floof.api.operation.Operations;
import floof.api.show.Shows;
import floof.api.view.Commands;
import floof.api.view.UnavailableException;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.base.alarm.Alarms;
import floof.config.candidate.Candidate;
import floof.config.candidate.Candidates;
import floof.config.check.Validation;
import floof.config.store.Revision;
import floof.config.text.Diff;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import floof.config.value.ConfigError;
import floof.config.value.StatementException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A router in memory: commits are kept, the rest is made up and does not change. */
public class FakeRouter implements Router, FastPathState {

    final FakeRoutes routes = new FakeRoutes();

    private static final Instant COMMITTED = Instant.parse("2026-02-15T11:20:57Z");

    final FakeAudit audit = new FakeAudit();
    final Alarms alarms = new Alarms(InstantSource.system());
    private final Candidates candidates = new Candidates(TestSchema.EMPTY);
    private final Listeners listeners = new Listeners();
    private final List<Branch> trees = new ArrayList<>();
    private final List<Revision> revisions = new ArrayList<>();
    private volatile @Nullable String unavailable;
    private volatile Duration delay = Duration.ZERO;

    /** How long each step of a commit takes. */
    public volatile Duration stepDelay = Duration.ZERO;

    private volatile @Nullable PendingCommit pending;
    private volatile @Nullable Branch rescue;
    private final FakeMachine machine = new FakeMachine();
    private volatile int traces;
    private volatile Commands contributed = Commands.of();

    /** From now on operational questions fail with this message. */
    void fail(String message) {
        unavailable = message;
    }

    /** From now on operational questions take so long. */
    public void delay(Duration length) {
        delay = length;
    }

    private <T> T answer(T value) throws UnavailableException {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            throw new UnavailableException("interrupted");
        }
        String message = unavailable;
        if (message != null) {
            throw new UnavailableException(message);
        }
        return value;
    }

    @Override
    public FakeMachine machine() {
        return machine;
    }

    @Override
    public Version version() {
        return new Version("0.1.0", "25.0.1", "6.18.0", "test", Instant.now(), null, "in use");
    }

    @Override
    public String hostName() {
        Branch system = running().branch("system");
        String name = system == null ? null : system.value("host-name", String.class);
        return name == null ? "floof" : name;
    }

    @Override
    public Alarms alarms() {
        return alarms;
    }

    @Override
    public AuditLog audit() {
        return audit;
    }

    @Override
    public Candidates candidates() {
        return candidates;
    }

    @Override
    public CommitResult check(CommitRequest request) {
        try {
            candidates.mayCommit(request.editor());
        } catch (StatementException e) {
            return refused(e.getMessage());
        }
        Candidate editor = request.editor();
        if (editor != null && editor.isBehind()) {
            return refused("others committed since");
        }
        return plan(request.current().tree());
    }

    private static CommitResult refused(String message) {
        return CommitResult.refused(List.of(new ConfigError(List.of(), null, message)));
    }

    @Override
    public CommitResult plan(Branch tree) {
        List<ConfigError> errors = new ArrayList<>(Validation.of(tree));
        for (Branch port : tree.entries("interfaces")) {
            String device = port.value("device", String.class);
            if (device != null && device.startsWith("nosuch")) {
                errors.add(
                        new ConfigError(
                                List.of("interfaces", port.name(), "device"),
                                device,
                                "there is no device " + device));
            }
        }
        if (!errors.isEmpty()) {
            return CommitResult.refused(errors);
        }
        return CommitResult.done(
                List.of(),
                Diff.between(running(), tree).stream()
                        .map(change -> "change " + String.join(" ", change.path()))
                        .toList());
    }

    @Override
    public synchronized CommitResult commit(CommitRequest asked) {
        CommitRequest request = asked.current();
        CommitResult result = check(request);
        if (!result.isDone()) {
            return result;
        }
        Origin origin = request.origin();
        CommitTime at = request.at();
        if (at != null) {
            pending =
                    at instanceof CommitTime.At time
                            ? new PendingCommit(PendingCommit.Kind.TIME, time.time(), origin)
                            : new PendingCommit(PendingCommit.Kind.REBOOT, null, origin);
            candidates.freeze("a commit waits for its time");
            return result;
        }
        Duration within = request.confirmWithin();
        pending =
                within == null
                        ? null
                        : new PendingCommit(
                                PendingCommit.Kind.CONFIRMATION,
                                Instant.now().plus(within),
                                origin);
        int number = 0;
        for (String step : result.steps()) {
            request.progress()
                    .accept(step + " (" + ++number + " of " + result.steps().size() + ")");
            LockSupport.parkNanos(stepDelay.toNanos());
        }
        candidates.committed(request.tree(), request.editor());
        trees.addFirst(request.tree());
        revisions.addFirst(
                new Revision(
                        0,
                        COMMITTED,
                        origin.user(),
                        origin.client(),
                        origin.comment(),
                        "0".repeat(64)));
        return result;
    }

    @Override
    public @Nullable PendingCommit pending() {
        return pending;
    }

    @Override
    public boolean clearPending() {
        boolean isWaiting = pending != null;
        pending = null;
        candidates.freeze(null);
        return isWaiting;
    }

    @Override
    public Loaded rescue() throws IOException {
        Branch kept = rescue;
        if (kept == null) {
            throw new IOException("there is no rescue configuration");
        }
        return TextParser.loadStored(TestSchema.EMPTY, TextPrinter.print(kept));
    }

    @Override
    public void saveRescue() {
        rescue = running();
    }

    @Override
    public boolean deleteRescue() {
        boolean was = rescue != null;
        rescue = null;
        return was;
    }

    @Override
    public Listening listen(Consumer<SessionMessage> listener) {
        return listeners.add(listener);
    }

    @Override
    public void tell(String text) {
        listeners.tell(text);
    }

    @Override
    public synchronized List<Revision> history() {
        List<Revision> numbered = new ArrayList<>();
        for (Revision r : revisions) {
            numbered.add(
                    new Revision(
                            numbered.size(),
                            r.time(),
                            r.user(),
                            r.client(),
                            r.comment(),
                            r.digest()));
        }
        return numbered;
    }

    @Override
    public synchronized Branch revision(int number) throws IOException {
        if (number >= trees.size()) {
            throw new IOException("there is no revision " + number);
        }
        return trees.get(number);
    }

    /** What happens before interfaces are named. */
    volatile Runnable beforeInterfaces = () -> {};

    @Override
    public List<InterfaceState> interfaces() throws UnavailableException {
        beforeInterfaces.run();
        return answer(
                List.of(
                        new InterfaceState(
                                "ge-0",
                                3,
                                true,
                                true,
                                MacAddress.parse("02:00:00:00:00:01"),
                                1500,
                                "the client",
                                List.of(
                                        InterfaceAddress.parse("192.0.2.1/24"),
                                        InterfaceAddress.parse("192.0.2.77/24"),
                                        InterfaceAddress.parse("2001:db8:1::1/64")),
                                "eth0",
                                "af-packet",
                                new InterfaceState.Traffic(1000, 64000),
                                new InterfaceState.Traffic(900, 57600),
                                List.of(),
                                List.of(),
                                ""),
                        new InterfaceState(
                                "ge-1",
                                4,
                                true,
                                false,
                                MacAddress.parse("02:00:00:00:00:02"),
                                9000,
                                "",
                                List.of(),
                                null,
                                "dpdk",
                                null,
                                null,
                                List.of(),
                                List.of(),
                                ""),
                        new InterfaceState(
                                "lo", 1, true, true, null, 65536, "", List.of(), null, null, null,
                                null, List.of(), List.of(), "")));
    }

    @Override
    public Commands commands() {
        return Shows.of(this, routes).and(Operations.of(this), contributed);
    }

    @Override
    public void contribute(Commands more) {
        contributed = more;
    }

    @Override
    public List<Neighbour> arp() throws UnavailableException {
        return answer(
                List.of(
                        new Neighbour(
                                IpAddress.parse("192.0.2.2"),
                                MacAddress.parse("02:00:00:00:00:11"),
                                "ge-0",
                                "reachable",
                                false),
                        new Neighbour(
                                IpAddress.parse("192.0.2.3"), null, "ge-0", "failed", false)));
    }

    @Override
    public List<Neighbour> ip6Neighbours() throws UnavailableException {
        return answer(
                List.of(
                        new Neighbour(
                                IpAddress.parse("2001:db8:1::2"),
                                MacAddress.parse("02:00:00:00:00:11"),
                                "ge-0",
                                "stale",
                                true)));
    }

    @Override
    public List<BgpSession> bgpSessions() throws UnavailableException {
        return answer(
                List.of(
                        new BgpSession(
                                "transit",
                                "the way out",
                                IpAddress.parse("198.51.100.2"),
                                65010,
                                65000,
                                "Established",
                                Instant.now().minus(Duration.ofDays(9).plusSeconds(61)),
                                "",
                                null,
                                null,
                                null,
                                IpAddress.parse("198.51.100.1"),
                                IpAddress.parse("198.51.100.2"),
                                240,
                                80,
                                new BgpSession.Counts(12, 10, 9, 2)),
                        new BgpSession(
                                "transit",
                                "the way out",
                                IpAddress.parse("2001:db8:2::2"),
                                65010,
                                65000,
                                "Active",
                                null,
                                "Connection refused",
                                BgpSession.Direction.TRANSPORT,
                                Instant.now().minus(Duration.ofSeconds(61)),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)));
    }

    @Override
    public FastPathState fastPath() {
        return this;
    }

    @Override
    public FastPathStatistics statistics() throws UnavailableException {
        return answer(
                new FastPathStatistics(
                        1010,
                        1000,
                        9,
                        1,
                        7,
                        List.of(
                                new FastPathStatistics.ReasonCount(Reason.ARP, 9, 0),
                                new FastPathStatistics.ReasonCount(Reason.BAD_CHECKSUM, 1, 0)),
                        List.of(
                                new FastPathStatistics.InterfaceCount(
                                        "ge-0",
                                        1010,
                                        64640,
                                        1007,
                                        64448,
                                        7,
                                        9,
                                        1,
                                        List.of(
                                                new FastPathStatistics.DropCount(
                                                        "bad-checksum", 1)))),
                        List.of(new FastPathStatistics.WorkerCount(0, 1010, 1007, 9, 1, 7))));
    }

    @Override
    public List<Port> ports() throws UnavailableException {
        Port.Counters counters =
                new Port.Counters(1000, 64_000, 7, 0, 0, 12, 900, 57_600, 3, 0, 1, 5, 0);
        return answer(
                List.of(
                        new Port(0, "ge-0", "af-packet", "eth0", "up", counters),
                        new Port(1, "ge-1", "dpdk", "eth1", "failed: no such card", null)));
    }

    @Override
    public DpdkState dpdk() throws UnavailableException {
        return answer(
                new DpdkState(
                        "DPDK 22.11.11",
                        false,
                        16896,
                        16000,
                        List.of(
                                new DpdkState.Port(
                                        "ge-1",
                                        "net_memif1",
                                        "net_memif",
                                        "role=client",
                                        "02:f1:00:00:00:01",
                                        "up",
                                        1,
                                        1))));
    }

    @Override
    public List<DpdkState.Counter> dpdkCounters() throws UnavailableException {
        return answer(
                List.of(
                        new DpdkState.Counter("ge-1", "rx_good_packets", 7),
                        new DpdkState.Counter("ge-1", "tx_good_packets", 0)));
    }

    @Override
    public List<NodeRuntime> nodes() throws UnavailableException {
        return answer(List.of(new NodeRuntime(0, "ip4-lookup", 10, 1000, 100, 21.25)));
    }

    @Override
    public List<FpcCounter> messages() throws UnavailableException {
        return answer(List.of(new FpcCounter("manager", "route", 1234, 0)));
    }

    @Override
    public SyncState sync() throws UnavailableException {
        return answer(
                new SyncState(
                        "synchronized",
                        3,
                        6,
                        2,
                        1234,
                        0,
                        42,
                        1,
                        1,
                        null,
                        List.of("ip rule 100: from 10.0.0.0/8 lookup 100"),
                        ""));
    }

    @Override
    public List<WorkerState> workers() throws UnavailableException {
        return answer(
                List.of(
                        new WorkerState(
                                0,
                                1,
                                9000,
                                800,
                                1010,
                                12,
                                0,
                                40,
                                30,
                                2,
                                List.of(
                                        new WorkerState.Pause(
                                                "preempted",
                                                3,
                                                5500,
                                                5100,
                                                List.of(
                                                        new WorkerState.Column(131, 2),
                                                        new WorkerState.Column(4194, 1)))))));
    }

    @Override
    public List<SizingChoice> sizing() throws UnavailableException {
        return answer(List.of(new SizingChoice("workers", "1", "2 CPUs, 2 cores")));
    }

    @Override
    public FastPathMemory memory() throws UnavailableException {
        return answer(
                new FastPathMemory(
                        List.of(
                                new TableFilling(
                                        "ip4-routes", 500, 2_000_000, 1_999_500, 3, 64 << 20)),
                        List.of(
                                new FastPathMemory.Mapped(
                                        "tables", 900 << 20, 460 << 20, 458 << 20))));
    }

    @Override
    public void addTrace(int count) throws UnavailableException {
        traces = answer(count);
    }

    @Override
    public List<PacketTrace> traces() throws UnavailableException {
        return answer(
                traces == 0
                        ? List.of()
                        : List.of(
                                new PacketTrace(
                                        1,
                                        0,
                                        List.of(
                                                new PacketTrace.Step(
                                                        "ip4-input", "192.0.2.2 > 203.0.113.9"),
                                                new PacketTrace.Step("drop", "no-route")))));
    }
}
