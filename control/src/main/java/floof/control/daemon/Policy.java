package floof.control.daemon;

import java.time.Duration;

/**
 * When a daemon that does not answer is given up.
 *
 * @param busyMax silence that is still taken for work; then it is killed and started again
 * @param oomScore of the kernel's choice whom to kill when memory is short
 *     (proc_pid_oom_score_adj(5)): -1000 never, 0 as anybody
 */
public record Policy(Duration busyMax, int oomScore) {

    /** Between two questions. */
    static final Duration BEAT = Duration.ofSeconds(1);

    /**
     * A question and the pause before it take three seconds at most. When they took so long the
     * machine or floofd was stopped meanwhile.
     */
    static final Duration BEAT_LATE = Duration.ofSeconds(8);

    /** Silence of one that a signal has stopped until the alarm, and until it is killed. */
    static final Duration STOPPED_ALARM = Duration.ofSeconds(2);

    static final Duration STOPPED_MAX = Duration.ofSeconds(5);

    /** Silence of another until the alarm. */
    static final Duration BUSY_ALARM = Duration.ofSeconds(10);

    /** Longest silence of one that is to be adopted: BIRD with a full table is busy for seconds. */
    private static final Duration ADOPTION_MAX = Duration.ofSeconds(30);

    /** The same, for one that is given up sooner anyway. */
    Duration adoptionMax() {
        return busyMax.compareTo(ADOPTION_MAX) < 0 ? busyMax : ADOPTION_MAX;
    }
}
