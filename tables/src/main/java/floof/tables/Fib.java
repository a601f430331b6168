package floof.tables;

import floof.memory.Memory;

/**
 * One forwarding table: a directly indexed root, then a trie with a fan-out of 64 in which runs of
 * single branches are skipped. The key is 128 bits; an IPv4 address is its first 32.
 *
 * <pre>
 * FIB record, 128 bytes (inside {@link Vrf}):
 *  0 i64 distance from this record to the root     8 i64 distance to the blocks
 * 16 u32 shift: the root's index is the key's first 32 (IPv4) or 64 (IPv6) bits shifted right by it
 * 20 u32 leaf of the default route, 0 = none
 * 24 u32 bits of the root's index                 28 u32 routes
 * 64 root of every VRF but the default: 16 (IPv4) or 2 (IPv6) entries
 *
 * entry, u32: a leaf (0 = none), or with bit 31 the number of a block, in units of 16 bytes
 *
 * top block, which an entry points to; also where levels are skipped (bit 30 of the pointer):
 *  0 u64 skipped bits of the key, left-aligned     8 u32 how many, 0..60, a multiple of 6
 * 12 u32 in a top block, the leaf that the root's entry had, 0 = none
 * 16     node
 * single block (bit 29 of the pointer), a node of one route of at most 58 further bits and no children:
 *  0 u64 those bits, left-aligned, and how many in the lowest six
 *  8 u32 leaf                                     12 u32 as in a top block
 * node:
 *  0 u64 children: bit v is set when key bits v (of six) have a child
 *  8 u64 prefixes: bit (1 &lt;&lt; l | x) is set when the prefix of l bits x (l 0..5) has a route
 * 16     u32 pointers of the children in order of v, then u32 leaves in order of the bits
 * </pre>
 *
 * Longest match: the answer is in the last node on the path that has a prefix of the key, else it
 * is the top block's leaf, else the default. Leaves are not pushed down, so a route of any length
 * changes one node below the root or a range of the root.
 *
 * <p>Blocks never change, except for their leaves. A change rebuilds the blocks from the changed
 * node up to the root's entry, publishes them by one release store of that entry, and reclaims the
 * old ones when all readers have passed. A lookup therefore sees the table as it was at one moment
 * between its beginning and its end. The default leaf is read last: if it is removed just when a
 * more specific route is added, one packet may miss both.
 */
final class Fib {

    static final int SIZE_BYTES = 128;
    static final int ROOT = 0;
    static final int BLOCKS = 8;
    static final int SHIFT = 16;
    static final int DEFAULT = 20;
    static final int BITS = 24;
    static final int ROUTES = 28;
    static final int INLINE_ROOT = 64;

    /**
     * 4 + 6 k is 22 and 28: a /24 and a /32 end inside a node, not at the edge to a further one.
     */
    static final int IP4_INLINE_BITS = 4;

    /** 1 + 6 k is 31, 43, 61, 127: the same for /32, /48, /64 and /128. */
    static final int IP6_INLINE_BITS = 1;

    static final int ROUTE_BYTES = 32;

    static final int BLOCK = 0x8000_0000;
    static final int SKIP = 0x4000_0000;
    static final int SINGLE = 0x2000_0000;
    static final int UNITS = 0x1fff_ffff;
    static final int UNIT_BYTES = 16;

    static final int SKIPPED = 8;
    static final int INHERITED = 12;
    static final int TOP_BYTES = 16;
    static final int SINGLE_BYTES = 16;
    static final int SINGLE_BITS = 58;
    static final int SINGLE_LENGTH = 63;
    static final int SINGLE_LEAF = 8;
    static final int PREFIXES = 8;
    static final int SLOTS = 16;

    /** {@code MATCH[v]}: the bits of {@code prefixes} that contain the six key bits v. */
    static final long[] MATCH = new long[64];

    static {
        for (int v = 0; v < 64; v++) {
            for (int length = 0; length < 6; length++) {
                MATCH[v] |= 1L << (1 << length | v >>> 6 - length);
            }
        }
    }

    private Fib() {}

    /** As the other one, for a key alone. */
    static int below(long fib, int entry, long high, long low) {
        long blocks = fib + Memory.getLong(fib + BLOCKS);
        return below(blocks, Memory.getInt(fib + BITS), entry, high, low);
    }

    /**
     * The answer of the trie below a root's entry that points to a block: a leaf or 0. Serves both
     * families. Most paths end in the block or in a single block below it, so these two steps are
     * straight code and only further steps are a loop.
     *
     * @param blocks their address
     * @param bits of the root's index
     * @param high first 64 bits of the key
     * @param low the rest
     */
    static int below(long blocks, int bits, int entry, long high, long low) {
        // The next 64 bits of the key.
        long key = high << bits | low >>> -bits;
        long block = blocks + ((long) (entry & UNITS) << 4);
        long first = Memory.getLong(block);
        if ((entry & SINGLE) != 0) {
            return Memory.getIntOpaque(block + (isIn(key, first) ? SINGLE_LEAF : INHERITED));
        }
        int skipped = Memory.getInt(block + SKIPPED);
        if (differ(key, first, skipped)) {
            return Memory.getIntOpaque(block + INHERITED);
        }
        key = next(key, low << bits, skipped);
        long rest = low << bits << skipped;
        long node = block + TOP_BYTES;
        long children = Memory.getLong(node);
        int v = (int) (key >>> 58);
        long upTo = upTo(children, v);
        if (upTo < 0) {
            int pointer = child(node, upTo);
            key = next(key, rest, 6);
            if ((pointer & SINGLE) == 0) {
                return deeper(blocks, pointer, key, rest << 6, block, v);
            }
            long alone = blocks + ((long) (pointer & UNITS) << 4);
            if (isIn(key, Memory.getLong(alone))) {
                return Memory.getIntOpaque(alone + SINGLE_LEAF);
            }
        }
        return topLeaf(block, v);
    }

    /** The leaf of the longest prefix in a top block alone, or the inherited one. */
    private static int topLeaf(long top, int v) {
        long node = top + TOP_BYTES;
        long match = Memory.getLong(node + PREFIXES) & MATCH[v];
        return match == 0 ? Memory.getIntOpaque(top + INHERITED) : leafOf(node, match);
    }

    /**
     * Like {@link #below}, from the second block on.
     *
     * @param top the first block, and the six bits of the key there: the answer if no longer prefix
     *     matches
     */
    private static int deeper(long blocks, int from, long nextBits, long after, long top, int v0) {
        int pointer = from;
        long key = nextBits;
        long rest = after;
        long bestNode = 0;
        long bestMatch = 0;
        while (true) {
            long block = blocks + ((long) (pointer & UNITS) << 4);
            if ((pointer & SINGLE) != 0) {
                if (isIn(key, Memory.getLong(block))) {
                    return Memory.getIntOpaque(block + SINGLE_LEAF);
                }
                break;
            }
            if ((pointer & SKIP) != 0) {
                int skipped = Memory.getInt(block + SKIPPED);
                if (differ(key, Memory.getLong(block), skipped)) {
                    break;
                }
                key = next(key, rest, skipped);
                rest <<= skipped;
                block += TOP_BYTES;
            }
            long children = Memory.getLong(block);
            int v = (int) (key >>> 58);
            long here = Memory.getLong(block + PREFIXES) & MATCH[v];
            if (here != 0) {
                bestNode = block;
                bestMatch = here;
            }
            long upTo = upTo(children, v);
            if (upTo >= 0) {
                break;
            }
            pointer = child(block, upTo);
            key = next(key, rest, 6);
            rest <<= 6;
        }
        return bestNode == 0 ? topLeaf(top, v0) : leafOf(bestNode, bestMatch);
    }

    /** A node's children up to {@code v}, left-aligned: negative when {@code v} is one of them. */
    static long upTo(long children, int v) {
        return children << ~v; // by 63 - v
    }

    /**
     * The pointer of the last of a node's children {@link #upTo} some six bits of a key;
     * meaningless if there is none.
     */
    static int child(long node, long upTo) {
        return Memory.getInt(node + SLOTS - 4 + ((long) Long.bitCount(upTo) << 2));
    }

    /** Whether a key matches the bits in a single block's first eight bytes. */
    static boolean isIn(long key, long bits) {
        return !differ(key, bits, (int) bits & SINGLE_LENGTH);
    }

    /** The 64 bits of a key that follow the next {@code count} bits, 0..60. */
    static long next(long key, long rest, int count) {
        return key << count | rest >>> 1 >>> ~count; // by 64 - count, also for 0
    }

    /** Whether two keys differ within their first bits. */
    static boolean differ(long a, long b, int bits) {
        // By 64 - bits, also for 0.
        return (a ^ b) >>> 1 >>> ~bits != 0;
    }

    /** The leaf of the longest prefix among {@code match}: the one of the highest bit. */
    private static int leafOf(long node, long match) {
        long shorter = Memory.getLong(node + PREFIXES) & Long.highestOneBit(match) - 1;
        int slot = Long.bitCount(Memory.getLong(node)) + Long.bitCount(shorter);
        return Memory.getIntOpaque(node + SLOTS + ((long) slot << 2));
    }
}
