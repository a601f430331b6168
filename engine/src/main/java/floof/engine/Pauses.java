package floof.engine;

/**
 * Measures a worker's cycles and finds the cause of long ones. A short cycle costs a comparison;
 * after a long one the worker asks the kernel what happened to its thread.
 *
 * <p>The first cause that applies counts; foreign causes that the kernel knows for certain come
 * first. Nothing reports interrupts, or a hypervisor that took the processor away. They are what
 * remains when a cycle took much longer than its packets need.
 *
 * <p>Thread: its worker; the counters may be read by anybody.
 */
public final class Pauses {

    /** What delayed a worker. */
    public enum Cause {
        /** Foreign: the scheduler gave the core to another thread. */
        PREEMPTED,
        /** Own: the thread waited without sleeping: a safepoint of the JVM. */
        SAFEPOINT,
        /** Own: it ran a command of the control plane: ports, traces. */
        COMMAND,
        /** Own: a page had to be brought in. */
        PAGE_FAULT,
        /** Own: its packets took that long. */
        BATCH,
        /** Foreign: interrupts, or a hypervisor that ran something else. */
        INTERRUPTED
    }

    /** What the kernel counts of the calling thread, as of the last {@link #sample}. */
    public interface Usage {

        void sample();

        long involuntarySwitches();

        long voluntarySwitches();

        long pageFaults();
    }

    /** A cycle of at least this length is a pause: 131 microseconds. */
    public static final long LONG_NS = 1 << 17;

    /** Column i counts pauses of {@code LONG_NS << i} and longer; the last has no upper end. */
    public static final int COLUMNS = 12;

    /** An older sample says nothing about a pause. */
    private static final long SAMPLE_NS = 10_000_000;

    /** A batch that takes this many times its usual time was not alone on its core. */
    private static final int UNUSUAL = 4;

    private static final int CAUSES = Cause.values().length;
    private static final int SUM = COLUMNS;
    private static final int LONGEST = COLUMNS + 1;
    private static final int ROW = COLUMNS + 2;

    private final Usage usage;

    /** A row per cause: {@link #COLUMNS} counts, then the sum of all in ns and the longest. */
    private final Tally values = new Tally(CAUSES * ROW);

    private long sampledNs;
    private long involuntary;
    private long voluntary;
    private long faults;

    /** Average over cycles with packets that were not pauses. */
    private long usualNs;

    private long usualPackets;

    public Pauses(Usage usage) {
        this.usage = usage;
    }

    /** Starts after a sleep: the time until now is no pause. */
    void restart(long nowNs) {
        sampledNs = nowNs;
        usage.sample();
        involuntary = usage.involuntarySwitches();
        voluntary = usage.voluntarySwitches();
        faults = usage.pageFaults();
    }

    /** Records a finished cycle: its length, and what was done in it. */
    void cycle(long nowNs, long lengthNs, int packets, int commands) {
        if (lengthNs >= LONG_NS) {
            add(lengthNs, packets, commands);
            restart(nowNs);
            return;
        }
        if (packets != 0) {
            usualNs += lengthNs;
            usualPackets += packets;
        }
        if (nowNs - sampledNs > SAMPLE_NS) {
            restart(nowNs);
        }
    }

    private void add(long lengthNs, int packets, int commands) {
        usage.sample();
        Cause cause = cause(lengthNs, packets, commands);
        int row = cause.ordinal() * ROW;
        int doublings = 63 - Long.numberOfLeadingZeros(lengthNs / LONG_NS);
        int column = Math.min(COLUMNS - 1, doublings);
        values.add(row + column, 1);
        values.add(row + SUM, lengthNs);
        values.put(row + LONGEST, Math.max(values.get(row + LONGEST), lengthNs));
    }

    private Cause cause(long lengthNs, int packets, int commands) {
        if (usage.involuntarySwitches() != involuntary) {
            return Cause.PREEMPTED;
        }
        if (usage.voluntarySwitches() != voluntary) {
            return Cause.SAFEPOINT;
        }
        if (commands != 0) {
            return Cause.COMMAND;
        }
        if (usage.pageFaults() != faults) {
            return Cause.PAGE_FAULT;
        }
        // Until there is a usual time, a batch may take any time.
        boolean isUsual =
                usualPackets == 0 || lengthNs / UNUSUAL <= packets * (usualNs / usualPackets + 1);
        return packets != 0 && isUsual ? Cause.BATCH : Cause.INTERRUPTED;
    }

    /** Resets all pauses. */
    public void clear() {
        values.clear();
    }

    private long get(Cause cause, int at) {
        return values.get(cause.ordinal() * ROW + at);
    }

    /** Pauses of a cause in a column. Thread: any. */
    public long count(Cause cause, int column) {
        return get(cause, column);
    }

    /** All pauses of a cause together, in ns. Thread: any. */
    public long sumNs(Cause cause) {
        return get(cause, SUM);
    }

    /** The longest pause of a cause in ns, 0 without one. Thread: any. */
    public long longestNs(Cause cause) {
        return get(cause, LONGEST);
    }
}
