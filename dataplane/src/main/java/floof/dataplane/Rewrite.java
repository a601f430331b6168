package floof.dataplane;

import floof.engine.Packet;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.Counters;
import floof.tables.Interface;
import floof.tables.Tables;

/** What both families do with a packet whose adjacency says forward. */
final class Rewrite {

    private Rewrite() {}

    /**
     * Puts the MACs of the next hop in front (12 bytes, as two overlapping stores), directs the
     * packet to the output port and counts it at its adjacency.
     */
    static void apply(
            long packet, long data, long adjacency, long action, long counters, int length) {
        Memory.putLong(data, Memory.getLong(adjacency + Adjacency.REWRITE));
        Memory.putInt(data + 8, Memory.getInt(adjacency + Adjacency.REWRITE + 8));
        Packet.setPort(packet, Adjacency.port(action));
        Packet.setOutput(packet, Adjacency.iface(adjacency));
        Counters.add(counters + Counters.PACKETS, 1);
        Counters.add(counters + Counters.BYTES, length);
    }

    static boolean isUp(Tables tables, long generation, int iface) {
        return (Interface.flags(tables.iface(generation, iface)) & Interface.UP) != 0;
    }
}
