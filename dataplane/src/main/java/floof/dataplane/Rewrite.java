package floof.dataplane;

import floof.engine.Packet;
import floof.memory.Memory;
import floof.tables.Adjacency;
import floof.tables.Counters;
import floof.tables.Interface;
import floof.tables.Tables;

/** The part of forwarding that both families share. */
final class Rewrite {

    private Rewrite() {}

    /**
     * Writes the MACs of the next hop (12 bytes, by two overlapping stores), sets the output port
     * and counts the packet at its adjacency.
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

    /** Whether all packets have the same adjacency. */
    static boolean isAlike(long[] packets, int count) {
        int first = Packet.adjacency(packets[0]);
        int differences = 0;
        for (int i = 1; i < count; i++) {
            differences |= Packet.adjacency(packets[i]) ^ first;
        }
        return differences == 0;
    }

    /** Counts packets of an adjacency. */
    static void count(long counters, int index, long packets, long bytes) {
        long pair = Counters.adjacency(counters, index);
        Counters.add(pair + Counters.PACKETS, packets);
        Counters.add(pair + Counters.BYTES, bytes);
    }

    static boolean isUp(Tables tables, long generation, int iface) {
        return (Interface.flags(tables.iface(generation, iface)) & Interface.UP) != 0;
    }
}
