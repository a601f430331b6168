package floof.control.daemon;

import floof.control.instance.Processes;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import floof.linux.system.PidFd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A process, ours or not, held by a descriptor: never another that got its number later. One that
 * has ended is dead, also while nobody has reaped it. Thread: any.
 */
public final class Living {

    /** The kernel needs a moment to take a killed process apart: it may have gigabytes. */
    private static final int KILL_MS = 10_000;

    private static final int SLICE_MS = 200;

    private final long pid;
    private final PidFd fd;
    private boolean hasEnded;

    private Living(long pid, PidFd fd) {
        this.pid = pid;
        this.fd = fd;
    }

    /** The process of that number; null when there is none, or only its remains. */
    public static @Nullable Living of(long pid) {
        try {
            Living living = new Living(pid, PidFd.open(pid));
            return living.isAlive() ? living : null;
        } catch (LinuxException e) {
            if (e.errno() == Errno.ESRCH) {
                return null;
            }
            throw e;
        }
    }

    /** Living processes whose words of the command line satisfy {@code isWanted}; oldest first. */
    public static List<Living> find(Predicate<List<String>> isWanted) {
        return Processes.find(isWanted).stream()
                .sorted(
                        Comparator.comparing(
                                found -> found.info().startInstant().orElse(Instant.MAX)))
                .map(found -> of(found.pid()))
                // Asked again: before we held it, the number may have become another's.
                .filter(living -> living != null && isWanted.test(living.words()))
                .map(java.util.Objects::requireNonNull)
                .toList();
    }

    public long pid() {
        return pid;
    }

    public synchronized boolean isAlive() {
        if (!hasEnded && fd.awaitEnd(0)) {
            hasEnded = true;
            fd.close();
        }
        return !hasEnded;
    }

    /** Waits for its end; false when it took longer. */
    public boolean awaitEnd(Duration longest) {
        long endNs = System.nanoTime() + longest.toNanos();
        while (isAlive()) {
            long leftMs = (endNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            try {
                fd.awaitEnd((int) Math.min(SLICE_MS, leftMs));
            } catch (IllegalStateException e) {
                // Another thread saw its end, and has closed the descriptor.
            }
        }
        return true;
    }

    /** Nothing happens to one that has ended. */
    public synchronized void signal(int signal) {
        if (isAlive()) {
            LinuxException.succeeds(Errno.ESRCH, () -> fd.signal(signal));
        }
    }

    /** SIGTERM, and after {@code grace} SIGKILL; returns when it is gone. */
    public void end(Duration grace) {
        if (!grace.isZero()) {
            signal(PidFd.SIGTERM);
            if (awaitEnd(grace)) {
                return;
            }
        }
        signal(PidFd.SIGKILL);
        awaitEnd(Duration.ofMillis(KILL_MS));
    }

    /** Whether a signal has stopped it (state T of proc_pid_stat(5)). */
    public boolean isStopped() {
        try {
            String stat = Files.readString(proc("stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith("T", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** The words of its command line; none when it has ended. */
    public List<String> words() {
        return Processes.words(pid);
    }

    /** When it started; null when it has ended. */
    public @Nullable Instant started() {
        return ProcessHandle.of(pid).flatMap(it -> it.info().startInstant()).orElse(null);
    }

    /** A file of proc(5). */
    public Path proc(String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }

    @Override
    public String toString() {
        return "process " + pid;
    }
}
