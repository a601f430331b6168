package floof.tables;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.memory.Memory;
import floof.memory.Region;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the shared memory; its creator holds the lock on the file.
 *
 * <p>A new writer finds one of three states. It formats blank memory. It <em>adopts</em> a
 * generation at rest: it derives its private state from the records, and its owner marks and
 * sweeps. If a write was in progress, it <em>builds</em> another generation beside the old one;
 * readers continue with the old one until {@link #publish}.
 *
 * <p>Readers see every change as a whole, or route by route where the method says so. Unlinked
 * memory is reclaimed when no reader can see it any more ({@link Readers}).
 *
 * <p>An exception within a write leaves the records half written. From then on the writer is {@link
 * #isTorn torn}: it refuses every further change with an {@link IllegalStateException}. The next
 * writer builds another generation.
 *
 * <p>Thread: one.
 */
public final class TableWriter {

    /** Returned instead of an index when none is left. */
    public static final int FULL = -1;

    private static final int BLOCK = 0;
    private static final int ADJACENCY = 1;
    private static final int GROUP = 2;
    private static final int INTERFACE = 3;
    private static final int GENERATION = 4;

    /** A worker that holds an address for this long is stuck. */
    private static final int ADOPT_MS = 10_000;

    /** A worker passes every few microseconds; a preempted one within milliseconds. */
    private static final int PASS_MS = 100;

    private final long base;
    private final Tables tables;
    private final Layout layout;
    private final Space space;
    private final Grace grace;
    private final Generation records;
    private final FibWriter fibs;
    private final int generationIndex;
    private final Overflow overflow;
    private boolean building;
    private int mark;

    /** True during a write; between writes it means that the last one was not finished. */
    private boolean isWriting;

    /**
     * Formats blank memory, or adopts or starts to replace an existing generation.
     *
     * @param region of at least {@link Tables#fileBytes}
     * @param readersAlive whether the process of the readers lives; if not, its slots are void
     * @throws LayoutException when the memory is of another layout or other limits
     * @throws IOException when there is not enough memory, or a reader is stuck
     */
    public static TableWriter open(
            Region region, Limits limits, Space space, BooleanSupplier readersAlive)
            throws LayoutException, IOException {
        return open(region, limits, space, readersAlive, () -> {});
    }

    static TableWriter open(
            Region region, Limits limits, Space space, BooleanSupplier readersAlive, Runnable step)
            throws LayoutException, IOException {
        Layout layout = new Layout(limits);
        layout.requireFits(region);
        space.reserve(0, layout.firstGeneration);
        if (Header.isBlank(region)) {
            Header.format(region, limits);
        }
        Tables tables = Tables.open(region);
        if (!tables.limits().equals(limits)) {
            throw new LayoutException(
                    region.name() + " was made for " + tables.limits() + "; expected " + limits);
        }
        return new TableWriter(tables, space, readersAlive, step);
    }

    private TableWriter(Tables tables, Space space, BooleanSupplier readersAlive, Runnable step)
            throws IOException {
        this.tables = tables;
        this.space = space;
        base = tables.base();
        layout = tables.layout;
        grace = new Grace(base, layout, readersAlive, this::dispose);
        if (!grace.await(ADOPT_MS)) {
            throw new IOException(
                    "the tables have a reader that has not moved for " + ADOPT_MS + " ms");
        }
        long current = Memory.getLong(base + Header.CURRENT);
        boolean isFirst = current == 0;
        building = isFirst || Memory.getInt(base + Header.WRITING) != 0;
        int currentIndex = current == layout.generation(1) ? 1 : 0;
        generationIndex = building && !isFirst ? 1 - currentIndex : currentIndex;
        if (building) {
            Memory.putIntVolatile(base + Header.WRITING, 1);
            space.release(layout.generation(generationIndex), layout.generationBytes);
        }
        space.reserve(layout.generation(generationIndex), layout.generationBytes);
        long generation = base + layout.generation(generationIndex);
        records = new Generation(generation, tables);
        fibs =
                new FibWriter(
                        generation,
                        layout,
                        grace,
                        (unit, units) -> grace.add(BLOCK, unit, units),
                        step);
        overflow = new Overflow(tables, generation);
        mark = Memory.getInt(generation + Generation.MARK);
        if (building) {
            records.create();
            createVrf(0);
        } else {
            space.release(layout.generation(1 - generationIndex), layout.generationBytes);
            walkRoutes((vrf, prefix, source, leaf, resync) -> records.retain(leaf));
            for (int index : records.unusedGroups()) {
                retireGroup(index);
            }
        }
        if (isFirst) {
            publish();
        }
    }

    /** Whether readers still see another generation than the one being written. */
    public boolean isBuilding() {
        return building;
    }

    /** Shows readers the new generation; frees the old one's memory when they have passed. */
    public void publish() {
        if (!building) {
            return;
        }
        requireWhole();
        boolean hadOther = Memory.getLong(base + Header.CURRENT) != 0;
        Memory.putLongVolatile(base + Header.CURRENT, layout.generation(generationIndex));
        building = false;
        Memory.putIntVolatile(base + Header.WRITING, 0);
        if (hadOther) {
            grace.add(GENERATION, 1 - generationIndex, 0);
            grace.reclaim();
        }
    }

    /** The readers' view, e.g. for counters. */
    public Tables tables() {
        return tables;
    }

    /** Address of the generation being written, current or not. */
    public long generation() {
        return records.address;
    }

    /** Whether an earlier write was not finished: nothing more can be written. */
    public boolean isTorn() {
        return isWriting;
    }

    private void requireWhole() {
        if (isWriting) {
            throw new IllegalStateException(
                    "an earlier write of the tables was not finished; they must be rebuilt");
        }
    }

    private void begin() {
        requireWhole();
        isWriting = true;
        if (!building) {
            Memory.putIntVolatile(base + Header.WRITING, 1);
        }
    }

    private void end() {
        if (!building) {
            Memory.putIntRelease(base + Header.WRITING, 0);
        }
        grace.poll();
        isWriting = false;
    }

    /** Reclaims memory that readers have passed, when there is nothing else to do. Never waits. */
    public void reclaim() {
        grace.reclaim();
    }

    /** Waits until no reader sees memory that was unlinked so far; false when one still may. */
    public boolean awaitReaders(long timeoutMs) {
        return grace.await(timeoutMs);
    }

    /** Reclaiming retired entries may free what we need. */
    private boolean recover() {
        return grace.waiting() > 0 && grace.await(PASS_MS);
    }

    /** Also used outside of a write: a failed write leaves the free lists in doubt. */
    private void dispose(int kind, int what, int size) {
        boolean isWithinWrite = isWriting;
        isWriting = true;
        switch (kind) {
            case BLOCK -> fibs.dispose(what, size);
            case ADJACENCY -> records.disposeAdjacency(what);
            case GROUP -> records.disposeGroup(what);
            case INTERFACE -> records.disposeInterface(what);
            case GENERATION -> space.release(layout.generation(what), layout.generationBytes);
            default -> throw new IllegalStateException("kind " + kind);
        }
        isWriting = isWithinWrite;
    }

    // ---- mark and sweep -----------------------------------------------------------------------

    /** The resync of new and updated objects; initially the former writer's last one, or 0. */
    public int mark() {
        return mark;
    }

    public void mark(int resync) {
        mark = resync;
        Memory.putIntRelease(records.address + Generation.MARK, resync);
    }

    // ---- VRFs ---------------------------------------------------------------------------------

    public boolean hasVrf(int vrf) {
        return vrf >= 0
                && vrf < tables.limits().vrfs()
                && (Vrf.flags(vrfAddress(vrf)) & Vrf.USED) != 0;
    }

    private long vrfAddress(int vrf) {
        return tables.vrf(records.address, vrf);
    }

    /** Adds a VRF; FULL when the number is beyond the limit. */
    public Outcome createVrf(int vrf) {
        if (vrf < 0 || vrf >= tables.limits().vrfs()) {
            return Outcome.FULL;
        }
        if (!hasVrf(vrf)) {
            begin();
            fibs.create(vrf);
            Memory.putIntRelease(vrfAddress(vrf), Vrf.USED);
            end();
        }
        return Outcome.DONE;
    }

    /** Whether every packet of this VRF goes to Linux as UNSUPPORTED_POLICY. */
    public Outcome exceptAll(int vrf, boolean exceptAll) {
        if (!hasVrf(vrf)) {
            return Outcome.NOT_FOUND;
        }
        Vrf.setFlag(vrfAddress(vrf), Vrf.EXCEPT_ALL, exceptAll);
        return Outcome.DONE;
    }

    /** The prefixes that did not fit. */
    public Overflow overflow() {
        return overflow;
    }

    /** Removes a VRF and its routes, one by one; the default VRF stays, empty. */
    public Outcome removeVrf(int vrf) {
        if (!hasVrf(vrf)) {
            return Outcome.NOT_FOUND;
        }
        walkRoutes((of, prefix, source, leaf, resync) -> {
            if (of == vrf) {
                removeRoute(vrf, prefix);
            }
        });
        if (vrf != 0) {
            Memory.putIntRelease(vrfAddress(vrf), 0);
        }
        return Outcome.DONE;
    }

    // ---- interfaces ---------------------------------------------------------------------------

    /**
     * Creates a record for a link of Linux, with no flag but USED. In a generation that replaces
     * another the link keeps its index, and so its counters.
     *
     * @return its index, or {@link #FULL}
     */
    public int addInterface(int vrf, int ifindex) {
        long former = building ? Memory.getLong(base + Header.CURRENT) : 0;
        int index = former == 0 ? 0 : records.takeFormer(base + former, vrf, ifindex);
        boolean isNew = index == 0;
        if (isNew) {
            index = records.takeUnused(former == 0 ? 0 : base + former);
            index = index < 0 && recover() ? records.interfaces.take() : index;
        }
        if (index >= 0) {
            begin();
            if (isNew) {
                Counters.restart(tables, index);
            }
            long at = records.iface(index);
            Memory.putInt(at + Interface.PORT, -1);
            Memory.putInt(at + Interface.VRF, vrf);
            Memory.putInt(at + Interface.IFINDEX, ifindex);
            Memory.putIntRelease(at, Interface.USED);
            end();
        }
        return index;
    }

    /**
     * Updates the description of an interface.
     *
     * @param flags {@link Interface#UP}, {@link Interface#RUNNING}, {@link Interface#ETHERNET},
     *     {@link Interface#ANY_MAC}
     * @param port its port, or -1
     */
    public void setInterface(int index, String name, MacAddress mac, int mtu, int flags, int port) {
        begin();
        long at = records.iface(index);
        byte[] text = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), Interface.NAME_BYTES);
        Memory.copy(text, 0, at + Interface.NAME, text.length);
        Interface.putMacAndMtu(at, mac, mtu);
        Memory.putInt(at + Interface.RESYNC, mark);
        int before = Interface.port(at);
        if (before != port) {
            unmapPort(before, index);
        }
        Memory.putIntOpaque(at + Interface.PORT, port);
        Memory.putIntRelease(at, flags | Interface.USED);
        if (port >= 0) {
            Memory.putIntRelease(records.port(port), index);
        }
        end();
    }

    /** Sets the MACs that Linux receives, too; at most {@link Interface#OTHER_MACS_MAX}. */
    public void setOtherMacs(int index, List<MacAddress> macs) {
        begin();
        Interface.putOtherMacs(records.iface(index), macs);
        end();
    }

    private void unmapPort(int port, int index) {
        if (port >= 0 && Memory.getInt(records.port(port)) == index) {
            Memory.putIntRelease(records.port(port), 0);
        }
    }

    /** Resync in which the interface was last described. */
    public int interfaceResync(int index) {
        return Memory.getInt(records.iface(index) + Interface.RESYNC);
    }

    public boolean hasInterface(int index) {
        return records.interfaces.isTaken(index) && Interface.flags(records.iface(index)) != 0;
    }

    /** Removes an interface; its adjacencies must no longer be used. */
    public void removeInterface(int index) {
        begin();
        long at = records.iface(index);
        unmapPort(Interface.port(at), index);
        Memory.putIntRelease(at, 0);
        grace.add(INTERFACE, index, 0);
        end();
    }

    // ---- adjacencies and groups ---------------------------------------------------------------

    /**
     * Creates an adjacency whose packets leave under a reason; returns its index, or {@link #FULL}.
     */
    public int addAdjacency(int iface, int vrf, @Nullable IpAddress nextHop, Reason reason) {
        begin();
        int index = records.addAdjacency(iface, vrf, nextHop, reason);
        if (index < 0 && recover()) {
            index = records.addAdjacency(iface, vrf, nextHop, reason);
        }
        end();
        return index;
    }

    /** Makes packets leave under this reason from now on. */
    public void except(int adjacency, Reason reason) {
        begin();
        Adjacency.putAction(records.adjacency(adjacency), Adjacency.leave(reason));
        end();
    }

    /**
     * Makes packets use this next hop from now on. A changed source MAC waits for readers; if one
     * is stuck, a packet of that moment may carry a mix of old and new source.
     *
     * @param mtu bytes of an IP packet
     */
    public void forward(
            int adjacency, MacAddress destination, MacAddress source, int port, int mtu) {
        begin();
        if (records.changesSource(adjacency, source)) {
            long at = records.adjacency(adjacency);
            Adjacency.putAction(at, Adjacency.leave(Reason.NEIGHBOUR_UNRESOLVED));
            grace.await(PASS_MS);
        }
        records.resolve(adjacency, destination, source, port, mtu);
        end();
    }

    /** The number of routes and group buckets that lead to it. */
    public int references(int adjacency) {
        return records.references(adjacency);
    }

    public boolean hasAdjacency(int index) {
        return records.hasAdjacency(index);
    }

    /**
     * @throws IllegalStateException when a route or group leads to it
     */
    public void removeAdjacency(int index) {
        if (records.references(index) != 0) {
            throw new IllegalStateException(
                    "adjacency " + index + " has " + records.references(index) + " references");
        }
        begin();
        records.retireAdjacency(index);
        grace.add(ADJACENCY, index, 0);
        end();
    }

    /**
     * Finds or creates the group with these members in these proportions; routes share it. It lives
     * as long as a route leads to it.
     *
     * @param adjacencies at most {@link EcmpGroup#BUCKETS}
     * @param weights of each, 1 or more
     * @return its leaf, or {@link #FULL}
     */
    public int group(int[] adjacencies, int[] weights) {
        begin();
        int[] buckets = Shares.buckets(adjacencies, weights);
        int index = records.group(buckets);
        index = index < 0 && recover() ? records.group(buckets) : index;
        end();
        return index < 0 ? FULL : Tables.GROUP | index;
    }

    private void retireGroup(int index) {
        records.retireGroup(index);
        grace.add(GROUP, index, 0);
    }

    // ---- routes -------------------------------------------------------------------------------

    /** {@link #putRoute(int, Prefix, int, int, int, int)} in the current resync. */
    public Outcome putRoute(int vrf, Prefix prefix, int source, int leaf, int metric) {
        return putRoute(vrf, prefix, source, leaf, metric, mark);
    }

    /**
     * Sets the route of a prefix, in place of a former one.
     *
     * @param source a number chosen by the caller, 0..127
     * @param leaf an adjacency or a group
     * @param metric for display
     * @param resync of the record
     * @return NOT_FOUND if the VRF does not exist
     */
    public Outcome putRoute(int vrf, Prefix prefix, int source, int leaf, int metric, int resync) {
        if (!hasVrf(vrf)) {
            return Outcome.NOT_FOUND;
        }
        long record = fibs.find(vrf, prefix);
        int before = record == 0 ? 0 : Routes.leaf(record);
        begin();
        // Count the new leaf first, so that a group that replaces itself stays alive.
        records.retain(leaf);
        Outcome outcome = fibs.put(vrf, prefix, source, leaf, metric, resync);
        if (outcome == Outcome.DONE) {
            release(before);
        } else {
            release(leaf);
        }
        end();
        return outcome;
    }

    /** Keeps a leaf that no route leads to, until {@link #drop}. */
    public void hold(int leaf) {
        records.retain(leaf);
    }

    /** Ends a {@link #hold}; removes a group without routes. */
    public void drop(int leaf) {
        begin();
        release(leaf);
        end();
    }

    /**
     * Removes a route. FULL only when not even the reserve has enough blocks; the route then stays.
     */
    public Outcome removeRoute(int vrf, Prefix prefix) {
        long record = hasVrf(vrf) ? fibs.find(vrf, prefix) : 0;
        if (record == 0) {
            return Outcome.NOT_FOUND;
        }
        int before = Routes.leaf(record);
        begin();
        Outcome outcome = fibs.remove(vrf, prefix);
        if (outcome == Outcome.DONE) {
            release(before);
        }
        end();
        return outcome;
    }

    private void release(int leaf) {
        if (leaf != 0 && records.release(leaf)) {
            retireGroup(leaf & ~Tables.GROUP);
        }
    }

    /** The leaf of exactly this prefix, 0 = no route. */
    public int leaf(int vrf, Prefix prefix) {
        long record = hasVrf(vrf) ? fibs.find(vrf, prefix) : 0;
        return record == 0 ? 0 : Routes.leaf(record);
    }

    /** The resync of exactly this prefix, 0 = no route. */
    public int resync(int vrf, Prefix prefix) {
        long record = hasVrf(vrf) ? fibs.find(vrf, prefix) : 0;
        return record == 0 ? 0 : Routes.resync(record);
    }

    /** The source of exactly this prefix, -1 = no route. */
    public int source(int vrf, Prefix prefix) {
        long record = hasVrf(vrf) ? fibs.find(vrf, prefix) : 0;
        return record == 0 ? -1 : Routes.source(record);
    }

    /** The leaf of the longest prefix that contains this one and is shorter, 0 = none. */
    public int coveringLeaf(int vrf, Prefix prefix) {
        if (!hasVrf(vrf)) {
            return 0;
        }
        IpAddress address = prefix.address();
        long record =
                fibs.shorter(
                        prefix.family(),
                        vrf,
                        FibWriter.high(address),
                        FibWriter.low(address),
                        prefix.length() - 1,
                        0);
        return record == 0 ? 0 : Routes.leaf(record);
    }

    /** Visits every route of both families, in no particular order. */
    public void walkRoutes(RouteVisitor visitor) {
        for (Family family : Family.values()) {
            fibs.routes(family).walk(visitor);
        }
    }

    /** How full each table is. */
    public List<Filling> filling() {
        return Fillings.of(layout, fibs, records);
    }
}
