package floof.sync;

import java.util.function.LongSupplier;

/**
 * When repeated work is due: once per interval, but never more than a share of the time is spent on
 * it, however long it takes and however often it is done between. Thread: the one that works.
 */
final class Pace {

    private final long intervalNs;
    private final int rest;
    private final LongSupplier clock;
    private final LongSupplier processor;
    private long nextNs;

    /** When the time spent will have been made up for. */
    private long restedNs;

    /**
     * @param intervalNs from one time to the next, at least
     * @param rest ratio of rest to work
     * @param clock nanoseconds, like {@link System#nanoTime}
     * @param processor processor time that the calling thread has used, in nanoseconds
     */
    Pace(long intervalNs, int rest, LongSupplier clock, LongSupplier processor) {
        this.intervalNs = intervalNs;
        this.rest = rest;
        this.clock = clock;
        this.processor = processor;
        nextNs = clock.getAsLong();
        restedNs = nextNs;
    }

    /** When it is due next. */
    long nextNs() {
        return Math.max(nextNs, restedNs);
    }

    boolean isDue() {
        return clock.getAsLong() - nextNs() >= 0;
    }

    /** Marks the start: the work is not due again before the interval has passed. */
    void begin() {
        nextNs = clock.getAsLong() + intervalNs;
    }

    /** Runs the work and accounts for its processor time. */
    void run(Runnable work) {
        long beforeNs = processor.getAsLong();
        try {
            work.run();
        } finally {
            long spentNs = processor.getAsLong() - beforeNs;
            restedNs = Math.max(restedNs, clock.getAsLong()) + rest * spentNs;
        }
    }
}
