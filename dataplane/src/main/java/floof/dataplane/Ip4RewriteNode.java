package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.Counters;
import floof.tables.Tables;

/**
 * Prepares an IPv4 packet for its next hop: TTL (RFC 1812 5.3.1), MTU, MACs. The TTL is checked
 * here and not at input, since packets for ourselves may have TTL 1 (4.2.2.9). A packet that leaves
 * is unchanged. Thread: worker.
 */
public final class Ip4RewriteNode implements Node {

    private static final int TTL_EXPIRED = Verdict.of(Reason.TTL_EXPIRED);
    private static final int TOO_BIG = Verdict.of(Reason.TOO_BIG);
    private static final int INTERFACE_DOWN = Verdict.of(Reason.INTERFACE_DOWN);
    private static final int NEIGHBOUR_UNRESOLVED = Verdict.of(Reason.NEIGHBOUR_UNRESOLVED);

    private final TableView view;

    public Ip4RewriteNode(TableView view) {
        this.view = view;
    }

    @Override
    public void process(Frame frame) {
        if (Rewrite.isAlike(frame.packets, frame.count)) {
            rewriteAlike(frame);
        } else {
            rewrite(frame);
        }
    }

    /** Like {@link #rewrite} for packets that share one adjacency: reads and counts it once. */
    private void rewriteAlike(Frame frame) {
        Tables tables = view.tables;
        long generation = view.generation;
        long[] packets = frame.packets;
        byte[] exits = frame.exits;
        int count = frame.count;
        int index = Packet.adjacency(packets[0]);
        long adjacency = tables.adjacency(generation, index);
        long action = Adjacency.action(adjacency);
        int output = Adjacency.iface(adjacency);
        boolean isUp = Rewrite.isUp(tables, generation, output);
        long macs = Memory.getLong(adjacency + Adjacency.REWRITE);
        int macsEnd = Memory.getInt(adjacency + Adjacency.REWRITE + 8);
        int port = Adjacency.port(action);
        long sent = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            long data = Packet.data(packet);
            long ip = data + Packet.l3(packet);
            int verdict = judge(packet, ip, action, isUp);
            if (verdict == Verdict.NEXT) {
                Ip4.decrementTtl(ip);
                Memory.putLong(data, macs);
                Memory.putInt(data + 8, macsEnd);
                Packet.setPort(packet, port);
                Packet.setOutput(packet, output);
                sent++;
                bytes += Packet.length(packet);
            }
            exits[i] = Verdict.exit(verdict, packet);
        }
        Rewrite.count(tables.adjacencyCounters(generation, view.worker), index, sent, bytes);
    }

    private void rewrite(Frame frame) {
        Tables tables = view.tables;
        long generation = view.generation;
        long counters = tables.adjacencyCounters(generation, view.worker);
        long[] packets = frame.packets;
        byte[] exits = frame.exits;
        int count = frame.count;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            long data = Packet.data(packet);
            long ip = data + Packet.l3(packet);
            int index = Packet.adjacency(packet);
            long adjacency = tables.adjacency(generation, index);
            long action = Adjacency.action(adjacency);
            // Read every time: a branch on "same as the previous packet's" is mostly mispredicted.
            boolean isUp = Rewrite.isUp(tables, generation, Adjacency.iface(adjacency));
            int verdict = judge(packet, ip, action, isUp);
            if (verdict == Verdict.NEXT) {
                Ip4.decrementTtl(ip);
                Rewrite.apply(
                        packet,
                        data,
                        adjacency,
                        action,
                        Counters.adjacency(counters, index),
                        Packet.length(packet));
            }
            exits[i] = Verdict.exit(verdict, packet);
        }
    }

    private static int judge(long packet, long ip, long action, boolean isUp) {
        if (Adjacency.kind(action) != Adjacency.FORWARD) {
            return NEIGHBOUR_UNRESOLVED; // changed since the lookup
        }
        if (!isUp) {
            return INTERFACE_DOWN;
        }
        if (Ip4.ttl(ip) <= 1) {
            return TTL_EXPIRED;
        }
        int mtu = Adjacency.mtu(action);
        if (Ip4.totalLength(ip) > mtu && Ip4.resultingLength(ip, packet + Packet.VIRTIO) > mtu) {
            return TOO_BIG;
        }
        return Verdict.NEXT;
    }
}
