package floof.app;

import floof.engine.HandOver;
import floof.engine.Pauses;
import floof.engine.Pauses.Cause;
import floof.engine.Worker;
import floof.fpc.CounterKind;
import floof.fpc.Message;
import floof.linux.system.Cpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The workers' counters of themselves, as rows. Thread: any. */
final class WorkerReadings {

    private static final List<String> CYCLE_COLUMNS =
            List.of(
                    "cpu",
                    "cycles",
                    "busy-cycles",
                    "packets",
                    "sleeps",
                    "stolen-ms",
                    "handed-over",
                    "taken-over",
                    "hand-over-full");

    private static final List<String> PAUSE_COLUMNS = pauseColumns();

    /** Ten times the longest sleep of a worker that has nothing to do. */
    private static final long STUCK_NS = 10_000_000_000L;

    /** Longer than between two heartbeats, even of a busy floofd. */
    private static final long GAP_NS = 5_000_000_000L;

    /** How long a worker may take to begin. */
    private static final long START_NS = 60_000_000_000L;

    private final List<ForwardingWorker> workers;

    /** The CPUs' steal time when the workers started, in ms. */
    private final long[] stolenMs;

    /** Cycles of each worker at their last change, and when that was. */
    private final long[] cycles;

    private final long[] cycledNs;

    /** The clock at the first and at the last call of {@link #stuck}. */
    private long startNs;

    private long askedNs;

    WorkerReadings(List<ForwardingWorker> workers) {
        this.workers = workers;
        stolenMs = workers.stream().mapToLong(WorkerReadings::stolenMs).toArray();
        cycles = new long[workers.size()];
        cycledNs = new long[workers.size()];
    }

    /**
     * The first worker that runs no cycle for {@link #STUCK_NS}, as far as calls of this have seen
     * it; -1 for none. What comes to its ports is lost meanwhile.
     *
     * @param nowNs a clock in nanoseconds
     */
    synchronized int stuck(long nowNs) {
        if (askedNs == 0) {
            startNs = nowNs;
            askedNs = nowNs;
        }
        long gapNs = nowNs - askedNs;
        askedNs = nowNs;
        if (gapNs > GAP_NS) {
            // The machine may have been stopped: only time that was watched counts.
            startNs += gapNs;
            for (int i = 0; i < cycledNs.length; i++) {
                cycledNs[i] += gapNs;
            }
        }
        int stuck = -1;
        for (ForwardingWorker it : workers) {
            int number = it.number();
            long now = it.worker().counter(Worker.CYCLES);
            boolean isStarting = now == 0 && nowNs - startNs < START_NS;
            if (isStarting || now != cycles[number]) {
                cycles[number] = now;
                cycledNs[number] = nowNs;
            } else if (stuck < 0 && nowNs - cycledNs[number] > STUCK_NS) {
                stuck = number;
            }
        }
        return stuck;
    }

    private static long stolenMs(ForwardingWorker worker) {
        return 10 * Cpus.stolen(worker.cpu());
    }

    /** {@code sum-us}, {@code longest-us}, then the pauses of at least that many microseconds. */
    private static List<String> pauseColumns() {
        List<String> columns = new ArrayList<>(List.of("sum-us", "longest-us"));
        for (int column = 0; column < Pauses.COLUMNS; column++) {
            columns.add(Long.toString((Pauses.LONG_NS << column) / 1_000));
        }
        return List.copyOf(columns);
    }

    /** A row per worker. */
    Message.Counters cycles() {
        List<Message.CounterRow> rows = new ArrayList<>();
        for (ForwardingWorker it : workers) {
            Worker worker = it.worker();
            rows.add(
                    new Message.CounterRow(
                            "" + it.number(),
                            List.of(
                                    (long) it.cpu(),
                                    worker.counter(Worker.CYCLES),
                                    worker.counter(Worker.BUSY_CYCLES),
                                    worker.counter(Worker.PACKETS),
                                    worker.counter(Worker.SLEEPS),
                                    stolenMs(it) - stolenMs[it.number()],
                                    it.handOver().counter(HandOver.GIVEN),
                                    it.handOver().counter(HandOver.TAKEN),
                                    it.handOver().counter(HandOver.FULL))));
        }
        return new Message.Counters(CounterKind.CYCLE, CYCLE_COLUMNS, rows, Message.END);
    }

    /** A row {@code WORKER CAUSE} per worker and cause, in order, from a given one on. */
    Message.Counters pauses(int from) {
        int causes = Cause.values().length;
        int all = workers.size() * causes;
        int end = Math.min(all, from + Message.MAX_PAGE);
        List<Message.CounterRow> rows = new ArrayList<>();
        for (int i = from; i < end; i++) {
            rows.add(row(workers.get(i / causes), Cause.values()[i % causes]));
        }
        return new Message.Counters(
                CounterKind.PAUSE, PAUSE_COLUMNS, rows, end == all ? Message.END : end);
    }

    private static Message.CounterRow row(ForwardingWorker worker, Cause cause) {
        Pauses pauses = worker.worker().pauses();
        List<Long> values = new ArrayList<>();
        values.add(pauses.sumNs(cause) / 1_000);
        values.add(pauses.longestNs(cause) / 1_000);
        for (int column = 0; column < Pauses.COLUMNS; column++) {
            values.add(pauses.count(cause, column));
        }
        String name = cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Message.CounterRow(worker.number() + " " + name, values);
    }
}
