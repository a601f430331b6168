package floof.tables;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.memory.Memory;
import java.util.Arrays;

/**
 * The routes of one family as records in shared memory, with an index on the heap that a new writer
 * rebuilds from them.
 *
 * <pre>
 *  0 u64 first half of the key    8 u64 second half (an IPv4 address is the key's first 32 bits)
 * 16 u8 length                   17 u8 source: why the route exists; defined by the manager
 * 18 u16 VRF                     20 u32 leaf, 0 = free record
 * 24 u32 metric                  28 u32 resync
 * </pre>
 *
 * The index is a hash table of record numbers with linear probing, at most half full.
 *
 * <p>Thread: the writer's.
 */
final class Routes {

    private static final int LENGTH = 16;
    private static final int CLAIM = 17;
    private static final int VRF = 18;
    private static final int LEAF = 20;
    private static final int METRIC = 24;
    private static final int RESYNC = 28;

    private final Family family;
    private final long base;
    private final int capacity;

    /** Record number + 1, 0 = empty. */
    private int[] index = new int[1024];

    private int count;

    /** Records from here on were never used. */
    private int untouched;

    private int[] free = new int[64];
    private int freeCount;

    Routes(Family family, long base, int capacity) {
        this.family = family;
        this.base = base;
        this.capacity = capacity;
        adopt();
    }

    private void adopt() {
        for (int i = 0; i < capacity; i++) {
            if (leaf(address(i)) != 0) {
                for (int gap = untouched; gap < i; gap++) {
                    pushFree(gap);
                }
                untouched = i + 1;
                enter(i);
            }
        }
    }

    int count() {
        return count;
    }

    int capacity() {
        return capacity;
    }

    /** Record numbers in use are below. */
    int end() {
        return untouched;
    }

    long address(int record) {
        return base + (long) record * Fib.ROUTE_BYTES;
    }

    static long high(long address) {
        return Memory.getLong(address);
    }

    static long low(long address) {
        return Memory.getLong(address + 8);
    }

    static int length(long address) {
        return Memory.getByte(address + LENGTH) & 0xff;
    }

    static int source(long address) {
        return Memory.getByte(address + CLAIM);
    }

    static int vrf(long address) {
        return Memory.getShort(address + VRF) & 0xffff;
    }

    static int leaf(long address) {
        return Memory.getInt(address + LEAF);
    }

    static int resync(long address) {
        return Memory.getInt(address + RESYNC);
    }

    /** Visits every route, in no particular order. */
    void walk(RouteVisitor visitor) {
        int end = end();
        for (int i = 0; i < end; i++) {
            long at = address(i);
            if (leaf(at) != 0) {
                visitor.visit(vrf(at), prefix(at), source(at), leaf(at), resync(at));
            }
        }
    }

    Prefix prefix(long address) {
        IpAddress ip =
                family == Family.IP4
                        ? IpAddress.ip4((int) (high(address) >>> 32))
                        : IpAddress.ip6(high(address), low(address));
        return new Prefix(ip, length(address));
    }

    /** Address of the record of exactly this prefix, or 0. */
    long find(int vrf, long high, long low, int length) {
        int mask = index.length - 1;
        for (int i = hash(vrf, high, low, length) & mask; index[i] != 0; i = i + 1 & mask) {
            long at = address(index[i] - 1);
            if (Memory.getLong(at) == high
                    && Memory.getLong(at + 8) == low
                    && length(at) == length
                    && vrf(at) == vrf) {
                return at;
            }
        }
        return 0;
    }

    boolean isFull() {
        return count == capacity;
    }

    /** Creates a record for a prefix that has none; the table must not be full. */
    void add(
            int vrf,
            long high,
            long low,
            int length,
            int source,
            int leaf,
            int metric,
            int resync) {
        int record = freeCount > 0 ? free[--freeCount] : untouched++;
        long at = address(record);
        Memory.putLong(at, high);
        Memory.putLong(at + 8, low);
        Memory.putByte(at + LENGTH, (byte) length);
        Memory.putShort(at + VRF, (short) vrf);
        update(at, source, leaf, metric, resync);
        enter(record);
    }

    static void update(long address, int source, int leaf, int metric, int resync) {
        Memory.putByte(address + CLAIM, (byte) source);
        Memory.putInt(address + LEAF, leaf);
        Memory.putInt(address + METRIC, metric);
        Memory.putInt(address + RESYNC, resync);
    }

    /** Removes a record that {@link #find} returned. */
    void remove(long address) {
        int record = (int) ((address - base) / Fib.ROUTE_BYTES);
        leave(record);
        Memory.putInt(address + LEAF, 0);
        pushFree(record);
    }

    private void pushFree(int record) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = record;
    }

    private void enter(int record) {
        if (2 * (count + 1) > index.length) {
            int[] smaller = index;
            index = new int[2 * smaller.length];
            for (int entry : smaller) {
                if (entry != 0) {
                    insert(entry);
                }
            }
        }
        insert(record + 1);
        count++;
    }

    private void insert(int entry) {
        int mask = index.length - 1;
        int i = home(entry) & mask;
        while (index[i] != 0) {
            i = i + 1 & mask;
        }
        index[i] = entry;
    }

    /** Closes the gap, so that no probe stops early (Knuth, TAOCP 3, 6.4, algorithm R). */
    private void leave(int record) {
        int mask = index.length - 1;
        int gap = home(record + 1) & mask;
        while (index[gap] != record + 1) {
            gap = gap + 1 & mask;
        }
        for (int i = gap + 1 & mask; index[i] != 0; i = i + 1 & mask) {
            int fromHome = i - home(index[i]) & mask;
            if (fromHome >= (i - gap & mask)) {
                index[gap] = index[i];
                gap = i;
            }
        }
        index[gap] = 0;
        count--;
    }

    private int home(int entry) {
        long at = address(entry - 1);
        return hash(vrf(at), high(at), low(at), length(at));
    }

    private static int hash(int vrf, long high, long low, int length) {
        long mixed =
                (high ^ Long.rotateLeft(low, 29) ^ (long) vrf << 8 ^ length) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L;
        return (int) (mixed >>> 32);
    }
}
