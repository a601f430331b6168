package floof.api.fastpath;

import java.util.List;

/**
 * A worker since the fast path started.
 *
 * @param cycles times its loop was run
 * @param busyCycles those in which packets came
 * @param packets received, or taken from other workers
 * @param sleeps times it slept, for want of packets
 * @param stolenMs time that a hypervisor took from its CPU, where that is told
 * @param handedOver packets given to other workers
 * @param takenOver packets taken from other workers
 * @param handOverFull packets not given, as the other was too far behind
 * @param pauses what held it up, by cause; none for causes that never did
 */
public record WorkerState(
        int worker,
        int cpu,
        long cycles,
        long busyCycles,
        long packets,
        long sleeps,
        long stolenMs,
        long handedOver,
        long takenOver,
        long handOverFull,
        List<Pause> pauses) {

    public WorkerState {
        pauses = List.copyOf(pauses);
    }

    /** The longest pause of any cause, in microseconds. */
    public long longestUs() {
        return pauses.stream().mapToLong(Pause::longestUs).max().orElse(0);
    }

    /**
     * Pauses of one cause.
     *
     * @param sumUs of all together
     * @param histogram how many took so long
     */
    public record Pause(
            String cause, long count, long sumUs, long longestUs, List<Column> histogram) {

        public Pause {
            histogram = List.copyOf(histogram);
        }
    }

    /** Pauses of {@code fromUs} microseconds up to twice that; without end in the last column. */
    public record Column(long fromUs, long count) {}
}
