package floof.dataplane;

import floof.base.Reason;
import java.util.Arrays;

/**
 * Token buckets per reason. A second, small one per reason and port cannot be emptied by a storm at
 * other ports. Unresolved neighbours have one per next hop, so that Linux can still resolve others
 * during a storm to one. A bucket is one number: the time at which it will be full again (the
 * generic cell rate algorithm, ITU-T I.371). Thread: worker.
 */
final class Policer {

    /** Every bucket holds at least this many packets. */
    static final int BURST_MIN = 32;

    /**
     * Packets per second for each unresolved next hop: Linux sends one request a second and keeps
     * some hundred packets meanwhile (neigh/default/unres_qlen_bytes).
     */
    static final int NEXT_HOP_RATE = 20;

    /**
     * Buckets for next hops, chosen by hash: together they pass as much as the reason's own bucket.
     */
    static final int NEXT_HOPS = 1 << 10;

    /** Buckets of ports; ports beyond share them. */
    private static final int PORTS = 1 << 9;

    /** A port's share of a reason's rate, and its minimum per second. */
    private static final int PORT_PART = 50;

    private static final int PORT_RATE_MIN = 20;

    private static final long NEXT_HOP_INTERVAL_NS = 1_000_000_000L / NEXT_HOP_RATE;
    private static final long NEXT_HOP_DEPTH_NS = BURST_MIN * NEXT_HOP_INTERVAL_NS;

    private final long[] fullAtNs;
    private final long[] intervalNs;
    private final long[] depthNs;
    private final long[] portFullAtNs = new long[Reason.values().length * PORTS];
    private final long[] portIntervalNs;
    private final long[] nextHopFullAtNs = new long[NEXT_HOPS];

    /**
     * @param nowNs time from which all buckets are full
     */
    Policer(long nowNs) {
        Reason[] reasons = Reason.values();
        fullAtNs = new long[reasons.length];
        Arrays.fill(fullAtNs, nowNs);
        Arrays.fill(portFullAtNs, nowNs);
        Arrays.fill(nextHopFullAtNs, nowNs);
        portIntervalNs = new long[reasons.length];
        intervalNs = new long[reasons.length];
        depthNs = new long[reasons.length];
        for (Reason reason : reasons) {
            if (!reason.isDrop()) {
                int rate = reason.packetsPerSecond();
                intervalNs[reason.ordinal()] = 1_000_000_000L / rate;
                portIntervalNs[reason.ordinal()] = 1_000_000_000L / portRate(reason);
                depthNs[reason.ordinal()] = burst(reason) * intervalNs[reason.ordinal()];
            }
        }
    }

    /** Burst size: packets of a tenth of a second pass at once after a pause. */
    static int burst(Reason reason) {
        return Math.max(BURST_MIN, reason.packetsPerSecond() / 10);
    }

    /** Packets per second that a port may pass for a reason, whatever arrives on other ports. */
    static int portRate(Reason reason) {
        return Math.max(PORT_RATE_MIN, reason.packetsPerSecond() / PORT_PART);
    }

    /** Whether one more packet of a port may pass for this reason; takes its token if so. */
    boolean admits(int reason, int port, long nowNs) {
        return take(fullAtNs, reason, intervalNs[reason], depthNs[reason], nowNs)
                || take(
                        portFullAtNs,
                        reason * PORTS + (port & PORTS - 1),
                        portIntervalNs[reason],
                        BURST_MIN * portIntervalNs[reason],
                        nowNs);
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

    static boolean take(long[] fullAtNs, int bucket, long intervalNs, long depthNs, long nowNs) {
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
