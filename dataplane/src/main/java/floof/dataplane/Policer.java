package floof.dataplane;

import floof.base.Reason;
import java.util.Arrays;

/**
 * Token buckets per reason, and for unresolved neighbours also per next hop, so that a storm to one
 * leaves Linux room to learn the others. A bucket is one number: the time at which it would be full
 * again (the generic cell rate algorithm, ITU-T I.371). Thread: worker.
 */
final class Policer {

    /** Every bucket holds at least as many packets. */
    static final int BURST_MIN = 32;

    /**
     * Packets per second for each unresolved next hop: Linux asks for one once a second and keeps
     * some hundred packets meanwhile (neigh/default/unres_qlen_bytes).
     */
    static final int NEXT_HOP_RATE = 20;

    /**
     * Buckets for next hops, chosen by hash: together they pass what the reason's own bucket does.
     */
    static final int NEXT_HOPS = 1 << 10;

    private static final long NEXT_HOP_INTERVAL_NS = 1_000_000_000L / NEXT_HOP_RATE;
    private static final long NEXT_HOP_DEPTH_NS = BURST_MIN * NEXT_HOP_INTERVAL_NS;

    private final long[] fullAtNs;
    private final long[] intervalNs;
    private final long[] depthNs;
    private final long[] nextHopFullAtNs = new long[NEXT_HOPS];

    /**
     * @param nowNs time from which all buckets are full
     */
    Policer(long nowNs) {
        Reason[] reasons = Reason.values();
        fullAtNs = new long[reasons.length];
        Arrays.fill(fullAtNs, nowNs);
        Arrays.fill(nextHopFullAtNs, nowNs);
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
        return take(fullAtNs, reason, intervalNs[reason], depthNs[reason], nowNs);
    }

    /**
     * Whether one more packet may pass for an unresolved next hop; takes its token if so.
     *
     * @param hash of the next hop, all bits used
     */
    boolean admitsNextHop(int hash, long nowNs) {
        int bucket = hash & NEXT_HOPS - 1;
        return take(nextHopFullAtNs, bucket, NEXT_HOP_INTERVAL_NS, NEXT_HOP_DEPTH_NS, nowNs);
    }

    private static boolean take(
            long[] fullAtNs, int bucket, long intervalNs, long depthNs, long nowNs) {
        long fullAt = fullAtNs[bucket];
        if (fullAt - nowNs < 0) {
            fullAt = nowNs;
        }
        long next = fullAt + intervalNs;
        if (next - nowNs > depthNs) {
            return false;
        }
        fullAtNs[bucket] = next;
        return true;
    }
}
