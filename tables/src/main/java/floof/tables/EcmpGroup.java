package floof.tables;

import floof.memory.Memory;

/**
 * A set of equal-cost next hops: 320 bytes, native order.
 *
 * <pre>
 *  0 u32 1 = in use
 * 64 64 buckets, u32 index of an adjacency; a member has buckets in proportion to its weight
 * </pre>
 *
 * A group never changes: a route whose set changes gets another group. Its adjacencies change in
 * place.
 */
public final class EcmpGroup {

    static final int SIZE_BYTES = 320;

    /** Also the largest number of members. */
    public static final int BUCKETS = 64;

    static final int BUCKETS_AT = 64;

    private EcmpGroup() {}

    /** Adjacency index for a flow hash whose low bits are well mixed. */
    public static int pick(long address, int hash) {
        return Memory.getInt(address + BUCKETS_AT + ((hash & BUCKETS - 1) << 2));
    }
}
