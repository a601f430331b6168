package floof.control.instance;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that waits for the end of a process and then has it started again: at once where it
 * lived long, after a growing pause where it keeps dying. Thread: any.
 */
public final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private static final long PAUSE_MIN_MS = 50;
    private static final long PAUSE_MAX_MS = 10_000;

    /** A process that lived so long has overcome what killed the one before. */
    private static final long STABLE_MS = 10_000;

    private final Supplier<@Nullable ProcessHandle> process;
    private final Runnable restart;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param name of the thread
     * @param process to wait for; null where its start failed
     * @param restart called on the thread after each end
     */
    public Watch(String name, Supplier<@Nullable ProcessHandle> process, Runnable restart) {
        this.process = process;
        this.restart = restart;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    /** Once. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            follow();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts " + thread.getName(), e);
        }
    }

    private void follow() throws InterruptedException {
        long pauseMs = 0;
        while (!isClosed()) {
            ProcessHandle watched = process.get();
            long startNs = System.nanoTime();
            if (watched != null) {
                Processes.awaitEnd(watched, this::isClosed);
            }
            if (System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(STABLE_MS)) {
                pauseMs = 0;
            }
            if (!closed.await(pauseMs, TimeUnit.MILLISECONDS)) {
                tryRestart();
            }
            pauseMs = Math.clamp(2 * pauseMs, PAUSE_MIN_MS, PAUSE_MAX_MS);
        }
    }

    /** What one restart runs into is no reason to give up. */
    private void tryRestart() {
        try {
            restart.run();
        } catch (RuntimeException e) {
            LOG.error("{}: restart failed", thread.getName(), e);
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends the thread, waiting for a restart under way; the process stays. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
