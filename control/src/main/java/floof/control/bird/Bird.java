package floof.control.bird;

import floof.base.Durable;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.daemon.Daemon;
import floof.control.daemon.Living;
import floof.control.daemon.OomScore;
import floof.control.daemon.Policy;
import floof.control.daemon.Program;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routing daemon of an instance: started or adopted, watched, reconfigured, asked. After an
 * unplanned end it is started again at once, with {@code -R}. Thread: any.
 */
public final class Bird implements Program, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Bird.class);
    private static final String PROGRAM = "bird";
    private static final String INPUT = "/proc/self/fd/0";

    /** Code of the last line of {@code show status}. */
    private static final int STATUS_END = 13;

    /** For the answer to a question of the heartbeat. */
    private static final long PULSE_MS = 2_000;

    /** Longer than the longest work that BIRD does without looking up, {@link #CONFIGURE_MS}. */
    private static final Duration BUSY_MAX = Duration.ofSeconds(180);

    /** From the request to restart gracefully to the end; closing its sessions takes no time. */
    private static final Duration END = Duration.ofSeconds(5);

    /** Longest silence on the control socket; BIRD answers between two slices of its work. */
    private static final long ANSWER_MS = 10_000;

    /**
     * The same within a list of routes: BIRD compares a full table with the kernel's in between,
     * which takes it long where others want the processor too.
     */
    private static final long STREAM_MS = 60_000;

    /**
     * The same for another configuration: of 100,000 routes on a busy machine, with others asking
     * meanwhile, it is silent for more than 10 s. Who gives up does not know what BIRD runs by.
     */
    private static final long CONFIGURE_MS = 120_000;

    /** From exec to an answering socket; parsing takes most of it. */
    private static final long START_MS = 15_000;

    private final Instance instance;
    private final Daemon daemon;

    /** What is in the file; null until it is read. */
    private volatile @Nullable String text;

    /** What should be. */
    private volatile String good = "";

    /** How long BIRD may take to answer a reconfiguration. */
    private final long configureMs;

    public Bird(Instance instance, Alarms alarms, Tasks tasks) {
        this(instance, alarms, tasks, CONFIGURE_MS);
    }

    Bird(Instance instance, Alarms alarms, Tasks tasks, long configureMs) {
        this.configureMs = configureMs;
        this.instance = instance;
        this.daemon = new Daemon(this, new Policy(BUSY_MAX, OomScore.FORWARDING), alarms, tasks);
    }

    /**
     * Adopts the living BIRD, or starts one: with the configuration that lies on disk if there is
     * one (then its predecessor died, and the kernel may hold routes of it), else with {@code
     * first}. Call once.
     *
     * @param first what {@link #check} found no fault with
     */
    public synchronized void start(String first) throws IOException {
        Files.deleteIfExists(former());
        good = first;
        boolean isFirst = !Files.exists(instance.birdConfig());
        if (isFirst) {
            write(first);
        }
        daemon.start(!isFirst);
    }

    /** The configuration that BIRD runs by; empty before the first start. */
    public String text() throws IOException {
        String known = text;
        if (known == null) {
            known =
                    Files.exists(instance.birdConfig())
                            ? new String(
                                    Files.readAllBytes(instance.birdConfig()),
                                    StandardCharsets.UTF_8)
                            : "";
            text = known;
        }
        return known;
    }

    private void write(String next) throws IOException {
        text = null;
        Durable.replace(instance.birdConfig(), next);
        text = next;
    }

    /**
     * Has BIRD parse a configuration without using it. It goes through a pipe: passwords stand in
     * it in clear, and no file has to be kept from others, or removed whatever happens.
     *
     * @throws BirdException with BIRD's words and line
     */
    public void check(String text) throws IOException, BirdException {
        Processes.Outcome outcome =
                Processes.run(text, ANSWER_MS, List.of(PROGRAM, "-p", "-c", INPUT));
        if (outcome.status() != 0) {
            throw new BirdException(0, outcome.output().replace(INPUT, "bird.conf"));
        }
    }

    /**
     * Gives BIRD another configuration. If that fails, the previous one stays: a BIRD that did not
     * answer in time is reconfigured with it, or restarted.
     *
     * @throws BirdException when BIRD refuses it
     * @throws IOException when BIRD does not answer
     */
    public synchronized void configure(String next) throws IOException, BirdException {
        Path former = former();
        Files.deleteIfExists(former);
        if (Files.exists(instance.birdConfig())) {
            Files.createLink(former, instance.birdConfig());
        }
        try {
            write(next);
            ask("configure", configureMs);
            good = next;
        } catch (IOException e) {
            putBack(former);
            takeBack();
            throw e;
        } catch (BirdException | RuntimeException e) {
            putBack(former);
            throw e;
        } finally {
            Files.deleteIfExists(former);
        }
    }

    private void putBack(Path former) throws IOException {
        text = null;
        if (Files.exists(former)) {
            Files.move(former, instance.birdConfig(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Reconfigures BIRD with the previous text: it may apply the abandoned one later. */
    private void takeBack() {
        try {
            ask("configure", ANSWER_MS);
        } catch (IOException | BirdException e) {
            try {
                daemon.recycle(process -> process.end(Duration.ZERO));
                LOG.warn("BIRD: {}; starting it again with what it ran by", e.getMessage());
            } catch (IOException dead) {
                LOG.warn("BIRD: {}", dead.getMessage()); // its start reads what was put back
            }
        }
    }

    /** The configuration before, while BIRD is asked to take another; going back needs no room. */
    private Path former() {
        return instance.birdConfig().resolveSibling("bird.conf.old");
    }

    /** Every protocol instance without its details. */
    public List<Protocol> summaries() throws IOException, BirdException {
        return Protocol.parse(ask("show protocols"));
    }

    /** One protocol instance with its details; none when it has gone. */
    public List<Protocol> protocol(String name) throws IOException, BirdException {
        return Protocol.parse(ask("show protocols all " + BgpSessions.symbol(name)));
    }

    /** Every protocol instance with its details. */
    public List<Protocol> protocols() throws IOException, BirdException {
        return Protocol.parse(ask("show protocols all"));
    }

    /**
     * Routes as BIRD tells them, with all attributes.
     *
     * @param what behind {@code show route}, e.g. {@code table master4 in 10.0.0.0/8}
     */
    public BirdRoutes routes(String what) throws IOException {
        try {
            return BirdRoutes.open(instance.birdSocket(), what, STREAM_MS);
        } catch (IOException e) {
            throw new IOException("BIRD does not answer: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a protocol anew, or only has its neighbour send all routes again.
     *
     * @param soft the latter
     */
    public void reset(String protocol, boolean soft) throws IOException, BirdException {
        ask((soft ? "reload in " : "restart ") + BgpSessions.symbol(protocol));
    }

    private List<BirdSocket.Line> ask(String command) throws IOException, BirdException {
        return ask(command, ANSWER_MS);
    }

    private List<BirdSocket.Line> ask(String command, long silenceMs)
            throws IOException, BirdException {
        try (BirdSocket socket = BirdSocket.open(instance.birdSocket(), silenceMs)) {
            return socket.command(command);
        } catch (IOException e) {
            throw new IOException("BIRD does not answer: " + e.getMessage(), e);
        }
    }

    // ---- as a daemon --------------------------------------------------------------------------

    @Override
    public String name() {
        return PROGRAM;
    }

    /** By its socket on the command line and its namespace. */
    @Override
    public @Nullable Living find() {
        for (Living found : Living.find(isOf(instance))) {
            if (Processes.isSameNamespace(found.proc("ns/net"), instance.dataplane())) {
                return found;
            }
            LOG.warn("BIRD: {} is of another namespace; ending it", found);
            found.end(Duration.ofSeconds(1));
        }
        return null;
    }

    private static Predicate<List<String>> isOf(Instance instance) {
        String socket = instance.birdSocket().toString();
        return words ->
                !words.isEmpty()
                        && Path.of(words.getFirst()).endsWith(PROGRAM)
                        && words.contains("-s")
                        && words.contains(socket);
    }

    public static List<ProcessHandle> find(Instance instance) {
        return Processes.find(isOf(instance));
    }

    @Override
    public void ask() throws IOException {
        try (BirdSocket socket = BirdSocket.open(instance.birdSocket(), PULSE_MS)) {
            if (socket.command("show status").getLast().code() != STATUS_END) {
                throw new IOException("BIRD does not report its status");
            }
        } catch (BirdException e) {
            throw new IOException("BIRD does not report its status: " + e.getMessage(), e);
        }
    }

    /**
     * Starts with the file on disk, or with a new one if that is damaged; never with a file that
     * {@link #configure} may still replace.
     */
    @Override
    public synchronized Living start(boolean isRecovery) throws IOException {
        try {
            return launch(isRecovery);
        } catch (IOException e) {
            text = null;
            if (text().equals(good)) {
                throw e;
            }
            LOG.error("{}; starting it with a newly written configuration", e.getMessage());
            write(good);
            return launch(isRecovery);
        }
    }

    private Living launch(boolean isRecovery) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("nsenter", "--net=" + instance.dataplane(), PROGRAM));
        if (isRecovery) {
            command.add("-R");
        }
        command.addAll(List.of("-c", instance.birdConfig().toString()));
        command.addAll(List.of("-s", instance.birdSocket().toString()));
        command.addAll(List.of("-P", instance.birdPid().toString()));
        Files.deleteIfExists(instance.birdPid());
        Processes.Outcome outcome = Processes.run(START_MS, command);
        if (outcome.status() != 0) {
            throw new IOException("BIRD did not start: " + outcome.output());
        }
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        while (!answers()) {
            if (System.nanoTime() > deadlineNs) {
                Living silent = find();
                if (silent != null) {
                    silent.end(Duration.ZERO); // it would keep the next one from starting
                }
                throw new IOException("BIRD was started but does not answer");
            }
            sleep(20);
        }
        Files.setPosixFilePermissions(
                instance.birdSocket(), PosixFilePermissions.fromString("rw-------"));
        Living started = find();
        if (started == null) {
            throw new IOException("BIRD ended right after its start");
        }
        return started;
    }

    /**
     * Has it end so that the kernel and its neighbours keep its routes, as far as they agreed to;
     * its next start, by itself and at once, takes them over. One that does not is killed, which is
     * as gentle.
     */
    public void recycle() throws IOException {
        daemon.recycle(process -> {
            try {
                ask("graceful restart");
            } catch (IOException | BirdException e) {
                LOG.warn("BIRD: graceful restart: {}", e.getMessage());
            }
            if (!process.awaitEnd(END)) {
                process.end(Duration.ZERO);
            }
        });
    }

    private static void sleep(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch; BIRD stays. */
    @Override
    public void close() {
        daemon.close();
    }

    /** Ends the BIRD of an instance, which takes its routes out of the kernel. */
    public static void end(Instance instance) {
        find(instance).forEach(found -> Processes.end(found, 5_000));
    }
}
