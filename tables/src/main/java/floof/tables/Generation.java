package floof.tables;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Reason;
import floof.memory.Memory;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of one generation with the writer's view of them: which are taken, and how many
 * routes and groups use each. A writer that adopts a generation derives all of that from the
 * records.
 *
 * <p>Thread: the writer's.
 */
final class Generation {

    static final int MARK = 0;

    final long address;
    private final Tables tables;
    private final int workers;
    final Indices adjacencies;
    final Indices groups;
    final Indices interfaces;

    private final int[] adjacencyReferences;
    private final int[] groupReferences;

    /** Buckets to group. */
    private final Map<IntBuffer, Integer> groupIndex = new HashMap<>();

    Generation(long address, Tables tables) {
        this.address = address;
        this.tables = tables;
        Limits limits = tables.limits();
        workers = limits.workers();
        adjacencies = new Indices(Adjacency.FIXED, limits.adjacencies());
        groups = new Indices(0, limits.groups());
        interfaces = new Indices(1, limits.interfaces());
        adjacencyReferences = new int[limits.adjacencies()];
        groupReferences = new int[limits.groups()];
        adopt();
    }

    /** No reader sees removed records any more: the new writer waited for all readers to pass. */
    private void adopt() {
        Limits limits = tables.limits();
        for (int i = Adjacency.FIXED; i < limits.adjacencies(); i++) {
            if (Adjacency.kind(Adjacency.action(adjacency(i))) != Adjacency.NONE) {
                adjacencies.take(i);
                if (!hasAdjacency(i)) {
                    disposeAdjacency(i);
                }
            }
        }
        for (int i = 0; i < limits.groups(); i++) {
            if (Memory.getInt(group(i)) != 0) {
                groups.take(i);
                int[] buckets = buckets(i);
                groupIndex.put(IntBuffer.wrap(buckets), i);
                countMembers(buckets, 1);
            }
        }
        for (int i = 1; i < limits.interfaces(); i++) {
            if (Interface.flags(iface(i)) != 0) {
                interfaces.take(i);
            } else if (Interface.ifindex(iface(i)) != 0) {
                disposeInterface(i);
            }
        }
    }

    /** Writes the adjacencies every generation has. */
    void create() {
        fix(Adjacency.NO_ROUTE, Reason.NO_ROUTE);
        fix(Adjacency.LOCAL, Reason.LOCAL);
        fix(Adjacency.BLACKHOLE, Reason.ROUTE_BLACKHOLE);
        fix(Adjacency.UNREACHABLE, Reason.ROUTE_UNREACHABLE);
        fix(Adjacency.PROHIBIT, Reason.ROUTE_PROHIBIT);
        fix(Adjacency.UNSUPPORTED, Reason.UNSUPPORTED_ROUTE);
    }

    private void fix(int index, Reason reason) {
        Adjacency.putAction(adjacency(index), Adjacency.leave(reason));
    }

    long adjacency(int index) {
        return tables.adjacency(address, index);
    }

    long iface(int index) {
        return tables.iface(address, index);
    }

    private long group(int index) {
        return tables.group(address, index);
    }

    long port(int index) {
        return address + tables.layout.ports + 4L * index;
    }

    // ---- references ---------------------------------------------------------------------------

    int references(int adjacency) {
        return adjacencyReferences[adjacency];
    }

    /** Counts a route that uses a leaf. */
    void retain(int leaf) {
        if ((leaf & Tables.GROUP) != 0) {
            groupReferences[leaf & ~Tables.GROUP]++;
        } else {
            adjacencyReferences[leaf]++;
        }
    }

    /**
     * Uncounts a route that used a leaf; true if it was a group's last route, so that the group
     * must be retired.
     */
    boolean release(int leaf) {
        if ((leaf & Tables.GROUP) == 0) {
            adjacencyReferences[leaf]--;
            return false;
        }
        int index = leaf & ~Tables.GROUP;
        return --groupReferences[index] == 0;
    }

    private void countMembers(int[] buckets, int change) {
        for (int adjacency : buckets) {
            adjacencyReferences[adjacency] += change;
        }
    }

    // ---- adjacencies --------------------------------------------------------------------------

    /** Creates an adjacency whose packets leave with a reason; -1 if none is left. */
    int addAdjacency(int iface, int vrf, @Nullable IpAddress nextHop, Reason reason) {
        int index = adjacencies.take();
        if (index >= 0) {
            long at = adjacency(index);
            Adjacency.putWay(at, iface, vrf, nextHop);
            Adjacency.putAction(at, Adjacency.leave(reason));
        }
        return index;
    }

    /** Whether resolving with this source MAC must wait for readers; see {@link Adjacency}. */
    boolean changesSource(int index, MacAddress source) {
        long at = adjacency(index);
        return Adjacency.kind(Adjacency.action(at)) == Adjacency.FORWARD
                && !Adjacency.sourceMac(at).equals(source);
    }

    void resolve(int index, MacAddress destination, MacAddress source, int port, int mtu) {
        long at = adjacency(index);
        Adjacency.putRewrite(at, destination, source);
        Adjacency.putAction(at, Adjacency.forward(port, mtu));
    }

    boolean hasAdjacency(int index) {
        return adjacencies.isTaken(index)
                && Memory.getInt(adjacency(index) + Adjacency.REMOVED) == 0;
    }

    void retireAdjacency(int index) {
        Memory.putInt(adjacency(index) + Adjacency.REMOVED, 1);
    }

    void disposeAdjacency(int index) {
        Adjacency.putAction(adjacency(index), 0);
        for (int worker = 0; worker < workers; worker++) {
            long row = tables.adjacencyCounters(address, worker);
            Memory.fill(Counters.adjacency(row, index), Counters.ADJACENCY_BYTES, (byte) 0);
        }
        adjacencies.giveBack(index);
    }

    // ---- groups -------------------------------------------------------------------------------

    /** Finds or creates the group with these buckets; -1 if none is left. */
    int group(int[] buckets) {
        Integer known = groupIndex.get(IntBuffer.wrap(buckets));
        if (known != null) {
            return known;
        }
        int index = groups.take();
        if (index >= 0) {
            long at = group(index);
            for (int i = 0; i < EcmpGroup.BUCKETS; i++) {
                Memory.putInt(at + EcmpGroup.BUCKETS_AT + 4L * i, buckets[i]);
            }
            Memory.putIntRelease(at, 1);
            groupIndex.put(IntBuffer.wrap(buckets), index);
            countMembers(buckets, 1);
        }
        return index;
    }

    int[] buckets(int index) {
        int[] buckets = new int[EcmpGroup.BUCKETS];
        for (int i = 0; i < EcmpGroup.BUCKETS; i++) {
            buckets[i] = Memory.getInt(group(index) + EcmpGroup.BUCKETS_AT + 4L * i);
        }
        return buckets;
    }

    /** No route leads to the group any more; readers may still be in it. */
    void retireGroup(int index) {
        int[] buckets = buckets(index);
        groupIndex.remove(IntBuffer.wrap(buckets));
        countMembers(buckets, -1);
        Memory.putIntRelease(group(index), 0);
    }

    void disposeGroup(int index) {
        groups.giveBack(index);
    }

    /** Groups that no route uses; for a writer that adopted a generation. */
    int[] unusedGroups() {
        int[] unused = new int[groups.count()];
        int count = 0;
        for (int i = 0; i < tables.limits().groups(); i++) {
            if (groups.isTaken(i) && groupReferences[i] == 0) {
                unused[count++] = i;
            }
        }
        return Arrays.copyOf(unused, count);
    }

    // ---- interfaces ---------------------------------------------------------------------------

    /** Takes the index that a link has in another generation; 0 if it has none there. */
    int takeFormer(long generation, int vrf, int ifindex) {
        for (int i = 1; i < tables.limits().interfaces(); i++) {
            long at = tables.iface(generation, i);
            if (Interface.flags(at) != 0
                    && Interface.vrf(at) == vrf
                    && Interface.ifindex(at) == ifindex
                    && !interfaces.isTaken(i)) {
                interfaces.take(i);
                return i;
            }
        }
        return 0;
    }

    /**
     * Takes an index, if possible one that no link has in the other generation, whose readers still
     * count under it; -1 if all are taken.
     *
     * @param generation 0 when there is no other
     */
    int takeUnused(long generation) {
        for (int i = 1; generation != 0 && i < tables.limits().interfaces(); i++) {
            if (Interface.flags(tables.iface(generation, i)) == 0 && !interfaces.isTaken(i)) {
                interfaces.take(i);
                return i;
            }
        }
        return interfaces.take();
    }

    void disposeInterface(int index) {
        Memory.fill(iface(index), Interface.SIZE_BYTES, (byte) 0);
        interfaces.giveBack(index);
    }
}
