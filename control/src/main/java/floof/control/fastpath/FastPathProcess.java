package floof.control.fastpath;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.daemon.Daemon;
import floof.control.daemon.Living;
import floof.control.daemon.OomScore;
import floof.control.daemon.Policy;
import floof.control.daemon.Program;
import floof.control.instance.Build;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.plan.CommitException;
import floof.control.plan.FastPathSettings;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.linux.system.MemorySize;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast path's process: adopted or started detached, watched, started again at once when it dies
 * or hangs. It finds its tables in shared memory; only its ports are given to it anew. Thread: any.
 */
public final class FastPathProcess implements FastPath, Program, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FastPathProcess.class);

    /** Main class, as it stands on the process's command line. */
    public static final String MAIN = "floof.app.FastPath";

    /** Options with which it starts DPDK, and has it look for PCI devices. */
    public static final String DPDK = "--dpdk";

    public static final String PCI = "--pci";

    /** More than a buffer takes. */
    private static final long BUFFER_BYTES = 3 << 10;

    /** Argument, with floofd's pid, of one that ends the running fast path once it is warm. */
    public static final String SUCCESSOR = "--successor-by=";

    /** From exec to an answering socket: a JVM's start, and every page of the pool touched. */
    private static final long START_MS = 60_000;

    /**
     * All of its threads, not the workers alone, are served first (nice is clamped to -20): at a
     * safepoint the workers wait for the others.
     */
    private static final List<String> URGENT = List.of("nice", "-n", "-40", "setsid");

    /** The scheduler weighs sessions first, threads only within theirs (sched(7), autogroup). */
    private static final List<String> FIRST =
            List.of(
                    "sh",
                    "-c",
                    "[ ! -e /proc/self/autogroup ] || echo -20 >/proc/self/autogroup; exec \"$@\"",
                    "sh");

    private static final int WINDOW = 16;

    /** For a planned end: after it, it is killed. */
    private static final Duration END = Duration.ofSeconds(2);

    /** Interval between checks whether the successor has failed. */
    private static final Duration SUCCESSOR_CHECK = Duration.ofMillis(200);

    /** Of a question of the heartbeat. */
    private static final int PULSE_TIMEOUT_MS = 2_000;

    /**
     * Silence that is still work: taking a port of some drivers needs seconds, and the machine may
     * be busy.
     */
    private static final Duration BUSY_MAX = Duration.ofSeconds(30);

    /** Is told that a fast path without ports has started. */
    @FunctionalInterface
    public interface Ports {
        void attachAll() throws IOException;
    }

    /** How it is started. Thread: any. */
    public interface Launch {

        /** Words that start it. */
        List<String> command();

        /** The process started by the last command answers. */
        void onAnswer(Message.Hello hello);

        /** Whether the process was ended on purpose, to be started by the next command. */
        default boolean isEndAnnounced() {
            return false;
        }

        /** What has become of the cache that makes it start fast, for operators. */
        String cache();
    }

    private final Instance instance;
    private final Launch launch;
    private final Housekeeping housekeeping;
    private final Ports ports;
    private final Daemon daemon;

    /** Of the next start. */
    private volatile FastPathSettings settings;

    private volatile Set<String> required = Set.of();

    private final Connection connection =
            new Connection("fastpath-client", FpcClient.ANSWER_TIMEOUT_MS);

    /** Of the heartbeat alone. */
    private final Connection pulse = new Connection("fastpath-pulse", PULSE_TIMEOUT_MS);

    /**
     * @param launch how it is started; the settings' words follow
     * @param settings for its start; one that lives already has its own
     * @param ports called after each restart
     */
    public FastPathProcess(
            Instance instance,
            Launch launch,
            FastPathSettings settings,
            Ports ports,
            Alarms alarms,
            Tasks tasks) {
        this.instance = instance;
        this.launch = launch;
        this.housekeeping = new Housekeeping(instance);
        this.settings = settings;
        this.ports = ports;
        this.daemon = new Daemon(this, new Policy(BUSY_MAX, OomScore.FORWARDING), alarms, tasks);
    }

    /** A connection to the fast path, made when needed and again when it was lost. */
    private final class Connection {

        private final String name;
        private final int timeoutMs;
        private @Nullable FpcClient client;

        Connection(String name, int timeoutMs) {
            this.name = name;
            this.timeoutMs = timeoutMs;
        }

        synchronized FpcClient client() throws IOException {
            FpcClient current = client;
            if (current == null || current.lost().isDone()) {
                current = FpcClient.connect(instance.fastPathSocket(), name, WINDOW, timeoutMs);
                client = current;
            }
            return current;
        }

        synchronized void close() {
            if (client != null) {
                client.close();
                client = null;
            }
        }
    }

    /**
     * Adopts the living fast path or starts one. Call once.
     *
     * @return true when it was adopted, with its ports
     */
    public boolean start() throws IOException {
        boolean isAdopted = daemon.start(false);
        if (isAdopted) {
            settings = settings();
            housekeeping.settle(settings);
            required = new TreeSet<>(process().words());
            required.retainAll(Set.of(DPDK, PCI));
            if (Build.isOther(process().words())) {
                LOG.info("fast path: it is of another build; 'restart fast-path' replaces it");
            }
        }
        return isAdopted;
    }

    @Override
    public FpcClient client() throws IOException {
        daemon.process();
        return connection.client();
    }

    @Override
    public Living process() throws IOException {
        return daemon.process();
    }

    @Override
    public String cache() {
        return launch.cache();
    }

    // ---- as a daemon --------------------------------------------------------------------------

    @Override
    public String name() {
        return "fast-path";
    }

    @Override
    public @Nullable Living find() {
        return Living.find(Processes.isMain(MAIN, instance)).stream().findFirst().orElse(null);
    }

    @Override
    public Living start(boolean isRecovery) throws IOException {
        connection.close();
        return answering(launched(FIRST, List.of()));
    }

    /**
     * Starts one that ends the current one when it is warm: packets are lost only while ports move.
     */
    private Living succeed(Living current) throws IOException {
        Living successor = launched(List.of(), List.of(SUCCESSOR + ProcessHandle.current().pid()));
        OomScore.set(successor.pid(), OomScore.CONTROL + 1); // the current one must not go first
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        while (!current.awaitEnd(SUCCESSOR_CHECK)) {
            if (!successor.isAlive() || System.nanoTime() - deadlineNs > 0) {
                successor.end(Duration.ZERO);
                throw ended(null);
            }
        }
        serveFirst(successor);
        connection.close();
        return answering(successor);
    }

    private Living launched(List<String> before, List<String> role) throws IOException {
        housekeeping.settle(settings);
        List<String> words =
                Stream.of(URGENT, before, launch.command(), settings.words(), required, role)
                        .flatMap(Collection::stream)
                        .toList();
        File log = instance.log("fastpath").toFile();
        Process child =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        Living started = Living.of(child.pid());
        if (started == null) {
            throw ended(null);
        }
        return started;
    }

    private Living answering(Living started) throws IOException {
        try {
            Message.Hello greeting = awaitAnswer(started);
            launch.onAnswer(greeting);
        } catch (IOException e) {
            started.end(Duration.ZERO);
            throw e;
        }
        return started;
    }

    private IOException ended(@Nullable IOException cause) {
        return new IOException("the fast path ended; see " + instance.log("fastpath"), cause);
    }

    private Message.Hello awaitAnswer(Living started) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        while (true) {
            try {
                return connection.client().ask(hello(), Message.Hello.class);
            } catch (IOException e) {
                if (started.awaitEnd(Duration.ofMillis(10))) {
                    throw ended(e);
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new IOException("the fast path does not answer: " + e.getMessage(), e);
                }
            }
        }
    }

    private static Message.Hello hello() {
        return new Message.Hello(1, 0, 0, Math.toIntExact(ProcessHandle.current().pid()));
    }

    /** Gives a successor the priority of {@link #FIRST}, which it needs only from now on. */
    private static void serveFirst(Living started) {
        Path autogroup = started.proc("autogroup");
        try {
            if (Files.exists(autogroup)) {
                Files.writeString(autogroup, "-20");
            }
        } catch (IOException e) {
            LOG.warn("{} is not served first: {}", autogroup, e.getMessage());
        }
    }

    @Override
    public void ask() throws IOException {
        pulse.client().tell(hello());
    }

    @Override
    public boolean isEndAnnounced() {
        return launch.isEndAnnounced();
    }

    @Override
    public void revived() throws IOException {
        ports.attachAll();
    }

    // ---- its settings -------------------------------------------------------------------------

    @Override
    public boolean require(Set<String> words) throws IOException {
        if (required.containsAll(words)) {
            return false;
        }
        if (process().words().containsAll(words)) {
            required = new TreeSet<>(words);
            return false;
        }
        LOG.info("fast path: starting it again with {}", String.join(" ", words));
        Set<String> before = required;
        required = new TreeSet<>(words);
        try {
            daemon.restart(FastPathProcess::end);
            return true;
        } catch (IOException e) {
            required = before;
            daemon.restart(FastPathProcess::end);
            throw e;
        }
    }

    private static void end(Living process) {
        process.end(END);
    }

    @Override
    public FastPathSettings settings() throws IOException {
        try {
            return FastPathSettings.take(new ArrayList<>(process().words()));
        } catch (IllegalArgumentException e) {
            throw new IOException("the fast path's command line: " + e.getMessage(), e);
        }
    }

    @Override
    public void check(FastPathSettings wanted) throws CommitException {
        housekeeping.assignment(wanted);
    }

    @Override
    public void restart(FastPathSettings wanted) throws IOException, CommitException {
        housekeeping.assignment(wanted);
        FastPathSettings before = settings;
        settings = wanted;
        try {
            replaceProcess();
        } catch (IOException e) {
            settings = before;
            housekeeping.settle(before);
            throw e;
        }
        ports.attachAll();
    }

    @Override
    public void replace() throws IOException {
        replaceProcess();
        ports.attachAll();
    }

    /** DPDK's memory and devices can belong to one process only, and buffers for two must fit. */
    private void replaceProcess() throws IOException {
        if (required.isEmpty() && hasMemoryForTwo()) {
            daemon.replace(this::succeed);
        } else {
            daemon.restart(FastPathProcess::end);
        }
    }

    private boolean hasMemoryForTwo() throws IOException {
        Integer buffers = settings.buffers();
        return buffers == null || MemorySize.availableBytes() > 2 * buffers * BUFFER_BYTES;
    }

    /** Ends the watch and the connections; the fast path stays. */
    @Override
    public void close() {
        daemon.close();
        connection.close();
        pulse.close();
    }

    /** Ends the fast path of an instance. */
    public static void end(Instance instance) {
        Processes.findMain(MAIN, instance).forEach(found -> Processes.end(found, END.toMillis()));
    }

    /** Ends it at once: it has nothing to save. */
    public static void kill(Instance instance) {
        Processes.findMain(MAIN, instance).forEach(found -> Processes.end(found, 0));
    }
}
