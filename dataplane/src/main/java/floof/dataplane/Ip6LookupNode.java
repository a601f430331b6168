package floof.dataplane;

import floof.base.Reason;
import floof.engine.Frame;
import floof.engine.Node;
import floof.engine.Packet;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.Ip6Lookup;
import floof.tables.Tables;
import java.util.List;

/**
 * Chooses each IPv6 packet's adjacency by longest prefix match in its VRF; of equal next hops by
 * flow hash. Expects verified headers. Thread: worker.
 */
public final class Ip6LookupNode implements Node {

    private static final int LOCAL = Reason.LOCAL.ordinal();
    private static final int NO_ROUTE = Verdict.of(Reason.NO_ROUTE);

    private final TableView view;

    public Ip6LookupNode(TableView view) {
        this.view = view;
    }

    @Override
    public String name() {
        return "ip6-lookup";
    }

    @Override
    public List<String> exits() {
        return Verdict.exits("ip6-rewrite");
    }

    @Override
    public void process(Frame frame) {
        Tables tables = view.tables;
        long generation = view.generation;
        long[] packets = frame.packets;
        byte[] exits = frame.exits;
        int count = frame.count;
        int vrf = 0;
        long fib = tables.fib6(generation, vrf);
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            if (Packet.vrf(packet) != vrf) {
                vrf = Packet.vrf(packet);
                fib = tables.fib6(generation, vrf);
            }
            long ip = Packet.data(packet) + Packet.l3(packet);
            int leaf =
                    Ip6Lookup.leaf(
                            fib,
                            Memory.getLongBe(ip + Ip6.DESTINATION),
                            Memory.getLongBe(ip + Ip6.DESTINATION + 8));
            if ((leaf & Tables.GROUP) != 0) {
                leaf = tables.adjacencyIndex(generation, leaf, hash(packet, ip));
            }
            Packet.setAdjacency(packet, leaf);
            long action = Adjacency.action(tables.adjacency(generation, leaf));
            int verdict =
                    Adjacency.kind(action) == Adjacency.FORWARD
                            ? Verdict.NEXT
                            : leave(action, packet, ip);
            exits[i] = Verdict.exit(verdict, packet);
        }
    }

    private static int hash(long packet, long ip) {
        int hash = FlowHash.ofIp6(ip);
        Packet.setHash(packet, hash);
        return hash;
    }

    private static int leave(long action, long packet, long ip) {
        if (Adjacency.kind(action) == Adjacency.NONE) {
            return NO_ROUTE;
        }
        int reason = Adjacency.reason(action);
        return reason == LOCAL
                ? LocalDelivery.verdictOfIp6(ip, Packet.length(packet) - Packet.l3(packet))
                : Verdict.ofReason(reason);
    }
}
