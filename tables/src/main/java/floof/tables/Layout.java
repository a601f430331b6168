package floof.tables;

import floof.memory.Region;

/**
 * The layout of the file; it depends only on {@link Limits}.
 *
 * <pre>
 * 0          header, one page                      {@link Header}
 * 4096       reader slots, 128 bytes per worker    {@link Readers}
 *            counters that outlive a generation    {@link Counters}
 * (2 MiB)    generation 0
 * (2 MiB)    generation 1
 *
 * generation (offsets from its start):
 *            generation header, 128 bytes: 0 u32 resync
 *            port map, u32 per port: index of its interface, 0 = none
 *            interfaces, 128 bytes each            {@link Interface}
 *            VRFs with their FIBs, 320 bytes each  {@link Vrf}
 *            slices of refused routes, 16 KiB      {@link Overflow}
 *            adjacencies, 64 bytes each            {@link Adjacency}
 *            groups, 320 bytes each                {@link EcmpGroup}
 *            adjacency counters, per worker        {@link Counters}
 *            IPv4 route records, 32 bytes each     (writer's)
 *            IPv6 route records, 32 bytes each     (writer's)
 *            IPv4 root of the default VRF, u32 each
 *            IPv6 root of the default VRF, u32 each
 *            blocks of all tries                   {@link Fib}
 * </pre>
 *
 * Every section starts at a multiple of 128 bytes.
 */
final class Layout {

    static final int HUGE_PAGE_BYTES = 2 << 20;
    static final int GENERATION_HEADER_BYTES = 128;

    final Limits limits;

    /** From the start of the file. */
    final long readers;

    final long interfaceCounters;
    final long interfaceCountersRow;
    final long interfaceStarts;
    final long drops;
    final long dropsRow;
    final long dropsStarts;
    final long reasonCounters;
    final long firstGeneration;

    /** From the start of a generation. */
    final long ports;

    final long interfaces;
    final long vrfs;
    final long overflow;
    final long adjacencies;
    final long groups;
    final long adjacencyCounters;
    final long adjacencyCountersRow;
    final long ip4Routes;
    final long ip6Routes;
    final long ip4Root;
    final long ip6Root;
    final long blocks;
    final long generationBytes;

    Layout(Limits limits) {
        this.limits = limits;
        readers = Header.SIZE_BYTES;
        interfaceCounters = readers + aligned((long) limits.workers() * Readers.SLOT_BYTES);
        interfaceCountersRow = aligned((long) limits.interfaces() * Counters.INTERFACE_BYTES);
        interfaceStarts = interfaceCounters + limits.workers() * interfaceCountersRow;
        drops = interfaceStarts + interfaceCountersRow;
        dropsRow = aligned((long) limits.interfaces() * Counters.DROP_ROW_BYTES);
        dropsStarts = drops + limits.workers() * dropsRow;
        reasonCounters = dropsStarts + dropsRow;
        long fixedEnd = reasonCounters + (long) limits.workers() * Counters.REASON_ROW_BYTES;
        firstGeneration = hugePages(fixedEnd);

        ports = GENERATION_HEADER_BYTES;
        interfaces = ports + aligned(limits.ports() * 4L);
        vrfs = interfaces + aligned((long) limits.interfaces() * Interface.SIZE_BYTES);
        overflow = vrfs + aligned((long) limits.vrfs() * Vrf.SIZE_BYTES);
        adjacencies = overflow + aligned(Overflow.SIZE_BYTES);
        groups = adjacencies + aligned((long) limits.adjacencies() * Adjacency.SIZE_BYTES);
        adjacencyCounters = groups + aligned((long) limits.groups() * EcmpGroup.SIZE_BYTES);
        adjacencyCountersRow = aligned((long) limits.adjacencies() * Counters.ADJACENCY_BYTES);
        ip4Routes = adjacencyCounters + limits.workers() * adjacencyCountersRow;
        ip6Routes = ip4Routes + aligned((long) limits.ip4Routes() * Fib.ROUTE_BYTES);
        ip4Root = ip6Routes + aligned((long) limits.ip6Routes() * Fib.ROUTE_BYTES);
        ip6Root = ip4Root + aligned(4L << limits.ip4RootBits());
        blocks = ip6Root + aligned(4L << limits.ip6RootBits());
        generationBytes = hugePages(blocks + aligned(limits.blockBytes()));
    }

    private static long aligned(long sizeBytes) {
        return sizeBytes + 127 & -128;
    }

    private static long hugePages(long sizeBytes) {
        return sizeBytes + HUGE_PAGE_BYTES - 1 & -HUGE_PAGE_BYTES;
    }

    /** Start of generation 0 or 1 from the start of the file. */
    long generation(int index) {
        return firstGeneration + index * generationBytes;
    }

    long fileBytes() {
        return generation(2);
    }

    /** Checks that the file is long enough. */
    void requireFits(Region region) throws LayoutException {
        if (region.sizeBytes() < fileBytes()) {
            throw new LayoutException(
                    region.name()
                            + " is "
                            + region.sizeBytes()
                            + " bytes long; its limits need "
                            + fileBytes());
        }
    }
}
