package floof.tables;

import floof.memory.Memory;

/**
 * Changes tries below the roots, without touching what a reader can see: {@link #put} and {@link
 * #remove} rebuild the blocks from the changed node up to the top and return the pointer to
 * publish. The caller then calls {@link #commit}, which retires the replaced blocks. If the new
 * blocks do not fit, everything stays as it was.
 *
 * <p>Keys are those of the lookup at that point: the next 64 bits left-aligned, then the rest.
 * Canonical form: a node without prefixes and with one child is skipped, up to 60 bits. So the same
 * routes take the same blocks whatever came before, except that a longer chain may be split
 * elsewhere. Depth is at most 22 (128 bits by 6).
 *
 * <p>Thread: the writer's.
 */
final class Trie {

    static final int FULL = -1;
    private static final int MAX_SKIPPED = 60;
    private static final int DEPTH = 24;

    /** Receives blocks that readers may still see. */
    interface Retirement {
        void retire(int unit, int units);
    }

    private final long blocks;
    private final Blocks allocator;
    private final Retirement retirement;
    private final Node[] nodes = new Node[DEPTH];

    /** Blocks of the operation: first unit and number of units, alternating. */
    private final int[] fresh = new int[8 * DEPTH];

    private final int[] old = new int[8 * DEPTH];
    private int freshCount;
    private int oldCount;
    private boolean isFull;

    Trie(long blocks, Blocks allocator, Retirement retirement) {
        this.blocks = blocks;
        this.allocator = allocator;
        this.retirement = retirement;
        for (int i = 0; i < DEPTH; i++) {
            nodes[i] = new Node();
        }
    }

    /**
     * Adds a prefix to the top block.
     *
     * @param entry the root's entry: a leaf or a pointer
     * @return the new entry, or {@link #FULL}
     */
    int put(int entry, long key, long rest, int length, int leaf) {
        begin();
        int pointer =
                entry < 0
                        ? put(0, entry, key, rest, length, leaf)
                        : branch(0, entry, key, rest, length, leaf);
        return end(pointer);
    }

    /**
     * Removes an existing prefix from the top block; yields the inherited leaf if it was the last
     * one.
     *
     * @return the new entry, or {@link #FULL}
     */
    int remove(int entry, long key, long rest, int length) {
        begin();
        int inherited = Memory.getInt(address(entry) + Fib.INHERITED);
        int pointer = remove(0, entry, key, rest, length);
        return end(pointer == 0 ? inherited : pointer);
    }

    /** Address of the leaf of a prefix that is in the trie. */
    long leafAddress(int entry, long key, long rest, int length) {
        int pointer = entry;
        long nextKey = key;
        long nextRest = rest;
        int left = length;
        Node node = nodes[0];
        while (true) {
            node.load(blocks, pointer, false);
            nextKey = Fib.next(nextKey, nextRest, node.skipped);
            nextRest <<= node.skipped;
            left -= node.skipped;
            if (left < 6) {
                break;
            }
            pointer = node.child((int) (nextKey >>> 58));
            nextKey = Fib.next(nextKey, nextRest, 6);
            nextRest <<= 6;
            left -= 6;
        }
        if ((pointer & Fib.SINGLE) != 0) {
            return address(pointer) + Fib.SINGLE_LEAF;
        }
        int bit = Node.bit(nextKey, left);
        int slot = Long.bitCount(node.children) + Long.bitCount(node.prefixes & (1L << bit) - 1);
        int header = (pointer & Fib.SKIP) != 0 ? Fib.TOP_BYTES : 0;
        return address(pointer) + header + Fib.SLOTS + 4L * slot;
    }

    /** Marks every block of a trie as used; for a new writer. */
    void mark(long[] used, int pointer, boolean top) {
        Node node = new Node().load(blocks, pointer, top);
        Blocks.set(used, pointer & Fib.UNITS, Blocks.units(node.sizeBytes()));
        int count = Long.bitCount(node.children);
        for (int i = 0; i < count; i++) {
            mark(used, node.slots[i], false);
        }
    }

    /** Called after the new entry was published. */
    void commit() {
        for (int i = 0; i < oldCount; i += 2) {
            retirement.retire(old[i], old[i + 1]);
        }
    }

    private void begin() {
        freshCount = 0;
        oldCount = 0;
        isFull = false;
    }

    private int end(int pointer) {
        if (!isFull) {
            return pointer;
        }
        for (int i = 0; i < freshCount; i += 2) {
            allocator.free(fresh[i], fresh[i + 1]);
        }
        return FULL;
    }

    private int put(int depth, int pointer, long key, long rest, int length, int leaf) {
        Node node = nodes[depth].load(blocks, pointer, depth == 0);
        retire(pointer, node);
        int same = Math.min(length, Long.numberOfLeadingZeros(key ^ node.skippedBits));
        if (same < node.skipped) {
            split(depth, same / 6 * 6);
        }
        long nextKey = Fib.next(key, rest, node.skipped);
        long nextRest = rest << node.skipped;
        int left = length - node.skipped;
        if (left < 6) {
            node.prefix(Node.bit(nextKey, left), leaf);
            return store(node);
        }
        int v = (int) (nextKey >>> 58);
        int child = node.child(v);
        long childKey = Fib.next(nextKey, nextRest, 6);
        int changed =
                child == 0
                        ? branch(depth + 1, -1, childKey, nextRest << 6, left - 6, leaf)
                        : put(depth + 1, child, childKey, nextRest << 6, left - 6, leaf);
        node.child(v, changed);
        return store(node);
    }

    /** Splits a node's skipped bits after {@code count} bits, where another branch joins. */
    private void split(int depth, int count) {
        Node upper = nodes[depth];
        Node lower = nodes[depth + 1].clear();
        lower.children = upper.children;
        lower.prefixes = upper.prefixes;
        System.arraycopy(upper.slots, 0, lower.slots, 0, upper.slotCount());
        lower.skip(upper.skippedBits << count + 6, upper.skipped - count - 6);
        int v = (int) (upper.skippedBits << count >>> 58);
        int pointer = store(lower);
        upper.children = 0;
        upper.prefixes = 0;
        upper.skip(upper.skippedBits, count);
        upper.child(v, pointer);
    }

    /** A new branch with one prefix; {@code inherited} is -1 below the top. */
    private int branch(int depth, int inherited, long key, long rest, int length, int leaf) {
        int skipped = Math.min(length / 6 * 6, MAX_SKIPPED);
        int left = length - skipped;
        long nextKey = Fib.next(key, rest, skipped);
        long nextRest = rest << skipped;
        int child =
                left < 6
                        ? 0
                        : branch(
                                depth + 1,
                                -1,
                                Fib.next(nextKey, nextRest, 6),
                                nextRest << 6,
                                left - 6,
                                leaf);
        Node node = nodes[depth].clear();
        node.isTop = inherited >= 0;
        node.inherited = Math.max(inherited, 0);
        node.skip(key, skipped);
        if (left < 6) {
            node.prefix(Node.bit(nextKey, left), leaf);
        } else {
            node.child((int) (nextKey >>> 58), child);
        }
        return store(node);
    }

    /** Writes the changed block; 0 if nothing is left of it. */
    private int remove(int depth, int pointer, long key, long rest, int length) {
        Node node = nodes[depth].load(blocks, pointer, depth == 0);
        retire(pointer, node);
        long nextKey = Fib.next(key, rest, node.skipped);
        long nextRest = rest << node.skipped;
        int left = length - node.skipped;
        if (left < 6) {
            node.removePrefix(Node.bit(nextKey, left));
        } else {
            int v = (int) (nextKey >>> 58);
            long childKey = Fib.next(nextKey, nextRest, 6);
            node.child(v, remove(depth + 1, node.child(v), childKey, nextRest << 6, left - 6));
        }
        if (node.slotCount() == 0) {
            return 0;
        }
        if (node.prefixes == 0 && Long.bitCount(node.children) == 1 && !isFull) {
            return join(depth);
        }
        return store(node);
    }

    /** Skips a node that only links to its one child, if the skipped bits are not too many. */
    private int join(int depth) {
        Node upper = nodes[depth];
        int pointer = upper.slots[0];
        Node lower = nodes[depth + 1].load(blocks, pointer, false);
        int sum = upper.skipped + 6 + lower.skipped;
        if (sum > MAX_SKIPPED) {
            return store(upper);
        }
        retire(pointer, lower);
        long v = Long.numberOfTrailingZeros(upper.children);
        lower.skip(
                upper.skippedBits
                        | v << 58 - upper.skipped
                        | lower.skippedBits >>> upper.skipped + 6,
                sum);
        lower.isTop = upper.isTop;
        lower.inherited = upper.inherited;
        return store(lower);
    }

    private int store(Node node) {
        int units = Blocks.units(node.sizeBytes());
        int unit = isFull ? -1 : allocator.allocate(units);
        if (unit < 0) {
            isFull = true;
            // Any pointer will do: this operation publishes nothing.
            return Fib.BLOCK;
        }
        fresh[freshCount++] = unit;
        fresh[freshCount++] = units;
        return node.store(blocks, unit);
    }

    private void retire(int pointer, Node node) {
        int unit = pointer & Fib.UNITS;
        int units = Blocks.units(node.sizeBytes());
        for (int i = 0; i < freshCount; i += 2) {
            if (fresh[i] == unit) {
                allocator.free(unit, units);
                fresh[i] = fresh[freshCount - 2];
                fresh[i + 1] = fresh[freshCount - 1];
                freshCount -= 2;
                return;
            }
        }
        old[oldCount++] = unit;
        old[oldCount++] = units;
    }

    private long address(int pointer) {
        return blocks + ((long) (pointer & Fib.UNITS) << 4);
    }
}
