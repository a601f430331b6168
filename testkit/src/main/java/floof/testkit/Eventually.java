package floof.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Waiting for what must come. Tests give no limit of their own: a limit that a busy machine breaks
 * says nothing about the product, and one that none breaks need not be short. Thread: any.
 */
public final class Eventually {

    /** Tells what hangs from what is slow. */
    public static final Duration LIMIT = Duration.ofSeconds(120);

    private static final long LONGEST_PAUSE_MS = 20;

    private Eventually() {}

    /** Whether it came to hold within {@link #LIMIT}; for {@code assertThat(...).isTrue()}. */
    public static boolean holds(Callable<Boolean> condition) {
        return holds(LIMIT, condition);
    }

    /**
     * The same for what takes longer, or for a program's limit of its own.
     *
     * @throws IllegalStateException if the condition cannot be told, or the thread is interrupted
     */
    public static boolean holds(Duration limit, Callable<Boolean> condition) {
        long startNs = System.nanoTime();
        long pauseMs = 1;
        try {
            while (!condition.call()) {
                if (System.nanoTime() - startNs > limit.toNanos()) {
                    return false;
                }
                Thread.sleep(pauseMs);
                pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails unless it comes to hold. */
    public static void await(Callable<Boolean> condition) {
        if (!holds(condition)) {
            throw new AssertionError("not within " + LIMIT.toSeconds() + " s");
        }
    }
}
