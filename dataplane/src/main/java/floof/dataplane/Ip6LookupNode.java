package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.FrameLookup;
import floof.tables.Ip6Lookup;
import floof.tables.Tables;
import java.util.Arrays;

/**
 * Selects each IPv6 packet's adjacency by longest prefix match in its VRF, and among equal next
 * hops by flow hash. Expects verified headers. Thread: worker.
 */
public final class Ip6LookupNode implements Node {

    private static final int LOCAL = Reason.LOCAL.ordinal();
    private static final int NO_ROUTE = Verdict.of(Reason.NO_ROUTE);

    /** Up to this frame size, loops over the whole frame do not pay. */
    private static final int FEW = 3;

    private final TableView view;
    private final FrameLookup lookup = new FrameLookup(Frame.SIZE);

    public Ip6LookupNode(TableView view) {
        this.view = view;
    }

    @Override
    public void process(Frame frame) {
        int count = frame.count;
        if (count <= FEW) {
            findEach(frame);
            return;
        }
        int from = 0;
        while (from < count) {
            int vrf = Packet.vrf(frame.packets[from]);
            int to = gather(frame.packets, from, count, vrf);
            lookup.find(view.tables.fib6(view.generation, vrf), from, to);
            from = to;
        }
        if (pickMembers(frame.packets, count)) {
            judgeAlike(frame);
        } else {
            judge(frame);
        }
    }

    /** The whole node, plainly: packet by packet. */
    private void findEach(Frame frame) {
        Tables tables = view.tables;
        long generation = view.generation;
        for (int i = 0; i < frame.count; i++) {
            long packet = frame.packets[i];
            long ip = Packet.l3Address(packet);
            int leaf =
                    Ip6Lookup.leaf(
                            tables.fib6(generation, Packet.vrf(packet)),
                            Memory.getLongBe(ip + Ip6.DESTINATION),
                            Memory.getLongBe(ip + Ip6.DESTINATION + 8));
            if ((leaf & Tables.GROUP) != 0) {
                leaf = tables.adjacencyIndex(generation, leaf, hash(packet, ip));
            }
            frame.exits[i] = judge(packet, leaf);
        }
    }

    /** The exit of a packet with this adjacency. */
    private byte judge(long packet, int index) {
        Packet.setAdjacency(packet, index);
        long action = Adjacency.action(view.tables.adjacency(view.generation, index));
        int verdict =
                Adjacency.kind(action) == Adjacency.FORWARD ? Verdict.NEXT : leave(action, packet);
        return Verdict.exit(verdict, packet);
    }

    /**
     * Takes the destinations of consecutive packets in one VRF; returns the index of the first
     * packet in another.
     */
    private int gather(long[] packets, int from, int to, int vrf) {
        long[] high = lookup.high;
        long[] low = lookup.low;
        for (int i = from; i < to; i++) {
            long packet = packets[i];
            if (Packet.vrf(packet) != vrf) {
                return i;
            }
            long ip = Packet.l3Address(packet);
            high[i] = Memory.getLongBe(ip + Ip6.DESTINATION);
            low[i] = Memory.getLongBe(ip + Ip6.DESTINATION + 8);
        }
        return to;
    }

    /**
     * Replaces groups by the member for the packet's flow. Returns whether all leaves are equal.
     */
    private boolean pickMembers(long[] packets, int count) {
        int[] leaves = lookup.leaves;
        int first = leaves[0];
        int all = 0;
        int differences = 0;
        for (int i = 0; i < count; i++) {
            all |= leaves[i];
            differences |= leaves[i] ^ first;
        }
        if ((all & Tables.GROUP) == 0) {
            return differences == 0;
        }
        for (int i = 0; i < count; i++) {
            if ((leaves[i] & Tables.GROUP) != 0) {
                int hash = hash(packets[i], Packet.l3Address(packets[i]));
                leaves[i] = view.tables.adjacencyIndex(view.generation, leaves[i], hash);
            }
        }
        return false;
    }

    /** Like {@link #judge} for packets that share one adjacency: reads it once. */
    private void judgeAlike(Frame frame) {
        int index = lookup.leaves[0];
        long action = Adjacency.action(view.tables.adjacency(view.generation, index));
        if (Adjacency.kind(action) != Adjacency.FORWARD) {
            judge(frame);
            return;
        }
        long[] packets = frame.packets;
        int count = frame.count;
        for (int i = 0; i < count; i++) {
            Packet.setAdjacency(packets[i], index);
        }
        Arrays.fill(frame.exits, 0, count, (byte) Verdict.NEXT);
    }

    private void judge(Frame frame) {
        for (int i = 0; i < frame.count; i++) {
            frame.exits[i] = judge(frame.packets[i], lookup.leaves[i]);
        }
    }

    private static int hash(long packet, long ip) {
        int hash = FlowHash.ofIp6(ip);
        Packet.setHash(packet, hash);
        return hash;
    }

    private int leave(long action, long packet) {
        if (Adjacency.kind(action) == Adjacency.NONE) {
            return NO_ROUTE;
        }
        int reason = Adjacency.reason(action);
        return reason == LOCAL
                ? LocalDelivery.verdictOfIp6(view, packet)
                : Verdict.ofReason(reason);
    }
}
