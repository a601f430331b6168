package floof.control;

import static java.util.Objects.requireNonNull;

import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.instance.Watch;
import floof.control.plan.CommitException;
import floof.control.plan.FastPathSettings;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fast path's process: adopted or started detached, watched, started again at once when it
 * dies. It finds its tables in shared memory; only its ports are given to it anew. Thread: any.
 */
public final class FastPathProcess implements FastPath, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FastPathProcess.class);

    /** Main class, as it stands on the process's command line. */
    public static final String MAIN = "floof.app.FastPath";

    /** From exec to an answering socket: a JVM's start, and every page of the pool touched. */
    private static final long START_MS = 60_000;

    /**
     * All of its threads, not the workers alone, are served first (nice is clamped to -20): at a
     * safepoint the workers wait for the others.
     */
    private static final List<String> URGENT = List.of("nice", "-n", "-40", "setsid");

    private static final int WINDOW = 16;

    /** For a planned end: after it, it is killed. */
    private static final long END_MS = 2_000;

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

        /** What has become of the cache that makes it start fast, for operators. */
        String cache();
    }

    private final Instance instance;
    private final Launch launch;
    private final Housekeeping housekeeping;
    private final Ports ports;
    private final Watch watch;
    private FastPathSettings settings;
    private @Nullable ProcessHandle process;
    private @Nullable FpcClient client;
    private Set<String> required = Set.of();
    private Message.@Nullable Hello greeting;

    /**
     * @param launch how it is started; the settings' words follow
     * @param settings for its start; one that lives already has its own
     * @param ports called after each restart
     */
    public FastPathProcess(
            Instance instance, Launch launch, FastPathSettings settings, Ports ports) {
        this.instance = instance;
        this.launch = launch;
        this.housekeeping = new Housekeeping(instance);
        this.settings = settings;
        this.ports = ports;
        this.watch = new Watch("fastpath-watch", this::watched, this::revive);
    }

    /**
     * Adopts the living fast path or starts one. Call once.
     *
     * @return true when it was adopted, with its ports
     */
    public synchronized boolean start() throws IOException {
        Optional<ProcessHandle> living = Processes.findMain(MAIN, instance).stream().findFirst();
        boolean isAdopted = false;
        if (living.isPresent()) {
            isAdopted = adopt(living.get());
        }
        housekeeping.settle(settings);
        if (!isAdopted) {
            launch();
        }
        watch.start();
        return isAdopted;
    }

    private boolean adopt(ProcessHandle living) {
        process = living;
        try {
            connect();
            settings = settings();
            LOG.info("fast path: adopted process {}", living.pid());
            return true;
        } catch (IOException e) {
            LOG.warn("fast path: process {} does not answer; ending it: {}", living.pid(), e);
            Processes.end(living, 0);
            return false;
        }
    }

    @Override
    public synchronized FpcClient client() throws IOException {
        FpcClient current = client;
        if (current == null || current.lost().isDone()) {
            process();
            current = connect();
        }
        return current;
    }

    @Override
    public synchronized ProcessHandle process() throws IOException {
        if (process == null || !process.isAlive()) {
            throw new IOException("the fast path is being restarted");
        }
        return process;
    }

    @Override
    public String cache() {
        return launch.cache();
    }

    private void launch() throws IOException {
        List<String> words = new ArrayList<>(URGENT);
        words.addAll(launch.command());
        words.addAll(settings.words());
        words.addAll(required);
        File log = instance.log("fastpath").toFile();
        Process child =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        process = child.toHandle();
        try {
            connect();
            serveFirst(child.pid());
            launch.onAnswer(requireNonNull(greeting));
        } catch (IOException e) {
            Processes.end(child.toHandle(), 0);
            throw e;
        }
        LOG.info("fast path: started, process {}", child.pid());
    }

    /**
     * The scheduler weighs sessions first, and threads only within theirs (sched(7), autogroup).
     */
    private static void serveFirst(long pid) {
        Path autogroup = Path.of("/proc", Long.toString(pid), "autogroup");
        try {
            if (Files.exists(autogroup)) {
                Files.writeString(autogroup, "-20");
            }
        } catch (IOException e) {
            LOG.warn("{} is not served first: {}", autogroup, e.getMessage());
        }
    }

    @Override
    public synchronized boolean require(Set<String> words) throws IOException {
        ProcessHandle running = process();
        if (required.containsAll(words)) {
            return false;
        }
        if (List.of(running.info().arguments().orElse(new String[0])).containsAll(words)) {
            required = new TreeSet<>(words);
            return false;
        }
        LOG.info("fast path: starting it again with {}", String.join(" ", words));
        if (client != null) {
            client.close();
            client = null;
        }
        Processes.end(running, END_MS);
        Set<String> before = required;
        required = new TreeSet<>(words);
        try {
            launch();
            return true;
        } catch (IOException e) {
            required = before;
            launch();
            throw e;
        }
    }

    private FpcClient connect() throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        while (true) {
            try {
                FpcClient fresh =
                        FpcClient.connect(instance.fastPathSocket(), "fastpath-client", WINDOW);
                greeting = fresh.ask(hello(), Message.Hello.class);
                client = fresh;
                return fresh;
            } catch (IOException e) {
                if (process == null || !process.isAlive()) {
                    throw new IOException(
                            "the fast path ended; see " + instance.log("fastpath"), e);
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new IOException("the fast path does not answer: " + e.getMessage(), e);
                }
                sleep(10);
            }
        }
    }

    private static Message.Hello hello() {
        return new Message.Hello(1, 0, 0, Math.toIntExact(ProcessHandle.current().pid()));
    }

    private synchronized @Nullable ProcessHandle watched() {
        return process;
    }

    @Override
    public synchronized FastPathSettings settings() throws IOException {
        List<String> words = new ArrayList<>(Processes.words(process()));
        try {
            return FastPathSettings.take(words);
        } catch (IllegalArgumentException e) {
            throw new IOException("the fast path's command line: " + e.getMessage(), e);
        }
    }

    @Override
    public void check(FastPathSettings wanted) throws CommitException {
        housekeeping.plan(wanted);
    }

    @Override
    public void restart(FastPathSettings wanted) throws IOException, CommitException {
        housekeeping.plan(wanted);
        synchronized (this) {
            settings = wanted;
            if (client != null) {
                client.close();
            }
            if (process != null) {
                Processes.end(process, END_MS);
            }
            housekeeping.settle(wanted);
            launch();
        }
        ports.attachAll();
    }

    private void revive() {
        try {
            synchronized (this) {
                if (process != null && process.isAlive()) {
                    return; // a commit has started it again
                }
                LOG.warn("fast path: ended unplanned; starting it again");
                if (client != null) {
                    client.close();
                }
                launch();
            }
            ports.attachAll();
        } catch (IOException e) {
            LOG.error("fast path: {}", e.getMessage());
        }
    }

    private static void sleep(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch and the connection; the fast path stays. */
    @Override
    public void close() {
        watch.close();
        synchronized (this) {
            if (client != null) {
                client.close();
            }
        }
    }

    /** Ends the fast path of an instance. */
    static void end(Instance instance) {
        Processes.findMain(MAIN, instance).forEach(found -> Processes.end(found, END_MS));
    }

    /** Ends it at once: it has nothing to save. */
    public static void kill(Instance instance) {
        Processes.findMain(MAIN, instance).forEach(found -> Processes.end(found, 0));
    }
}
