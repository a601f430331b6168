package floof.tables;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.memory.Memory;

/**
 * The forwarding tables of one generation: route records, roots and tries; see {@link Fib}.
 *
 * <p>The heap keeps what changes below the root's depth need: for each entry of a root the length
 * of the route that owns its leaf ({@code owners}), and for each VRF the number of routes of each
 * length, so that a covering prefix is searched only where one can exist.
 *
 * <p>Thread: the writer's.
 */
final class FibWriter {

    private static final int GRACE_MS = 100;

    private final long generation;
    private final Layout layout;
    private final Grace grace;
    private final Runnable step;
    final Blocks allocator;
    private final Trie trie;
    private final Routes[] routes;
    private final byte[][][] owners;
    private final int[][][] lengths;

    /**
     * @param step called between the stores of a change; tests simulate a crash there
     */
    FibWriter(
            long generation,
            Layout layout,
            Grace grace,
            Trie.Retirement retirement,
            Runnable step) {
        this.generation = generation;
        this.layout = layout;
        this.grace = grace;
        this.step = step;
        Limits limits = layout.limits;
        allocator = new Blocks(limits.blockBytes());
        trie = new Trie(generation + layout.blocks, allocator, retirement);
        routes =
                new Routes[] {
                    new Routes(Family.IP4, generation + layout.ip4Routes, limits.ip4Routes()),
                    new Routes(Family.IP6, generation + layout.ip6Routes, limits.ip6Routes())
                };
        owners = new byte[2][limits.vrfs()][];
        lengths = new int[2][limits.vrfs()][];
        adopt();
    }

    /** The first 64 bits of the key of an address. */
    static long high(IpAddress address) {
        return address.family() == Family.IP4 ? address.low() << 32 : address.high();
    }

    static long low(IpAddress address) {
        return address.family() == Family.IP4 ? 0 : address.low();
    }

    Routes routes(Family family) {
        return routes[family.ordinal()];
    }

    private long fib(Family family, int vrf) {
        return generation
                + layout.vrfs
                + (long) vrf * Vrf.SIZE_BYTES
                + (family == Family.IP4 ? Vrf.FIB4 : Vrf.FIB6);
    }

    /** Writes the FIB records of an empty VRF. */
    void create(int vrf) {
        Limits limits = layout.limits;
        create(
                fib(Family.IP4, vrf),
                vrf == 0 ? layout.ip4Root : 0,
                vrf == 0 ? limits.ip4RootBits() : Fib.IP4_INLINE_BITS,
                32);
        create(
                fib(Family.IP6, vrf),
                vrf == 0 ? layout.ip6Root : 0,
                vrf == 0 ? limits.ip6RootBits() : Fib.IP6_INLINE_BITS,
                64);
    }

    private void create(long fib, long root, int bits, int firstBits) {
        Memory.putLong(fib + Fib.ROOT, root == 0 ? Fib.INLINE_ROOT : generation + root - fib);
        Memory.putLong(fib + Fib.BLOCKS, generation + layout.blocks - fib);
        Memory.putInt(fib + Fib.SHIFT, firstBits - bits);
        Memory.putInt(fib + Fib.BITS, bits);
    }

    private void adopt() {
        long[] used = new long[allocator.capacityUnits() + 63 >> 6];
        for (Family family : Family.values()) {
            Routes table = routes(family);
            for (int i = 0; i < table.end(); i++) {
                long at = table.address(i);
                if (Routes.leaf(at) != 0) {
                    adopt(family, at);
                }
            }
            for (int vrf = 0; vrf < layout.limits.vrfs(); vrf++) {
                mark(used, fib(family, vrf));
            }
        }
        allocator.rebuild(used);
    }

    private void adopt(Family family, long record) {
        int vrf = Routes.vrf(record);
        int length = Routes.length(record);
        long fib = fib(family, vrf);
        count(family, vrf, length, 1);
        int bits = Memory.getInt(fib + Fib.BITS);
        if (length > 0 && length <= bits) {
            byte[] owner = owners(family, vrf, bits);
            int first = slot(Routes.high(record), bits);
            for (int i = first; i < first + (1 << bits - length); i++) {
                owner[i] = (byte) Math.max(owner[i], length);
            }
        }
    }

    private void mark(long[] used, long fib) {
        int bits = Memory.getInt(fib + Fib.BITS);
        if (bits == 0 || Memory.getInt(fib + Fib.ROUTES) == 0) {
            return;
        }
        long root = fib + Memory.getLong(fib + Fib.ROOT);
        for (int i = 0; i < 1 << bits; i++) {
            int entry = Memory.getInt(root + 4L * i);
            if (entry < 0) {
                trie.mark(used, entry, true);
            }
        }
    }

    private static int slot(long high, int bits) {
        return (int) (high >>> 64 - bits);
    }

    /** Address of the root's entry for a key. */
    private static long entry(long fib, long high, int bits) {
        return fib + Memory.getLong(fib + Fib.ROOT) + ((long) slot(high, bits) << 2);
    }

    /** The first word of a key behind the root's bits. */
    private static long key(long high, long low, int bits) {
        return high << bits | low >>> 64 - bits;
    }

    private byte[] owners(Family family, int vrf, int bits) {
        byte[] owner = owners[family.ordinal()][vrf];
        if (owner == null) {
            owner = new byte[1 << bits];
            owners[family.ordinal()][vrf] = owner;
        }
        return owner;
    }

    private void count(Family family, int vrf, int length, int change) {
        int[] counts = lengths[family.ordinal()][vrf];
        if (counts == null) {
            counts = new int[family.bits() + 1];
            lengths[family.ordinal()][vrf] = counts;
        }
        counts[length] += change;
    }

    /** Adds a route, or changes the leaf of an existing one. */
    Outcome put(int vrf, Prefix prefix, int source, int leaf, int metric, int resync) {
        Family family = prefix.family();
        long high = high(prefix.address());
        long low = low(prefix.address());
        int length = prefix.length();
        Routes table = routes(family);
        long record = table.find(vrf, high, low, length);
        long fib = fib(family, vrf);
        if (record != 0) {
            if (Routes.leaf(record) != leaf) {
                replace(family, vrf, fib, high, low, length, leaf);
                step.run();
            }
            Routes.update(record, source, leaf, metric, resync);
            return Outcome.DONE;
        }
        if (table.isFull() || !insert(family, vrf, fib, high, low, length, leaf)) {
            return Outcome.FULL;
        }
        step.run();
        table.add(vrf, high, low, length, source, leaf, metric, resync);
        Memory.putInt(fib + Fib.ROUTES, Memory.getInt(fib + Fib.ROUTES) + 1);
        count(family, vrf, length, 1);
        return Outcome.DONE;
    }

    /**
     * Removes a route. FULL when the smaller blocks do not even fit into the reserve; the route
     * then stays.
     */
    Outcome remove(int vrf, Prefix prefix) {
        long record = find(vrf, prefix);
        if (record == 0) {
            return Outcome.NOT_FOUND;
        }
        Family family = prefix.family();
        long high = high(prefix.address());
        long low = low(prefix.address());
        int length = prefix.length();
        long fib = fib(family, vrf);
        int bits = Memory.getInt(fib + Fib.BITS);
        if (length == 0) {
            Memory.putIntRelease(fib + Fib.DEFAULT, 0);
        } else if (length <= bits) {
            long cover = shorter(family, vrf, high, low, length - 1, 1);
            int coverLength = cover == 0 ? 0 : Routes.length(cover);
            fill(family, vrf, fib, high, length, coverLength, cover == 0 ? 0 : Routes.leaf(cover));
        } else if (!removeBelow(fib, bits, high, low, length)) {
            return Outcome.FULL;
        }
        step.run();
        routes(family).remove(record);
        Memory.putInt(fib + Fib.ROUTES, Memory.getInt(fib + Fib.ROUTES) - 1);
        count(family, vrf, length, -1);
        return Outcome.DONE;
    }

    /** The record of exactly this prefix, or 0. */
    long find(int vrf, Prefix prefix) {
        IpAddress address = prefix.address();
        return routes(prefix.family()).find(vrf, high(address), low(address), prefix.length());
    }

    /** The record of the longest route of {@code least..most} bits that contains the key, or 0. */
    long shorter(Family family, int vrf, long high, long low, int most, int least) {
        int[] counts = lengths[family.ordinal()][vrf];
        if (counts == null) {
            return 0;
        }
        for (int length = most; length >= least; length--) {
            if (counts[length] > 0) {
                long first = length >= 64 ? high : high & ~(-1L >>> length);
                long second = length <= 64 ? 0 : length == 128 ? low : low & ~(-1L >>> length - 64);
                long record = routes(family).find(vrf, first, second, length);
                if (record != 0) {
                    return record;
                }
            }
        }
        return 0;
    }

    private boolean insert(
            Family family, int vrf, long fib, long high, long low, int length, int leaf) {
        int bits = Memory.getInt(fib + Fib.BITS);
        if (length == 0) {
            Memory.putIntRelease(fib + Fib.DEFAULT, leaf);
            return true;
        }
        if (length <= bits) {
            fill(family, vrf, fib, high, length, length, leaf);
            return true;
        }
        long entry = entry(fib, high, bits);
        long key = key(high, low, bits);
        int changed = build(entry, key, low << bits, length - bits, leaf);
        if (changed == Trie.FULL && recover()) {
            changed = build(entry, key, low << bits, length - bits, leaf);
        }
        return changed != Trie.FULL && publish(entry, changed);
    }

    private int build(long entry, long key, long rest, int length, int leaf) {
        int freeUnits = allocator.capacityUnits() - allocator.usedUnits();
        return freeUnits > allocator.reservedUnits()
                ? trie.put(Memory.getInt(entry), key, rest, length, leaf)
                : Trie.FULL;
    }

    private boolean removeBelow(long fib, int bits, long high, long low, int length) {
        long entry = entry(fib, high, bits);
        long key = key(high, low, bits);
        int changed = trie.remove(Memory.getInt(entry), key, low << bits, length - bits);
        if (changed == Trie.FULL && recover()) {
            changed = trie.remove(Memory.getInt(entry), key, low << bits, length - bits);
        }
        return changed != Trie.FULL && publish(entry, changed);
    }

    private boolean publish(long entry, int changed) {
        step.run();
        Memory.putIntRelease(entry, changed);
        trie.commit();
        return true;
    }

    /** Waits for the blocks that readers may still see; false if there were none. */
    private boolean recover() {
        int before = allocator.usedUnits();
        return grace.waiting() > 0 && grace.await(GRACE_MS) && allocator.usedUnits() < before;
    }

    private void replace(
            Family family, int vrf, long fib, long high, long low, int length, int leaf) {
        int bits = Memory.getInt(fib + Fib.BITS);
        if (length <= bits) {
            insert(family, vrf, fib, high, low, length, leaf);
            return;
        }
        long entry = entry(fib, high, bits);
        long at =
                trie.leafAddress(
                        Memory.getInt(entry), key(high, low, bits), low << bits, length - bits);
        Memory.putIntRelease(at, leaf);
    }

    /**
     * Replaces the leaf of every entry of a prefix that is owned by one of at most its {@code most}
     * bits.
     *
     * @param length of the new owner
     */
    private void fill(Family family, int vrf, long fib, long high, int most, int length, int leaf) {
        int bits = Memory.getInt(fib + Fib.BITS);
        byte[] owner = owners(family, vrf, bits);
        int first = slot(high, bits);
        int count = 1 << bits - most;
        long root = fib + Memory.getLong(fib + Fib.ROOT);
        for (int i = first; i < first + count; i++) {
            if (owner[i] <= most) {
                owner[i] = (byte) length;
                long at = root + ((long) i << 2);
                int entry = Memory.getInt(at);
                if (entry < 0) {
                    long block = generation + layout.blocks + ((long) (entry & Fib.UNITS) << 4);
                    Memory.putIntRelease(block + Fib.INHERITED, leaf);
                } else {
                    Memory.putIntRelease(at, leaf);
                }
            }
        }
        step.run();
    }

    /** Frees a block that no reader can see. */
    void dispose(int unit, int units) {
        allocator.free(unit, units);
    }
}
