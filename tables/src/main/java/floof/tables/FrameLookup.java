package floof.tables;

import floof.memory.Memory;

/**
 * Longest-prefix match of a whole frame at once: all keys descend the table level by level, so that
 * the cache misses of many packets overlap and no branch waits for a miss. The results equal those
 * of {@link Ip4Lookup} and {@link Ip6Lookup}, its plain twins.
 *
 * <p>Thread: its worker; allocates nothing.
 */
public final class FrameLookup {

    /** Tables of more routes are larger than a second-level cache of a mebibyte. */
    private static final int LARGE_ROUTES = 1 << 14;

    /** Last byte of a block with one route, which may be on another cache line than the first. */
    private static final int SMALL_BLOCK_END = Fib.TOP_BYTES + Fib.SLOTS + 3;

    /** First 64 bits of the keys, an IPv4 address in the upper half; set by the caller. */
    public final long[] high;

    /** The rest of the keys; stays 0 for IPv4. */
    public final long[] low;

    /** The answers: a leaf each, 0 = no route. */
    public final int[] leaves;

    /** Keys that continue below the root, and the address of the best leaf of each so far. */
    private final int[] pending;

    private final long[] best;

    /** Keys at a node: their number, their next bits, those after. */
    private final int[] owner;

    private final long[] key;
    private final long[] rest;

    /** Address of the node's block; its lowest bit says that it begins with what is skipped. */
    private final long[] block;

    /** Keys at a single block. */
    private final int[] singleOwner;

    private final long[] singleKey;
    private final long[] single;
    private int singles;

    /** Never read; the store keeps the compiler from removing {@link #touch}. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    /**
     * @param size keys at most
     */
    public FrameLookup(int size) {
        high = new long[size];
        low = new long[size];
        leaves = new int[size];
        pending = new int[size];
        best = new long[size];
        owner = new int[size];
        key = new long[size];
        rest = new long[size];
        block = new long[size];
        singleOwner = new int[size + 1];
        singleKey = new long[size + 1];
        single = new long[size + 1];
    }

    /**
     * Finds the leaves of keys {@code from .. to - 1}.
     *
     * @param fib from {@link Tables#fib4} or {@link Tables#fib6}
     */
    public void find(long fib, int from, int to) {
        long root = fib + Memory.getLong(fib + Fib.ROOT);
        int shift = 64 - Memory.getInt(fib + Fib.BITS);
        long[] keys = high;
        int[] found = leaves;
        int all = 0;
        for (int i = from; i < to; i++) {
            int entry = Memory.getIntAcquire(root + (keys[i] >>> shift << 2));
            found[i] = entry;
            all |= entry;
        }
        if (all < 0) {
            if (Memory.getInt(fib + Fib.ROUTES) > LARGE_ROUTES) {
                descend(fib, from, to);
            } else {
                below(fib, from, to);
            }
        }
        int otherwise = Memory.getIntOpaque(fib + Fib.DEFAULT);
        for (int i = from; i < to; i++) {
            found[i] = found[i] != 0 ? found[i] : otherwise;
        }
    }

    /** Looks keys up one by one, which takes half the time when the table is in the caches. */
    private void below(long fib, int from, int to) {
        long blocks = fib + Memory.getLong(fib + Fib.BLOCKS);
        int bits = Memory.getInt(fib + Fib.BITS);
        long[] keys = high;
        long[] rests = low;
        int[] found = leaves;
        for (int i = from; i < to; i++) {
            if (found[i] < 0) {
                found[i] = Fib.below(blocks, bits, found[i], keys[i], rests[i]);
            }
        }
    }

    private void descend(long fib, int from, int to) {
        long blocks = fib + Memory.getLong(fib + Fib.BLOCKS);
        int count = 0;
        for (int i = from; i < to; i++) {
            pending[count] = i;
            count += leaves[i] >>> 31;
        }
        int nodes = enter(blocks, Memory.getInt(fib + Fib.BITS), count);
        while (nodes != 0) {
            touch(nodes);
            nodes = level(blocks, nodes);
        }
        matchSingles();
        for (int j = 0; j < count; j++) {
            int i = pending[j];
            leaves[i] = Memory.getIntOpaque(best[i]);
        }
    }

    /**
     * Sorts the keys by what the root's entry points to. The first best leaf is the one that the
     * entry had.
     *
     * @return how many are at a node
     */
    private int enter(long blocks, int bits, int count) {
        int nodes = 0;
        int alone = 0;
        for (int j = 0; j < count; j++) {
            int i = pending[j];
            int entry = leaves[i];
            long at = blocks + ((long) (entry & Fib.UNITS) << 4);
            long next = high[i] << bits | low[i] >>> -bits;
            int isSingle = entry >>> 29 & 1;
            best[i] = at + Fib.INHERITED;
            singleOwner[alone] = i;
            singleKey[alone] = next;
            single[alone] = at;
            alone += isSingle;
            owner[nodes] = i;
            key[nodes] = next;
            rest[nodes] = low[i] << bits;
            block[nodes] = at | 1;
            nodes += 1 - isSingle;
        }
        singles = alone;
        return nodes;
    }

    /** Handles single blocks, where most paths end: the key either matches the one route or not. */
    private void matchSingles() {
        for (int j = 0; j < singles; j++) {
            int i = singleOwner[j];
            long at = single[j];
            boolean isIn = Fib.isIn(singleKey[j], Memory.getLong(at));
            best[i] = isIn ? at + Fib.SINGLE_LEAF : best[i];
        }
    }

    /** Loads from the first lines of all blocks, so that all these misses are in flight at once. */
    private void touch(int count) {
        long sum = 0;
        for (int j = 0; j < count; j++) {
            long at = block[j] & -2;
            sum += Memory.getByte(at) + Memory.getByte(at + SMALL_BLOCK_END);
        }
        touched = sum;
    }

    /**
     * Processes one node per key, as {@link Fib#below} does. Keys that continue to a node move to
     * the front, those that continue to a single block join the others there.
     *
     * @return how many continue to a node
     */
    private int level(long blocks, int count) {
        int nodes = 0;
        int alone = singles;
        for (int j = 0; j < count; j++) {
            int i = owner[j];
            long at = block[j] & -2;
            long isSkipping = -(block[j] & 1);
            int skipped = Memory.getInt(at + Fib.SKIPPED) & (int) isSkipping;
            long bits = key[j];
            if (Fib.differ(bits, Memory.getLong(at), skipped)) {
                continue;
            }
            bits = Fib.next(bits, rest[j], skipped);
            long after = rest[j] << skipped;
            long node = at + (Fib.TOP_BYTES & isSkipping);
            long children = Memory.getLong(node);
            long prefixes = Memory.getLong(node + Fib.PREFIXES);
            int v = (int) (bits >>> 58);
            long match = prefixes & Fib.MATCH[v];
            if (match != 0) {
                long shorter = prefixes & Long.highestOneBit(match) - 1;
                int leaf = Long.bitCount(children) + Long.bitCount(shorter);
                best[i] = node + Fib.SLOTS + ((long) leaf << 2);
            }
            long upTo = Fib.upTo(children, v);
            int goesOn = (int) (upTo >>> 63);
            int pointer = Fib.child(node, upTo);
            long below = blocks + ((long) (pointer & Fib.UNITS) << 4);
            long next = bits << 6 | after >>> 58;
            int isSingle = pointer >>> 29 & goesOn;
            singleOwner[alone] = i;
            singleKey[alone] = next;
            single[alone] = below;
            alone += isSingle;
            owner[nodes] = i;
            key[nodes] = next;
            rest[nodes] = after << 6;
            block[nodes] = below | pointer >>> 30 & 1;
            nodes += goesOn - isSingle;
        }
        singles = alone;
        return nodes;
    }
}
