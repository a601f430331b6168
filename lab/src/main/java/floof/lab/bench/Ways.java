package floof.lab.bench;

import floof.dataplane.Rehearsal;
import java.util.stream.IntStream;

/**
 * By which neighbours the routes of a {@link Workload} lead, so that it can be told of each packet
 * by which it must leave. Routes that share their first bits lead the same way: then it does not
 * matter which of several that contain an address is the longest.
 *
 * @param ways how many there are: way w leads by neighbour w, or by those from w on
 * @param members neighbours of each way; more than one makes a group of equal next hops
 * @param bits of an address that choose the way; all routes have at least as many
 */
public record Ways(int ways, int members, int bits) {

    /** All by neighbour 0. */
    public static final Ways ONE = new Ways(1, 1, 0);

    /** Where the neighbours are, in turn. */
    static final int PORTS = 4;

    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    /** Several next hops, for prefixes of at least so many bits. */
    public static Ways of(int members, int bits) {
        return new Ways(16, members, bits);
    }

    /**
     * The way of an address.
     *
     * @param high its first 64 bits; an IPv4 address is the upper half
     */
    int of(long high) {
        return bits == 0 ? 0 : (int) ((high >>> 64 - bits) * ODD >>> 33) % ways;
    }

    /** How many neighbours from the way's first on, 0 to {@code members - 1} if it leads there. */
    int member(int way, int neighbour) {
        return Math.floorMod(neighbour - way, ways);
    }

    /** Output port of a neighbour. */
    int port(int neighbour) {
        return ways == 1 ? 1 : 1 + neighbour % PORTS;
    }

    /** Makes the neighbours; the leaves of the ways. */
    int[] leaves(Rehearsal rehearsal) {
        if (ways == 1) {
            return new int[] {rehearsal.neighbour(0)};
        }
        rehearsal.addNeighbours(ways, PORTS);
        return IntStream.range(0, ways).map(way -> leaf(rehearsal, way)).toArray();
    }

    private int leaf(Rehearsal rehearsal, int way) {
        int[] leaves =
                IntStream.range(way, way + members)
                        .map(number -> rehearsal.neighbour(number % ways))
                        .toArray();
        return members == 1 ? leaves[0] : rehearsal.group(leaves);
    }
}
