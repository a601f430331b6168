package floof.control.daemon;

import static floof.base.task.Task.Failure.RESTART;

import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Task;
import floof.base.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that is kept running: adopted or started, started again at once when it ends (after a
 * growing pause where it keeps ending), asked every second, and killed when it stays silent: one
 * that a signal has stopped after {@link Policy#STOPPED_MAX}, another after {@link
 * Policy#busyMax()}. Alarms report both. Thread: any; nobody but who starts or ends it waits.
 */
public final class Daemon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private static final Duration PAUSE_MIN = Duration.ofMillis(50);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

    /** A process that lived so long has overcome what killed the one before. */
    private static final Duration STABLE = Duration.ofSeconds(10);

    /** Between two questions to one that may be adopted. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private static final Duration SLICE = Duration.ofMillis(500);

    /** How one is ended. */
    @FunctionalInterface
    public interface Ending {
        void end(Living process) throws IOException;
    }

    /** How one takes over from another, which it ends; if it cannot, the other stays. */
    @FunctionalInterface
    public interface Succession {
        Living succeed(Living current) throws IOException;
    }

    private final Program program;
    private final Policy policy;
    private final Alarms alarms;
    private final Tasks tasks;

    /** Null while there is none that answers. Written under this monitor. */
    private volatile @Nullable Living process;

    /** Why it could not be started last, behind a colon; empty while it could. */
    private volatile String trouble = "";

    /** Whoever ended it said so before. */
    private volatile boolean isPlanned;

    private List<Task> running = List.of();

    public Daemon(Program program, Policy policy, Alarms alarms, Tasks tasks) {
        this.program = program;
        this.policy = policy;
        this.alarms = alarms;
        this.tasks = tasks;
    }

    /**
     * Adopts the living one or starts one, and begins to watch it. Call once.
     *
     * @param isRecovery where one is started: it takes the place of one that has ended
     * @return whether it was adopted
     */
    public synchronized boolean start(boolean isRecovery) throws IOException {
        boolean isAdopted = adopt();
        if (!isAdopted) {
            launch(isRecovery);
        }
        running =
                List.of(
                        tasks.start(program.name() + "-heartbeat", RESTART, this::beat),
                        tasks.start(program.name() + "-watch", RESTART, this::watch));
        return isAdopted;
    }

    private boolean adopt() throws IOException {
        Living living = program.find();
        if (living == null) {
            return false;
        }
        long startNs = System.nanoTime();
        while (true) {
            try {
                program.ask();
                took(living);
                LOG.info("{}: adopted {}", program.name(), living);
                return true;
            } catch (IOException e) {
                long silentNs = System.nanoTime() - startNs;
                boolean isLost = living.isStopped() || silentNs > policy.adoptionMax().toNanos();
                if (!living.isAlive() || isLost) {
                    LOG.warn("{}: {} does not answer; ending it: {}", program.name(), living, e);
                    living.end(Duration.ZERO);
                    return false;
                }
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    /**
     * The one that lives and answers, as far as we know.
     *
     * @throws IOException when it is being started again
     */
    public Living process() throws IOException {
        Living current = process;
        if (current == null || !current.isAlive()) {
            throw new IOException(program.name() + " is being restarted" + trouble);
        }
        return current;
    }

    /** Ends it and starts it again; returns when the next one answers. */
    public synchronized void restart(Ending ending) throws IOException {
        Living current = process;
        process = null;
        if (current != null) {
            ending.end(current);
        }
        launch(true);
    }

    /** Starts one that takes over from it where there is one; returns when the next one answers. */
    public synchronized void replace(Succession succession) throws IOException {
        Living current = process;
        if (current == null || !current.isAlive()) {
            launch(true);
            return;
        }
        took(succession.succeed(current));
        LOG.info("{}: {} has taken over from {}", program.name(), process, current);
    }

    /** Ends it; the watch starts it again at once, as it does after a death. */
    public void recycle(Ending ending) throws IOException {
        Living current = process();
        isPlanned = true;
        try {
            ending.end(current);
        } finally {
            if (current.isAlive()) {
                isPlanned = false; // its end, when it comes, is another one
            }
        }
    }

    private void launch(boolean isRecovery) throws IOException {
        Living fresh = program.start(isRecovery);
        took(fresh);
        LOG.info("{}: started, {}", program.name(), fresh);
    }

    private void took(Living taken) {
        OomScore.set(taken.pid(), policy.oomScore());
        process = taken;
        isPlanned = false;
        trouble = "";
        alarms.clear(alarm());
    }

    private String alarm() {
        return "daemon/" + program.name();
    }

    // ---- its end ------------------------------------------------------------------------------

    private void watch(Task self) {
        Duration pause = Duration.ZERO;
        while (!self.isEnding()) {
            Living watched = process;
            long startNs = System.nanoTime();
            while (watched != null && !self.isEnding() && !watched.awaitEnd(SLICE)) {
                // It lives.
            }
            if (System.nanoTime() - startNs > STABLE.toNanos()) {
                pause = Duration.ZERO;
            }
            if (!pause.isZero()) {
                self.pause(pause);
            }
            if (!self.isEnding()) {
                revive();
            }
            pause = pause.isZero() ? PAUSE_MIN : pause.multipliedBy(2);
            pause = pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
        }
    }

    private void revive() {
        try {
            synchronized (this) {
                Living current = process;
                if (current != null && current.isAlive()) {
                    return; // somebody has started it again
                }
                process = null;
                if (!isPlanned && !program.isEndAnnounced()) {
                    LOG.warn("{}: ended unexpectedly; restarting it", program.name());
                    alarms.raise(
                            alarm(),
                            Severity.MAJOR,
                            program.name() + " ended unexpectedly",
                            "it is being restarted; see 'show log'");
                }
                if (!adopt()) {
                    launch(true);
                }
            }
        } catch (IOException e) {
            LOG.error("{}: {}", program.name(), e.getMessage());
            trouble = ": " + e.getMessage();
            alarms.raise(
                    alarm(),
                    Severity.MAJOR,
                    program.name() + " cannot be started: " + e.getMessage(),
                    "it is retried; see 'show log'");
            return;
        }
        try {
            program.revived();
        } catch (IOException e) {
            LOG.error("{}: after its start: {}", program.name(), e.getMessage());
        }
    }

    // ---- its silence --------------------------------------------------------------------------

    private void beat(Task self) {
        String alarm = "heartbeat/" + program.name();
        Living asked = process;
        long answeredNs = System.nanoTime();
        boolean isReported = false;
        while (!self.isEnding()) {
            long beganNs = System.nanoTime();
            self.pause(Policy.BEAT);
            Living current = process;
            String silence = silence(current);
            if (System.nanoTime() - beganNs > Policy.BEAT_LATE.toNanos()) {
                answeredNs = System.nanoTime(); // the machine was stopped, and all in it
            }
            if (current == null || current != asked || silence.isEmpty()) {
                if (isReported) {
                    LOG.info("{}: answers again", program.name());
                    alarms.clear(alarm);
                }
                isReported = false;
                asked = current;
                answeredNs = System.nanoTime();
                continue;
            }
            boolean isStopped = current.isStopped();
            Duration silent = Duration.ofNanos(System.nanoTime() - answeredNs);
            Duration max = isStopped ? Policy.STOPPED_MAX : policy.busyMax();
            Duration alarmAfter = isStopped ? Policy.STOPPED_ALARM : Policy.BUSY_ALARM;
            if (silent.compareTo(alarmAfter) >= 0 && !isReported) {
                isReported = true;
                String text =
                        program.name()
                                + " ("
                                + current
                                + ") does not answer"
                                + (isStopped ? ": a signal has stopped it" : ": " + silence);
                LOG.warn("{}", text);
                alarms.raise(
                        alarm,
                        Severity.MAJOR,
                        text,
                        "it is killed and restarted after " + max.toSeconds() + " s");
            }
            if (silent.compareTo(max) >= 0) {
                LOG.error("{}: silent for {} s; killing it", program.name(), silent.toSeconds());
                current.end(Duration.ZERO);
            }
        }
        alarms.clear(alarm);
    }

    /** Why a living process does not answer; empty when it does, or does not live. */
    private String silence(@Nullable Living current) {
        if (current == null || !current.isAlive()) {
            return "";
        }
        try {
            program.ask();
            return "";
        } catch (IOException e) {
            return "" + e.getMessage();
        }
    }

    /** Ends the watching, waiting for a restart under way; the process stays. */
    @Override
    public void close() {
        List<Task> own;
        synchronized (this) {
            own = running;
        }
        own.forEach(Task::close);
    }
}
