package floof.engine;

/**
 * The time, read once at the start of each cycle of a worker, for everything done in it. Thread:
 * its worker.
 */
public final class CycleClock {

    /** {@link System#nanoTime} at the start of this cycle. */
    public long nowNs;
}
