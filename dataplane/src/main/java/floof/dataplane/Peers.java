package floof.dataplane;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Reason;
import floof.engine.Packet;
import floof.memory.Memory;
import java.util.Arrays;
import java.util.List;

/**
 * The far ends of the configured routing sessions. Each has its own token buckets for control
 * traffic, so that forged packets from other addresses cannot starve its sessions: one per kind
 * (from a neighbour on the port, from farther away, opening a session), for TCP and for the rest
 * (BFD). Thread: the worker.
 */
public final class Peers {

    /** Packets per second of a peer that pass in each bucket, whatever else arrives. */
    static final int RATE = 1_000;

    /** Burst size: packets that pass at once after a pause. */
    static final int BURST = 256;

    private static final int LOCAL_CONTROL = Reason.LOCAL_CONTROL.ordinal();
    private static final int MULTIHOP_CONTROL = Reason.MULTIHOP_CONTROL.ordinal();
    private static final int NEW_SESSION = Reason.NEW_SESSION.ordinal();

    /** Buckets of a peer: those for TCP, then the others. */
    private static final int BUCKETS = 6;

    private static final long INTERVAL_NS = 1_000_000_000L / RATE;
    private static final long DEPTH_NS = BURST * INTERVAL_NS;

    /**
     * High half of an IPv4 address, whose low half holds the address. No IPv6 address on a wire has
     * it.
     */
    private static final long IP4 = -1;

    /** An open hash table, at most half full. An entry is two halves of an address; 0 = empty. */
    private long[] addresses = new long[4];

    private long[] fullAtNs = new long[2 * BUCKETS];

    /**
     * Replaces all peers; their buckets are full. Allocates.
     *
     * @param nowNs by the worker's clock
     */
    public void set(List<IpAddress> peers, long nowNs) {
        int slots = Integer.highestOneBit(Math.max(1, peers.size())) * 4;
        addresses = new long[2 * slots];
        fullAtNs = new long[BUCKETS * slots];
        Arrays.fill(fullAtNs, nowNs);
        for (IpAddress peer : peers) {
            boolean isIp4 = peer.family() == Family.IP4;
            long high = isIp4 ? IP4 : peer.high();
            long low = isIp4 ? peer.ip4Value() : peer.low();
            int slot = slot(high, low);
            addresses[2 * slot] = high;
            addresses[2 * slot + 1] = low;
        }
    }

    /**
     * Whether a packet for us is from a peer and within that peer's share; takes a token if so.
     *
     * @param reason the reason for which it leaves
     */
    boolean admits(long packet, int reason, long nowNs) {
        if (reason != LOCAL_CONTROL && reason != MULTIHOP_CONTROL && reason != NEW_SESSION) {
            return false;
        }
        long ip = Packet.l3Address(packet);
        long high;
        long low;
        int protocol;
        if ((Memory.getByte(ip) & 0xf0) == 0x40) {
            high = IP4;
            low = Memory.getIntBe(ip + Ip4.SOURCE);
            protocol = Ip4.protocol(ip);
        } else {
            high = Memory.getLongBe(ip + Ip6.SOURCE);
            low = Memory.getLongBe(ip + Ip6.SOURCE + 8);
            protocol = Ip6.nextHeader(ip);
        }
        int slot = slot(high, low);
        if ((addresses[2 * slot] | addresses[2 * slot + 1]) == 0) {
            return false;
        }
        int kind = reason == LOCAL_CONTROL ? 0 : reason == MULTIHOP_CONTROL ? 1 : 2;
        int bucket = BUCKETS * slot + kind + (protocol == Ip4.TCP ? 0 : BUCKETS / 2);
        return Policer.take(fullAtNs, bucket, INTERVAL_NS, DEPTH_NS, nowNs);
    }

    /** The position of an address, or of the free entry for it. */
    private int slot(long high, long low) {
        int mask = addresses.length / 2 - 1;
        int slot = FlowHash.of(Long.hashCode(high * 31 + low)) & mask;
        while ((addresses[2 * slot] | addresses[2 * slot + 1]) != 0
                && (addresses[2 * slot] != high || addresses[2 * slot + 1] != low)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
