package floof.engine;

/**
 * How long a worker's cycles take, and what held up the long ones. A short cycle costs a
 * comparison; after a long one the kernel is asked what happened to the thread.
 *
 * <p>The first cause that applies counts, the foreign ones first where the kernel is sure of them.
 * Nobody tells about interrupts and a hypervisor that took the processor away: they are what is
 * left when a cycle took much longer than its packets need.
 *
 * <p>Thread: its worker; the counters may be read by anybody.
 */
public final class Pauses {

    /** What held a worker up. */
    public enum Cause {
        /** Foreign: the scheduler gave the core to another thread. */
        PREEMPTED,
        /** Own: the thread waited although it did not sleep: a safepoint of the JVM. */
        SAFEPOINT,
        /** Own: it did what control asked for: ports, traces. */
        COMMAND,
        /** Own: a page had to be brought in. */
        PAGE_FAULT,
        /** Own: so many packets took so long. */
        BATCH,
        /** Foreign: interrupts, or a hypervisor that ran somebody else. */
        INTERRUPTED
    }

    /** What the kernel counts of the calling thread, as of the last {@link #sample}. */
    public interface Usage {

        void sample();

        long involuntarySwitches();

        long voluntarySwitches();

        long pageFaults();
    }

    /** A cycle that takes as long as this is a pause: 131 microseconds. */
    public static final long LONG_NS = 1 << 17;

    /** Column i counts pauses of {@code LONG_NS << i} and longer; the last has no upper end. */
    public static final int COLUMNS = 12;

    /** What is older says nothing about a pause. */
    private static final long SAMPLE_NS = 10_000_000;

    /** A batch that takes so many times as long as usual was not alone on its core. */
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

    /** Of cycles with packets that were not pauses. */
    private long usualNs;

    private long usualPackets;

    public Pauses(Usage usage) {
        this.usage = usage;
    }

    /** Begins after a sleep: what happened until now is no pause. */
    void restart(long nowNs) {
        sampledNs = nowNs;
        usage.sample();
        involuntary = usage.involuntarySwitches();
        voluntary = usage.voluntarySwitches();
        faults = usage.pageFaults();
    }

    /** Tells of a cycle that has ended: its length, and what was done in it. */
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
        // Until there is a usual time, a batch may take what it likes.
        boolean isUsual =
                usualPackets == 0 || lengthNs / UNUSUAL <= packets * (usualNs / usualPackets + 1);
        return packets != 0 && isUsual ? Cause.BATCH : Cause.INTERRUPTED;
    }

    /** Forgets all pauses. */
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
