package floof.app;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.cli.client.Pulse;
import floof.control.Leftovers;
import floof.control.daemon.Daemon;
import floof.control.daemon.Living;
import floof.control.daemon.OomScore;
import floof.control.daemon.Policy;
import floof.control.daemon.Program;
import floof.control.fastpath.Housekeeping;
import floof.control.instance.Build;
import floof.control.instance.Instance;
import floof.control.instance.InstanceLock;
import floof.control.instance.Processes;
import floof.linux.system.Cpus;
import floof.linux.system.CurrentThread;
import floof.linux.system.MemorySize;
import floof.linux.system.Umask;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code floof run}: adopts or starts floofd, restarts it when it dies or hangs, and releases
 * everything at its own end. A killed supervisor leaves everything for the next one, which may be
 * of another build: it replaces floofd, while the fast path keeps forwarding. Starting it means
 * that the operator wants the router to run; SIGTERM or SIGINT means the opposite.
 */
public final class Supervisor implements Program {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** Pause between attempts of the first start. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Timeout for floofd's answer to a heartbeat. */
    private static final Duration PULSE = Duration.ofSeconds(2);

    /** Interval of checks whether it has started. */
    private static final Duration STEP = Duration.ofMillis(20);

    /** Timeout for floofd's end: it closes its sockets and leaves the rest in place. */
    private static final Duration STOP = Duration.ofSeconds(10);

    /**
     * Silence that may still be work; the next floofd continues with the committed configuration.
     */
    private static final Duration BUSY_MAX = Duration.ofSeconds(60);

    /**
     * Flags of floofd. It waits most of the time, so the first compiler and the simplest collector
     * suffice. A dump of two million routes is streamed, not held; a million statements take 250
     * MB, and as much again while they are read or compared. A thread that dies without memory
     * would leave a gap, so the whole process ends, and the next floofd continues with the
     * committed configuration.
     */
    private static final List<String> FLOOFD_OPTIONS =
            List.of(
                    "-Xms32m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+ExitOnOutOfMemoryError");

    private static final long HEAP_MAX_MIB = 1024;

    private final Instance instance;
    private final BitSet cpus = CurrentThread.cpus();

    /** Arguments of the next floofd: only the first one loads the file of {@code --config}. */
    private List<String> words;

    private final Tasks tasks;
    private final Daemon daemon;
    private boolean isStopping;

    private Supervisor(Instance instance, List<String> words) {
        this.instance = instance;
        this.words = words;
        Alarms alarms = new Alarms(InstantSource.system()); // they go to the log
        tasks = new Tasks(alarms, LOG::error, () -> Runtime.getRuntime().halt(1));
        daemon = new Daemon(this, new Policy(BUSY_MAX, OomScore.CONTROL), alarms, tasks);
    }

    public static void main(String[] words) {
        Umask.ownerOnly();
        try {
            Instance instance = Arguments.parse(words).instance();
            try (var _ = lock(instance)) {
                Logging.start(instance.log("floofd"));
                OomScore.set(ProcessHandle.current().pid(), OomScore.CONTROL);
                Supervisor supervisor = new Supervisor(instance, List.of(words));
                Runtime.getRuntime()
                        .addShutdownHook(
                                Thread.ofPlatform().name("stop").unstarted(supervisor::stop));
                supervisor.run();
            }
        } catch (IllegalArgumentException | IOException e) {
            System.err.println("floof: " + e.getMessage());
            Runtime.getRuntime().halt(Floofd.REFUSED);
        }
    }

    private static InstanceLock lock(Instance instance) throws IOException {
        try {
            return InstanceLock.take(instance.supervisorLock(), "instance " + instance.name());
        } catch (IOException e) {
            Living floofd = floofd(instance);
            if (floofd == null || !Build.isOther(floofd.words())) {
                throw e;
            }
            throw new IOException(
                    e.getMessage()
                            + ", of another build; to replace it without an outage, end that"
                            + " process by SIGKILL and run this again",
                    e);
        }
    }

    private void run() throws IOException {
        takeOver();
        while (true) {
            try {
                daemon.start(false);
                break;
            } catch (BadConfig e) {
                giveBack();
                throw e;
            } catch (IOException e) {
                say(e.getMessage() + "; starting it again in " + PAUSE.toMillis() + " ms");
                pause();
            }
        }
        while (true) {
            pause();
        }
    }

    /** Leaves a living floofd to be adopted, or ends one of another build. */
    private void takeOver() {
        Living living = find();
        if (living == null) {
            return;
        }
        if (words.contains("--config")) {
            say("the instance runs already and is taken over; --config is not loaded");
        }
        words = withoutConfig();
        if (Build.isOther(living.words())) {
            say(
                    "the instance runs another build; replacing its floofd ("
                            + living
                            + "), the fast path keeps forwarding");
            living.end(STOP);
        }
    }

    private List<String> withoutConfig() {
        return List.of("--instance", instance.name());
    }

    /** Prints to the user's terminal and to the log, which this shares with floofd. */
    private static void say(String text) {
        System.err.println("floof: " + text);
        LOG.warn("{}", text);
    }

    /** Waits until a signal ends the process. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            // Nobody interrupts the main thread; a shorter pause does no harm.
        }
    }

    private static final class BadConfig extends IOException {
        private static final long serialVersionUID = 1;

        BadConfig() {
            super("the configuration was not committed");
        }
    }

    // ---- floofd as a daemon -------------------------------------------------------------------

    @Override
    public String name() {
        return "floofd";
    }

    /** Adopts a floofd that outlived its supervisor. */
    @Override
    public @Nullable Living find() {
        return floofd(instance);
    }

    private static @Nullable Living floofd(Instance instance) {
        return Living.find(Processes.isMain(Leftovers.FLOOFD, instance)).stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public Living start(boolean isRecovery) throws IOException {
        Process child = startFloofd();
        Living started = Living.of(child.pid());
        while (started != null && !started.awaitEnd(STEP)) {
            if (Pulse.of(instance.floofdSocket(), PULSE) == Pulse.State.ANSWERS) {
                return started;
            }
        }
        int status = status(child);
        if (status == Floofd.BAD_CONFIG) {
            throw new BadConfig();
        }
        throw new IOException("floofd ended with status " + status);
    }

    private static int status(Process child) {
        while (true) {
            try {
                return child.waitFor();
            } catch (InterruptedException e) {
                // As above: it has ended.
            }
        }
    }

    /** Where memory is short, tables, buffers and BIRD get as much as floofd's heap. */
    static String heap(long memoryBytes) {
        return "-Xmx" + Math.min(HEAP_MAX_MIB, memoryBytes / 2 >> 20) + "m";
    }

    private synchronized Process startFloofd() throws IOException {
        if (isStopping) {
            throw new IOException("the router is being stopped");
        }
        List<String> options = new ArrayList<>(FLOOFD_OPTIONS);
        options.add(heap(MemorySize.bytes()));
        options.add(Build.option());
        options.add("-D" + Housekeeping.CPUS + "=" + Cpus.text(cpus));
        List<String> command = JavaCommand.of("floof.app.Floofd", options, words);
        words = withoutConfig();
        try {
            // The child inherits it: none of its threads ever runs on a worker's CPU.
            CurrentThread.runOn(new Housekeeping(instance).forFloofd());
            return new ProcessBuilder(command).inheritIO().start();
        } finally {
            CurrentThread.runOn(cpus);
        }
    }

    /** A floofd that does not listen yet is starting. */
    @Override
    public void ask() throws IOException {
        if (Pulse.of(instance.floofdSocket(), PULSE) == Pulse.State.SILENT) {
            throw new IOException("floofd does not answer at " + instance.floofdSocket());
        }
    }

    /** Thread: the JVM's shutdown hook, after SIGTERM or SIGINT. */
    private void stop() {
        synchronized (this) {
            isStopping = true;
        }
        // Also ends a start in progress, which waits for floofd's answer.
        Living child = find();
        if (child != null) {
            child.end(STOP);
        }
        daemon.close();
        Runtime.getRuntime().halt(giveBack() ? 0 : 1);
    }

    private boolean giveBack() {
        List<String> failures = Leftovers.giveBack(instance);
        failures.forEach(failure -> System.err.println("floof: " + failure));
        return failures.isEmpty();
    }
}
