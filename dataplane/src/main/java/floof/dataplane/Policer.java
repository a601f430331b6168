package floof.dataplane;

import floof.base.Reason;
import java.util.Arrays;

/**
 * A token bucket per reason, as one number each: the time at which the bucket would be full again
 * (the generic cell rate algorithm, ITU-T I.371). Thread: worker.
 */
final class Policer {

    /** Every bucket holds at least as many packets. */
    static final int BURST_MIN = 32;

    private final long[] fullAtNs;
    private final long[] intervalNs;
    private final long[] depthNs;

    /**
     * @param nowNs time from which all buckets are full
     */
    Policer(long nowNs) {
        Reason[] reasons = Reason.values();
        fullAtNs = new long[reasons.length];
        Arrays.fill(fullAtNs, nowNs);
        intervalNs = new long[reasons.length];
        depthNs = new long[reasons.length];
        for (Reason reason : reasons) {
            if (!reason.isDrop()) {
                int rate = reason.packetsPerSecond();
                intervalNs[reason.ordinal()] = 1_000_000_000L / rate;
                depthNs[reason.ordinal()] = burst(reason) * intervalNs[reason.ordinal()];
            }
        }
    }

    /** Packets that pass at once after a pause: a tenth of a second's worth. */
    static int burst(Reason reason) {
        return Math.max(BURST_MIN, reason.packetsPerSecond() / 10);
    }

    /** Whether one more packet may pass for this reason; takes its token if so. */
    boolean admits(int reason, long nowNs) {
        long fullAt = fullAtNs[reason];
        if (fullAt - nowNs < 0) {
            fullAt = nowNs;
        }
        long next = fullAt + intervalNs[reason];
        if (next - nowNs > depthNs[reason]) {
            return false;
        }
        fullAtNs[reason] = next;
        return true;
    }
}
