package floof.control.bird;

import floof.base.Durable;
import floof.base.Prefix;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.instance.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routing daemon of an instance: started or adopted, watched, reconfigured, asked. After an
 * unplanned end it is started again at once, with {@code -R}. Thread: any.
 */
public final class Bird implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Bird.class);
    private static final String PROGRAM = "bird";

    /** Longest silence on the control socket; BIRD answers between two slices of its work. */
    private static final long ANSWER_MS = 10_000;

    /**
     * The same for another configuration: of 100,000 routes on a busy machine, with others asking
     * meanwhile, it is silent for more than 10 s. Who gives up does not know what BIRD runs by.
     */
    private static final long CONFIGURE_MS = 120_000;

    /** From exec to an answering socket; parsing takes most of it. */
    private static final long START_MS = 15_000;

    private final Instance instance;
    private final Watch watch;
    private @Nullable ProcessHandle process;

    /** What is in the file; null until it is read. */
    private @Nullable String text;

    private volatile boolean isClosed;

    public Bird(Instance instance) {
        this.instance = instance;
        this.watch = new Watch("bird-watch", this::process, this::restart);
    }

    /**
     * Adopts the living BIRD, or starts one: with the configuration that lies on disk if there is
     * one (then its predecessor died, and the kernel may hold routes of it), else with {@code
     * first}. Call once.
     */
    public synchronized void start(String first) throws IOException, BirdException {
        Optional<ProcessHandle> living = living();
        if (living.isPresent()) {
            process = living.get();
            LOG.info("BIRD: adopted process {}", living.get().pid());
        } else if (Files.exists(instance.birdConfig())) {
            launch(true);
        } else {
            check(first);
            write(first);
            launch(false);
        }
        watch.start();
    }

    /** The configuration that BIRD runs by; empty before the first start. */
    public synchronized String text() throws IOException {
        String known = text;
        if (known == null) {
            known =
                    Files.exists(instance.birdConfig())
                            ? Files.readString(instance.birdConfig())
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
     * Has BIRD parse a configuration without using it.
     *
     * @throws BirdException with BIRD's words, file and line
     */
    public void check(String text) throws IOException, BirdException {
        Path draft = instance.run().resolve("bird.check");
        Files.writeString(draft, text);
        Processes.Outcome outcome =
                Processes.run(ANSWER_MS, List.of(PROGRAM, "-p", "-c", draft.toString()));
        if (outcome.status() != 0) {
            throw new BirdException(0, outcome.output());
        }
        Files.delete(draft);
    }

    /**
     * Gives BIRD another configuration. When this fails, the one before stays.
     *
     * @throws BirdException when BIRD refuses it
     * @throws IOException when BIRD does not answer
     */
    public synchronized void configure(String next) throws IOException, BirdException {
        String before = text();
        write(next);
        boolean isDone = false;
        try {
            ask("configure", CONFIGURE_MS);
            isDone = true;
        } finally {
            if (!isDone) {
                write(before);
            }
        }
    }

    /** Every protocol instance with its details. */
    public List<Protocol> protocols() throws IOException, BirdException {
        return Protocol.parse(ask("show protocols all"));
    }

    /** Every route that BIRD has, chosen or not. */
    public List<BirdRoute> routes() throws IOException, BirdException {
        return BirdRoute.parse(ask("show route all"));
    }

    /** Those to exactly this prefix. */
    public List<BirdRoute> routes(Prefix prefix) throws IOException, BirdException {
        return BirdRoute.parse(ask("show route " + prefix + " all"));
    }

    /**
     * Makes a protocol anew, or only has its neighbour send all routes again.
     *
     * @param soft the latter
     */
    public void reset(String protocol, boolean soft) throws IOException, BirdException {
        ask((soft ? "reload in " : "restart ") + protocol);
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

    /** The BIRD of this instance: by its socket on the command line and its namespace. */
    private Optional<ProcessHandle> living() throws IOException {
        for (ProcessHandle found : find(instance)) {
            Path namespace = Path.of("/proc", Long.toString(found.pid()), "ns/net");
            if (Processes.isSameNamespace(namespace, instance.dataplane()) && isAnswering()) {
                return Optional.of(found);
            }
            LOG.warn("BIRD: process {} is of another namespace or silent; ending it", found.pid());
            Processes.end(found, 1_000);
        }
        return Optional.empty();
    }

    public static List<ProcessHandle> find(Instance instance) {
        String socket = instance.birdSocket().toString();
        return Processes.find(words ->
                Path.of(words.getFirst()).endsWith(PROGRAM)
                        && words.contains("-s")
                        && words.contains(socket));
    }

    private boolean isAnswering() {
        try (BirdSocket socket = BirdSocket.open(instance.birdSocket(), 1_000)) {
            return socket.command("show status").getLast().code() == 13;
        } catch (IOException | BirdException e) {
            return false;
        }
    }

    private void launch(boolean isRecovery) throws IOException {
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
        while (!isAnswering()) {
            if (System.nanoTime() > deadlineNs) {
                throw new IOException("BIRD was started but does not answer");
            }
            sleep(20);
        }
        process =
                find(instance).stream()
                        .findFirst()
                        .orElseThrow(() -> new IOException("BIRD ended right after its start"));
        LOG.info(
                "BIRD: started, process {}{}",
                process.pid(),
                isRecovery ? ", recovering from an unplanned end" : "");
    }

    private synchronized @Nullable ProcessHandle process() {
        return process;
    }

    private synchronized void restart() {
        if (isClosed) {
            return;
        }
        LOG.warn("BIRD: ended unplanned; starting it again");
        process = null;
        try {
            launch(true);
        } catch (IOException e) {
            LOG.error("BIRD: {}", e.getMessage());
        }
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
        isClosed = true;
        watch.close();
    }

    /** Ends the BIRD of an instance, which takes its routes out of the kernel. */
    public static void end(Instance instance) {
        find(instance).forEach(found -> Processes.end(found, 5_000));
    }
}
