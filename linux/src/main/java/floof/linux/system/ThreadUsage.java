package floof.linux.system;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.call.Syscall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What the kernel counts of the calling thread (getrusage(2), RUSAGE_THREAD). Allocates nothing.
 * Thread: the one that samples.
 */
public final class ThreadUsage {

    private static final int RUSAGE_THREAD = 1;
    // struct rusage: 0 user time, 16 system time (seconds, microseconds); the rest is longs.
    private static final int SIZE = 144;
    private static final int SYSTEM_TIME = 16;
    private static final int MINOR_FAULTS = 64;
    private static final int MAJOR_FAULTS = 72;
    private static final int VOLUNTARY_SWITCHES = 128;
    private static final int INVOLUNTARY_SWITCHES = 136;

    private final MemorySegment usage = Arena.ofAuto().allocate(SIZE, 8);

    /** Reads all of it: some hundred nanoseconds. */
    public void sample() {
        Syscall.repeatable(Syscall.GETRUSAGE, RUSAGE_THREAD, usage.address(), 0);
    }

    /** Processor time that the calling thread has used until now, in nanoseconds. */
    public long processorNs() {
        sample();
        return timeNs(0) + timeNs(SYSTEM_TIME);
    }

    private long timeNs(int offset) {
        return usage.get(JAVA_LONG, offset) * 1_000_000_000L
                + usage.get(JAVA_LONG, offset + 8) * 1_000;
    }

    /** Page faults, with and without reading from a disk. */
    public long pageFaults() {
        return usage.get(JAVA_LONG, MINOR_FAULTS) + usage.get(JAVA_LONG, MAJOR_FAULTS);
    }

    /** How often it waited for something. */
    public long voluntarySwitches() {
        return usage.get(JAVA_LONG, VOLUNTARY_SWITCHES);
    }

    /** How often the scheduler took its CPU away. */
    public long involuntarySwitches() {
        return usage.get(JAVA_LONG, INVOLUNTARY_SWITCHES);
    }
}
