package floof.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Waits for a condition. Tests set no limits of their own: a limit that a busy machine exceeds says
 * nothing about the product, and a safe one need not be short. Thread: any.
 */
public final class Eventually {

    /** Separates a hang from slowness. */
    public static final Duration LIMIT = Duration.ofSeconds(120);

    private static final long LONGEST_PAUSE_MS = 20;

    private Eventually() {}

    /** Whether the condition held within {@link #LIMIT}; for {@code assertThat(...).isTrue()}. */
    public static boolean holds(Callable<Boolean> condition) {
        return holds(LIMIT, condition);
    }

    /**
     * The same with another limit.
     *
     * @throws IllegalStateException if the condition throws a checked exception, or the thread is
     *     interrupted
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

    /** Fails unless the condition holds within {@link #LIMIT}. */
    public static void await(Callable<Boolean> condition) {
        if (!holds(condition)) {
            throw new AssertionError("not within " + LIMIT.toSeconds() + " s");
        }
    }
}
