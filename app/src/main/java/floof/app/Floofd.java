package floof.app;

import floof.api.Router;
import floof.api.commit.CommitRequest;
import floof.api.commit.CommitResult;
import floof.api.commit.Origin;
import floof.api.fastpath.SyncState;
import floof.base.Utf8;
import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.cli.SessionServer;
import floof.config.schema.Schema;
import floof.config.store.History;
import floof.config.text.Loaded;
import floof.config.text.SetParser;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.value.Vault;
import floof.control.ControlPlane;
import floof.control.Namespaces;
import floof.control.daemon.OomScore;
import floof.control.instance.Instance;
import floof.control.instance.InstanceLock;
import floof.control.service.Service;
import floof.fpc.MessageType;
import floof.linux.system.MemorySize;
import floof.linux.system.Umask;
import floof.manager.TableServer;
import floof.sync.Mirror;
import floof.sync.MirrorSettings;
import floof.sync.MirrorState;
import floof.sync.MirroredNamespace;
import floof.sync.RouteAlarm;
import floof.tables.LayoutException;
import floof.tables.Limits;
import floof.tables.Tables;
import floof.web.Rest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: configuration, cache manager, fast path manager, ports, BIRD, the operator's shell.
 * When it ends, planned or not, fast path, twins, BIRD and routes stay; the next floofd adopts
 * them.
 */
public final class Floofd {

    /**
     * Exit status: another floofd of the instance is running; nothing was touched. Not 3, which is
     * the exit status of a JVM that is out of memory.
     */
    static final int REFUSED = 5;

    /** Exit status: an essential part has failed. */
    static final int FAILED = 2;

    /** Exit status: the file of {@code --config} cannot be read or committed. */
    static final int BAD_CONFIG = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Floofd.class);

    private final Alarms alarms = new Alarms(InstantSource.system());

    /**
     * When an essential task dies, the process ends at once: an orderly stop might wait for the
     * dead task. Nothing is lost; the supervisor starts the next floofd.
     */
    private final Tasks tasks =
            new Tasks(alarms, (line, fault) -> LOG.error(line, fault), Floofd::halt);

    /** Started parts, last first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private Floofd() {}

    public static void main(String[] words) throws InterruptedException {
        Umask.ownerOnly();
        Arguments arguments = Arguments.parse(words);
        Instance instance = arguments.instance();
        Floofd floofd = new Floofd();
        try {
            floofd.parts.push(
                    InstanceLock.take(
                            instance.floofdLock(), "floofd of instance " + instance.name()));
        } catch (IOException e) {
            System.err.println("floofd: " + e.getMessage());
            System.exit(REFUSED);
        }
        OomScore.set(ProcessHandle.current().pid(), OomScore.CONTROL);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(floofd::stop));
        try {
            Router router = floofd.start(instance);
            Path config = arguments.config();
            if (config != null && !load(router, config)) {
                System.exit(BAD_CONFIG);
            }
            // Printed before floofctl can connect: later it would disturb an operator's screen.
            say("instance " + instance.name() + " is ready; log: " + instance.log("floofd"));
            floofd.parts.push(new SessionServer(instance.floofdSocket(), router, floofd.tasks));
            LOG.info("instance {} is ready", instance.name());
        } catch (IOException | LayoutException | RuntimeException e) {
            LOG.error("floofd cannot start", e);
            say("floofd cannot start: " + e.getMessage() + "; log: " + instance.log("floofd"));
            System.exit(1);
        }
        Thread.currentThread().join();
    }

    private static void halt() {
        Runtime.getRuntime().halt(FAILED);
    }

    /** Messages for the user who started the router; everything else is in the log. */
    private static void say(String text) {
        System.err.println("floof: " + text);
    }

    private synchronized Router start(Instance instance) throws IOException, LayoutException {
        parts.push(tasks);
        Logging.start(instance.log("floofd")); // first, so that damaged state is logged
        Files.createDirectories(instance.state());
        Vault vault = Vault.open(instance.state().resolve("secret.key"));
        History history =
                new History(
                        instance.state(),
                        Branch.empty(Schema.of(vault)),
                        line -> LOG.warn("{}", line),
                        tasks);
        parts.push(history);
        Limits limits = limits(history);
        Namespaces.prepare(instance, Tables.fileBytes(limits));
        LOG.info("floofd of instance {} starts", instance.name());
        parts.push(alarms.listen(Floofd::log)::run);
        TableMemory memory = new TableMemory(instance, limits);
        parts.push(memory);
        parts.push(
                TableServer.open(
                        instance.fpcSocket(), memory::open, memory::onSwept, alarms, tasks));
        Mirror mirror =
                new Mirror(
                        List.of(
                                new MirroredNamespace(
                                        0, instance.dataplaneName(), instance.dataplane())),
                        MirrorSettings.of(instance.fpcSocket()),
                        alarms,
                        tasks);
        mirror.start();
        parts.push(mirror);
        parts.push(RouteAlarm.watch(() -> mirror.state().waitingForRoom(), alarms, tasks));
        AotCache cache = AotCache.ofMachine(instance, tasks);
        parts.push(cache);
        ControlPlane control =
                new ControlPlane(
                        instance,
                        history,
                        vault,
                        memory.guarded(cache),
                        alarms,
                        tasks,
                        limits.ports(),
                        () -> state(mirror.state()),
                        prefix -> mirror.fault(0, prefix),
                        router -> List.of(rest(instance, router)));
        parts.push(control);
        return control.router();
    }

    private static Service rest(Instance instance, Router router) {
        return new Service("rest", () -> Rest.start(instance.restSocket(), router)::close);
    }

    /** Logs when an alarm is raised and cleared; a changed text is not logged. */
    private static void log(Alarms.Change change) {
        Alarm alarm = change.alarm();
        if (change.isNew()) {
            LOG.warn(
                    "{} alarm {}: {}; remedy: {}",
                    alarm.severity().name().toLowerCase(Locale.ROOT),
                    alarm.id(),
                    alarm.text(),
                    alarm.remedy());
        } else if (!change.isRaised()) {
            LOG.info("alarm {} cleared: {}", alarm.id(), alarm.text());
        }
    }

    /** As configured, otherwise according to the memory that this process may use. */
    private static Limits limits(History history) throws IOException {
        Limits byMemory = Limits.forMemory(MemorySize.bytes());
        Branch limits = history.running().effective().container("fast-path").branch("limits");
        if (limits == null) {
            return byMemory;
        }
        Long ip4 = limits.value("ip4-routes", Long.class);
        Long ip6 = limits.value("ip6-routes", Long.class);
        return Limits.forRoutes(
                        ip4 == null ? byMemory.ip4Routes() : ip4.intValue(),
                        ip6 == null ? byMemory.ip6Routes() : ip6.intValue())
                .withPorts(byMemory.ports());
    }

    private static SyncState state(MirrorState state) {
        String phase =
                switch (state.phase()) {
                    case LIVE -> "synchronized";
                    case CONNECTING, STOPPED -> "disconnected";
                    default -> state.phase().name().toLowerCase(Locale.ROOT);
                };
        return new SyncState(
                phase,
                state.count(MessageType.LINK),
                state.count(MessageType.ADDRESS),
                state.count(MessageType.NEIGHBOUR),
                state.count(MessageType.ROUTE),
                state.pending(),
                state.events(),
                state.overruns(),
                state.resyncs(),
                state.lastResync(),
                state.obstacles(),
                state.error());
    }

    /** Commits a file: nested text, or set lines. On failure it prints why and returns false. */
    private static boolean load(Router router, Path file) {
        String text;
        try {
            text = Utf8.decode(Files.readAllBytes(file));
        } catch (IOException e) {
            say("--config " + file + ": " + e);
            return false;
        }
        Branch empty = Branch.empty(router.running().schema());
        boolean isSetLines = text.lines().anyMatch(line -> line.startsWith("set "));
        Loaded loaded = isSetLines ? SetParser.load(empty, text) : TextParser.load(empty, text);
        loaded.errors().forEach(error -> say("--config " + file + ": " + error));
        if (!loaded.errors().isEmpty()) {
            return false;
        }
        CommitResult result =
                router.commit(
                        CommitRequest.of(
                                loaded.tree(), new Origin("root", "file", file.toString())));
        result.errors().forEach(error -> say("--config " + file + ": " + error));
        return result.isDone();
    }

    /** Thread: the JVM's shutdown hook. */
    private synchronized void stop() {
        LOG.info("floofd ends; fast path, BIRD and routes stay");
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("at the end: {}", e.toString());
            }
        }
    }
}
