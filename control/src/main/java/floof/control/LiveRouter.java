package floof.control;

import floof.api.AuditLog;
import floof.api.FastPathState;
import floof.api.Listeners;
import floof.api.Machine;
import floof.api.Router;
import floof.api.SessionMessage;
import floof.api.Version;
import floof.api.commit.CommitRequest;
import floof.api.commit.CommitResult;
import floof.api.commit.PendingCommit;
import floof.api.fastpath.FastPathStatistics;
import floof.api.fastpath.SyncState;
import floof.api.network.BgpSession;
import floof.api.network.InterfaceState;
import floof.api.network.Neighbour;
import floof.api.operation.Operations;
import floof.api.show.Shows;
import floof.api.view.Commands;
import floof.api.view.UnavailableException;
import floof.base.Family;
import floof.base.Prefix;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.config.candidate.Candidates;
import floof.config.store.History;
import floof.config.store.Revision;
import floof.config.text.Loaded;
import floof.config.tree.Branch;
import floof.config.value.Vault;
import floof.control.audit.ChainedLog;
import floof.control.audit.CommitRecords;
import floof.control.bgp.BgpViews;
import floof.control.bgp.SessionWatch;
import floof.control.bird.BgpSessions;
import floof.control.bird.Bird;
import floof.control.bird.BirdException;
import floof.control.bird.Routing;
import floof.control.commit.Commits;
import floof.control.commit.LinkWatch;
import floof.control.commit.Reconciler;
import floof.control.commit.StoredConfiguration;
import floof.control.commit.Unconfirmed;
import floof.control.commit.Waiting;
import floof.control.fastpath.FastPath;
import floof.control.fastpath.FastPathDepartment;
import floof.control.fpc.ManagerConnection;
import floof.control.instance.Instance;
import floof.control.plan.Department;
import floof.control.plan.Intent;
import floof.control.port.Ports;
import floof.control.routes.LiveRoutes;
import floof.control.service.Service;
import floof.control.show.FastPathViews;
import floof.control.show.LinkViews;
import floof.control.show.LiveMachine;
import floof.control.statics.StaticReasons;
import floof.control.users.Users;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.NetworkNamespace;
import floof.linux.system.Syslog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running router behind the front ends. Thread: any. */
public final class LiveRouter implements Router, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRouter.class);

    private final Instance instance;
    private final History history;
    private final Alarms alarms;
    private final Candidates candidates;
    private final Listeners listeners = new Listeners();
    private final Ports ports;
    private final ChainedLog audit;
    private final Reconciler reconciler;
    private final List<Service> services;
    private final Commits commits;
    private final FastPathViews fastPathViews;
    private final LiveMachine machine;
    private final LinkViews linkViews;
    private volatile Commands commands;
    private final FastPath fastPath;
    private Branch intentOf;
    private Intent intent = Intent.EMPTY;
    private final SessionWatch sessionWatch;
    private final BgpViews bgpViews;
    private final Rtnetlink dataplane;
    private final Instant started = Instant.now();
    private @Nullable LinkWatch watch;

    /**
     * @param configuration the history's running one, with what BIRD refuses left out
     * @param waiting the commit that waits
     * @param sync what the cache manager does
     * @param faults why the fast path has no route to a prefix; empty when it has
     * @param services what statements switch on, for this router
     * @param tasks runs {@code audit-flush} and {@code commit-timer}
     */
    LiveRouter(
            Instance instance,
            History history,
            StoredConfiguration configuration,
            Vault vault,
            Alarms alarms,
            Tasks tasks,
            Ports ports,
            FastPath fastPath,
            Bird bird,
            ManagerConnection manager,
            Waiting waiting,
            Supplier<SyncState> sync,
            Function<Prefix, String> faults,
            Function<Router, List<Service>> services)
            throws IOException {
        this.instance = instance;
        this.history = history;
        this.alarms = alarms;
        this.candidates = new Candidates(configuration.stored(), configuration.usable());
        this.intentOf = Branch.empty(history.running().schema());
        this.ports = ports;
        this.fastPath = fastPath;
        this.dataplane =
                NetworkNamespace.call(instance.dataplane(), () -> Rtnetlink.open("router: show"));
        this.audit = new ChainedLog(instance.state().resolve("audit"), vault, alarms, tasks);
        this.services = services.apply(this);
        this.reconciler = new Reconciler(departments(bird), alarms);
        this.commits =
                new Commits(
                        instance,
                        history,
                        candidates,
                        configuration,
                        reconciler,
                        InstantSource.system(),
                        waiting,
                        tasks,
                        listeners,
                        new CommitRecords(audit, new Syslog(Syslog.SOCKET)),
                        alarms);
        this.machine =
                new LiveMachine(
                        instance,
                        bird,
                        fastPath,
                        candidates::working,
                        () -> ports.claims().values());
        this.fastPathViews =
                new FastPathViews(
                        fastPath,
                        manager,
                        instance.tables(),
                        ports::claims,
                        this::portFaults,
                        sync);
        this.linkViews = new LinkViews(dataplane);
        this.sessionWatch =
                new SessionWatch(
                        instance,
                        bird,
                        alarms,
                        tasks,
                        InstantSource.system(),
                        () -> Intent.bgpOf(candidates.working()));
        this.bgpViews = new BgpViews(bird, dataplane, sessionWatch);
        this.commands = Shows.of(this, routes(bird, sync, faults)).and(Operations.of(this));
    }

    private LiveRoutes routes(
            Bird bird, Supplier<SyncState> sync, Function<Prefix, String> faults) {
        return new LiveRoutes(
                instance.dataplane(),
                bird,
                this::linkNames,
                () -> ports.claims().keySet(),
                () -> sync.get().pending() > 0,
                faults,
                this::sessions,
                this::unusableStatics);
    }

    private List<Department> departments(Bird bird) {
        List<Department> departments = new ArrayList<>();
        departments.add(ports);
        departments.add(new FastPathDepartment(fastPath, ports::settle));
        departments.add(new Routing(bird, instance.log("bird")));
        departments.add(new Users());
        departments.addAll(services);
        return List.copyOf(departments);
    }

    private List<StaticReasons.Unusable> unusableStatics() {
        return StaticReasons.of(dataplane).unusable(intent().routes());
    }

    /** Of the running configuration, at the cost of what changed since the last question. */
    private synchronized Intent intent() {
        Branch running = candidates.working();
        intent = Intent.of(running, intentOf, intent);
        intentOf = running;
        return intent;
    }

    /**
     * Makes the system follow the running configuration, from now on; once, at the start.
     *
     * @param unconfirmed what {@link Unconfirmed#catchUp} rolled back
     */
    void restore(@Nullable Branch unconfirmed) {
        watch = commits.start(unconfirmed);
    }

    @Override
    public Version version() {
        String version =
                LiveRouter.class.getModule().getDescriptor().rawVersion().orElse("unknown");
        return new Version(
                version.replace("-SNAPSHOT", ""),
                System.getProperty("java.version"),
                System.getProperty("os.version"),
                instance.name(),
                started,
                fastPathStarted(),
                fastPath.cache());
    }

    private @Nullable Instant fastPathStarted() {
        try {
            return fastPath.process().started();
        } catch (IOException e) {
            return null; // it is being restarted
        }
    }

    @Override
    public String hostName() {
        Branch system = candidates.running().effective().container("system");
        String name = system.value("host-name", String.class);
        if (name != null) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "floof";
        }
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
        return commits.check(request);
    }

    @Override
    public CommitResult commit(CommitRequest request) {
        return commits.commit(request);
    }

    @Override
    public CommitResult plan(Branch tree) {
        return commits.plan(tree);
    }

    @Override
    public @Nullable PendingCommit pending() {
        return commits.pending();
    }

    @Override
    public boolean clearPending() throws IOException {
        return commits.clearPending();
    }

    @Override
    public Loaded rescue() throws IOException {
        return history.rescue();
    }

    @Override
    public void saveRescue() throws IOException {
        history.saveRescue(candidates.running());
    }

    @Override
    public boolean deleteRescue() throws IOException {
        return history.deleteRescue();
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
    public List<Revision> history() {
        return history.revisions();
    }

    @Override
    public Branch revision(int number) throws IOException {
        return history.load(number);
    }

    @Override
    public Machine machine() {
        return machine;
    }

    @Override
    public List<InterfaceState> interfaces() throws UnavailableException {
        return ask(
                "the kernel",
                () ->
                        linkViews.interfaces(
                                candidates.running(), ports.claims(), counters(), portFaults()));
    }

    private Map<String, String> portFaults() {
        return ports.faults(reconciler.left());
    }

    /** Counters by interface; none when the manager is away: links are an answer without them. */
    private Map<String, FastPathStatistics.InterfaceCount> counters() {
        try {
            return fastPathViews.interfaceCounts();
        } catch (IOException e) {
            return Map.of();
        }
    }

    @Override
    public Commands commands() {
        return commands;
    }

    @Override
    public synchronized void contribute(Commands more) {
        commands = commands.and(more);
    }

    private Map<String, BgpSessions.Session> sessions() {
        Intent.Bgp bgp = Intent.bgpOf(candidates.working());
        return bgp == null ? Map.of() : BgpSessions.of(bgp);
    }

    private Map<Integer, String> linkNames() {
        Map<Integer, String> names = new HashMap<>();
        dataplane.links().forEach(link -> names.put(link.index(), link.name()));
        return names;
    }

    @Override
    public List<Neighbour> arp() throws UnavailableException {
        return ask("the kernel", () -> linkViews.neighbours(Family.IP4));
    }

    @Override
    public List<Neighbour> ip6Neighbours() throws UnavailableException {
        return ask("the kernel", () -> linkViews.neighbours(Family.IP6));
    }

    @Override
    public List<BgpSession> bgpSessions() throws UnavailableException {
        return ask("BIRD", () -> bgpViews.sessions(candidates.working()));
    }

    @Override
    public FastPathState fastPath() {
        return fastPathViews;
    }

    /** A question that a part may not answer. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws IOException, BirdException, UnavailableException;
    }

    private static <T> T ask(String what, Question<T> question) throws UnavailableException {
        try {
            return question.ask();
        } catch (IOException | BirdException | LinuxException e) {
            throw new UnavailableException(what + " does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        for (Service service : services) {
            try {
                service.close();
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        LinkWatch open = watch;
        if (open != null) {
            open.close();
        }
        audit.close();
        sessionWatch.close();
        dataplane.close();
    }
}
