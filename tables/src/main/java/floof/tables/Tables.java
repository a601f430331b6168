package floof.tables;

import floof.memory.Memory;
import floof.memory.Region;

/**
 * The shared memory as readers see it: addresses of records and rows, nothing else. A worker reads
 * {@link #generation} once per frame, after {@link Readers#quiescent}, and derives all record
 * addresses of that frame from it; counters of interfaces and reasons outlive generations.
 *
 * <p>Thread: any. Every method is a load and an addition, or less.
 */
public final class Tables {

    /** Byte of the file that its one writer locks for itself. */
    public static final long WRITER_LOCK = 0;

    /** Byte of the file that the fast path, the process of all readers, locks for itself. */
    public static final long READERS_LOCK = 1;

    /** Bit of a leaf that names an ECMP group; the rest is the group's index. */
    public static final int GROUP = 0x4000_0000;

    private final long base;
    final Layout layout;
    private final long ports;
    private final long interfaces;
    private final long vrfs;
    private final long overflow;
    private final long adjacencies;
    private final long groups;

    private Tables(Region region, Limits limits) {
        base = region.address();
        layout = new Layout(limits);
        ports = layout.ports;
        interfaces = layout.interfaces;
        vrfs = layout.vrfs;
        overflow = layout.overflow;
        adjacencies = layout.adjacencies;
        groups = layout.groups;
    }

    /** Size of the file for these limits: header, counters and two generations. */
    public static long fileBytes(Limits limits) {
        return new Layout(limits).fileBytes();
    }

    /**
     * Opens formatted memory for reading.
     *
     * @throws LayoutException when it is foreign, of another version, or too short
     */
    public static Tables open(Region region) throws LayoutException {
        return new Tables(region, Header.limits(region));
    }

    /**
     * Whether the memory holds tables of this version and these limits, or nothing yet: a writer
     * may open it.
     */
    public static boolean areFor(Region region, Limits limits) {
        if (region.sizeBytes() < fileBytes(limits)) {
            return false;
        }
        return Header.isBlank(region) || isSound(region, limits);
    }

    /** Whether memory that was formatted for these limits is still intact. */
    public static boolean isSound(Region region, Limits limits) {
        try {
            return Header.limits(region).equals(limits);
        } catch (LayoutException e) {
            return false;
        }
    }

    public Limits limits() {
        return layout.limits;
    }

    /** Start of the file in memory. */
    long base() {
        return base;
    }

    /** Address of the current generation; acquire. */
    public long generation() {
        return base + Memory.getLongAcquire(base + Header.CURRENT);
    }

    /** Address of the {@link Vrf} record; {@code index} is the VRF's number. */
    public long vrf(long generation, int index) {
        return generation + vrfs + (long) index * Vrf.SIZE_BYTES;
    }

    /** Address of the bits of {@link Overflow}. */
    long overflow(long generation) {
        return generation + overflow;
    }

    /** Address for {@link Ip4Lookup#leaf}. */
    public long fib4(long generation, int vrf) {
        return generation + vrfs + (long) vrf * Vrf.SIZE_BYTES + Vrf.FIB4;
    }

    /** Address for {@link Ip6Lookup#leaf}. */
    public long fib6(long generation, int vrf) {
        return generation + vrfs + (long) vrf * Vrf.SIZE_BYTES + Vrf.FIB6;
    }

    /** Address of the {@link Adjacency} record. */
    public long adjacency(long generation, int index) {
        return generation + adjacencies + (long) index * Adjacency.SIZE_BYTES;
    }

    /** Address of the {@link EcmpGroup} record of a leaf with the {@link #GROUP} bit. */
    public long group(long generation, int leaf) {
        return generation + groups + (long) (leaf & ~GROUP) * EcmpGroup.SIZE_BYTES;
    }

    /** Adjacency index of a leaf: itself, or the member of its group that {@code hash} selects. */
    public int adjacencyIndex(long generation, int leaf, int hash) {
        return (leaf & GROUP) == 0 ? leaf : EcmpGroup.pick(group(generation, leaf), hash);
    }

    /** Address of the {@link Interface} record. */
    public long iface(long generation, int index) {
        return generation + interfaces + (long) index * Interface.SIZE_BYTES;
    }

    /** Index of the logical interface of untagged frames on a port; 0 = none. */
    public int interfaceOfPort(long generation, int port) {
        return Memory.getIntOpaque(generation + ports + 4L * port);
    }

    /** Address of a worker's slot for {@link Readers}. */
    public long readerSlot(int worker) {
        return base + layout.readers + (long) worker * Readers.SLOT_BYTES;
    }

    /** Address of a worker's {@link Counters} of one interface. */
    public long interfaceCounters(int worker, int index) {
        return base
                + layout.interfaceCounters
                + worker * layout.interfaceCountersRow
                + (long) index * Counters.INTERFACE_BYTES;
    }

    /** Address of the {@link Counters} that an interface's index had when the interface took it. */
    long interfaceStart(int index) {
        return base + layout.interfaceStarts + (long) index * Counters.INTERFACE_BYTES;
    }

    /** Address of a worker's {@link Counters} of packets that one interface discarded. */
    public long drops(int worker, int index) {
        return base
                + layout.drops
                + worker * layout.dropsRow
                + (long) index * Counters.DROP_ROW_BYTES;
    }

    /** Address of the drops that an interface's index had when the interface took it. */
    long dropsStart(int index) {
        return base + layout.dropsStarts + (long) index * Counters.DROP_ROW_BYTES;
    }

    /** Address of a worker's row of reason {@link Counters}. */
    public long reasonCounters(int worker) {
        return base + layout.reasonCounters + (long) worker * Counters.REASON_ROW_BYTES;
    }

    /** Address of a worker's row of adjacency {@link Counters}. */
    public long adjacencyCounters(long generation, int worker) {
        return generation + layout.adjacencyCounters + worker * layout.adjacencyCountersRow;
    }
}
