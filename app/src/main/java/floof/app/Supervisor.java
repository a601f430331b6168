package floof.app;

import floof.control.Housekeeping;
import floof.control.Leftovers;
import floof.control.instance.Instance;
import floof.control.instance.InstanceLock;
import floof.linux.Cpus;
import floof.linux.CurrentThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code floof run}: starts floofd, starts it again when it dies, and at its own end gives
 * everything back. Being started is the operator's wish that the router runs; SIGTERM or SIGINT
 * that it does not.
 */
public final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** Pause before a restart: doubled each time, from the first to the last. */
    private static final long PAUSE_MIN_MS = 100;

    private static final long PAUSE_MAX_MS = 10_000;

    /** A floofd that lived so long has overcome what killed the one before. */
    private static final long STABLE_MS = 30_000;

    /** floofd closes its doors and leaves the rest in place; that takes no longer. */
    private static final long STOP_MS = 10_000;

    /**
     * Flags of floofd: it waits most of the time, so the first compiler and the simplest collector
     * do. A dump of two million routes is streamed, not held; a million statements take 250 MB, and
     * as much again while they are read or compared. One thread without memory would be a part that
     * is missing: the whole ends, and the next floofd goes on with what was committed.
     */
    private static final List<String> FLOOFD_OPTIONS =
            List.of(
                    "-Xms32m",
                    "-Xmx1g",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+ExitOnOutOfMemoryError");

    private final Instance instance;
    private final BitSet cpus = CurrentThread.cpus();

    /** Of the next floofd: only the first one loads the file of {@code --config}. */
    private List<String> words;

    private boolean isStopping;
    private @Nullable Process floofd;

    private Supervisor(Instance instance, List<String> words) {
        this.instance = instance;
        this.words = words;
    }

    public static void main(String[] words) {
        Logging.start(null);
        try {
            Instance instance = Arguments.parse(words).instance();
            try (var _ =
                    InstanceLock.take(instance.supervisorLock(), "instance " + instance.name())) {
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

    private void run() throws IOException {
        long pauseMs = PAUSE_MIN_MS;
        while (true) {
            long startNs = System.nanoTime();
            Process child = startFloofd();
            int status = await(child);
            awaitEndOfStop();
            if (status == Floofd.REFUSED) {
                throw new IOException(
                        "a floofd of instance "
                                + instance.name()
                                + " outlived its supervisor; ./floof release --instance "
                                + instance.name()
                                + " ends it");
            }
            if (status == Floofd.BAD_CONFIG) {
                giveBack();
                throw new IOException("the configuration was not committed");
            }
            long livedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            pauseMs = livedMs > STABLE_MS ? PAUSE_MIN_MS : pauseMs;
            pause(status, pauseMs);
            pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS);
        }
    }

    private synchronized Process startFloofd() throws IOException {
        awaitEndOfStop();
        List<String> options = new ArrayList<>(FLOOFD_OPTIONS);
        options.add("-D" + Housekeeping.CPUS + "=" + Cpus.text(cpus));
        List<String> command = JavaCommand.of("floof.app.Floofd", options, words);
        words = List.of("--instance", instance.name());
        try {
            // Inherited by the child: no thread of it ever runs on a worker's CPU.
            CurrentThread.runOn(new Housekeeping(instance).forFloofd());
            floofd = new ProcessBuilder(command).inheritIO().start();
        } finally {
            CurrentThread.runOn(cpus);
        }
        return floofd;
    }

    private static int await(Process child) {
        while (true) {
            try {
                return child.waitFor();
            } catch (InterruptedException e) {
                // Nobody interrupts the main thread; the child's end is what counts.
            }
        }
    }

    private synchronized void pause(int status, long pauseMs) {
        awaitEndOfStop();
        LOG.warn("floofd ended with status {}; starting it again in {} ms", status, pauseMs);
        try {
            wait(pauseMs);
        } catch (InterruptedException e) {
            // As above: a shorter pause does no harm.
        }
    }

    /** Once a signal came, only {@link #stop} goes on; it ends the process. */
    private synchronized void awaitEndOfStop() {
        while (isStopping) {
            try {
                wait();
            } catch (InterruptedException e) {
                // As above.
            }
        }
    }

    /** Thread: the JVM's shutdown hook, after SIGTERM or SIGINT. */
    private void stop() {
        Process child;
        synchronized (this) {
            isStopping = true;
            child = floofd;
        }
        if (child != null) {
            child.destroy();
            try {
                if (!child.waitFor(STOP_MS, TimeUnit.MILLISECONDS)) {
                    child.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                child.destroyForcibly();
            }
        }
        Runtime.getRuntime().halt(giveBack() ? 0 : 1);
    }

    private boolean giveBack() {
        List<String> failures = Leftovers.giveBack(instance);
        instance.running().toFile().delete(); // of no use any more; nobody misses it if that fails
        failures.forEach(failure -> System.err.println("floof: " + failure));
        return failures.isEmpty();
    }
}
