package floof.tables;

import floof.base.Family;
import java.util.List;

/**
 * How full the tables of a generation are. The sizes add up to the generation's, but for its header
 * and the gaps between sections.
 */
final class Fillings {

    /**
     * Block memory per route, for routes scattered over the whole address space ({@link Limits}).
     */
    private static final int IP4_BLOCK_BYTES = 48;

    private static final int IP6_BLOCK_BYTES = 110;

    private Fillings() {}

    static List<Filling> of(Layout layout, FibWriter fibs, Generation records) {
        Limits limits = layout.limits;
        Blocks blocks = fibs.allocator;
        long blockBytes = (long) blocks.capacityUnits() * Fib.UNIT_BYTES;
        long usedBytes = (long) blocks.usedUnits() * Fib.UNIT_BYTES;
        long reserveBytes = (long) blocks.reservedUnits() * Fib.UNIT_BYTES;
        long roomBytes = Math.max(0, blockBytes - usedBytes - reserveBytes);
        return List.of(
                routes("ip4-routes", fibs.routes(Family.IP4), roomBytes / IP4_BLOCK_BYTES),
                routes("ip6-routes", fibs.routes(Family.IP6), roomBytes / IP6_BLOCK_BYTES),
                new Filling("block-bytes", usedBytes, blockBytes, roomBytes, blockBytes),
                root("ip4-root", limits.ip4RootBits()),
                root("ip6-root", limits.ip6RootBits()),
                indices(
                        "adjacencies",
                        records.adjacencies,
                        layout.ip4Routes
                                - layout.adjacencyCounters
                                + layout.groups
                                - layout.adjacencies),
                indices("groups", records.groups, layout.adjacencyCounters - layout.groups),
                indices("interfaces", records.interfaces, layout.vrfs - layout.interfaces));
    }

    private static Filling routes(String table, Routes routes, long fitsBlocks) {
        long free = (long) routes.capacity() - routes.count();
        long sizeBytes = (long) routes.capacity() * Fib.ROUTE_BYTES;
        return new Filling(
                table, routes.count(), routes.capacity(), Math.min(free, fitsBlocks), sizeBytes);
    }

    /** Always fully used. */
    private static Filling root(String table, int bits) {
        return new Filling(table, 1L << bits, 1L << bits, 0, 4L << bits);
    }

    private static Filling indices(String table, Indices indices, long sizeBytes) {
        int free = indices.capacity() - indices.count();
        return new Filling(table, indices.count(), indices.capacity(), free, sizeBytes);
    }
}
