package floof.tables;

import floof.memory.Memory;

/**
 * A copy of a trie block on the heap, to be read, changed and written again; layout in {@link Fib}.
 */
final class Node {

    /** Whether a root's entry points to it: it then has a header even if it skips nothing. */
    boolean isTop;

    long skippedBits;
    int skipped;
    int inherited;
    long children;
    long prefixes;

    /** Children's pointers, then leaves. */
    final int[] slots = new int[64 + 63];

    Node clear() {
        isTop = false;
        skippedBits = 0;
        skipped = 0;
        inherited = 0;
        children = 0;
        prefixes = 0;
        return this;
    }

    Node load(long blocks, int pointer, boolean top) {
        long at = blocks + ((long) (pointer & Fib.UNITS) << 4);
        isTop = top;
        if ((pointer & Fib.SINGLE) != 0) {
            return loadSingle(at);
        }
        if ((pointer & Fib.SKIP) != 0) {
            skippedBits = Memory.getLong(at);
            skipped = Memory.getInt(at + Fib.SKIPPED);
            inherited = Memory.getInt(at + Fib.INHERITED);
            at += Fib.TOP_BYTES;
        } else {
            skippedBits = 0;
            skipped = 0;
            inherited = 0;
        }
        children = Memory.getLong(at);
        prefixes = Memory.getLong(at + Fib.PREFIXES);
        int count = slotCount();
        for (int i = 0; i < count; i++) {
            slots[i] = Memory.getInt(at + Fib.SLOTS + 4L * i);
        }
        return this;
    }

    private Node loadSingle(long at) {
        long bits = Memory.getLong(at);
        int length = (int) bits & Fib.SINGLE_LENGTH;
        skip(bits, length / 6 * 6);
        inherited = Memory.getInt(at + Fib.INHERITED);
        children = 0;
        prefixes = 1L << bit(bits << skipped, length - skipped);
        slots[0] = Memory.getInt(at + Fib.SINGLE_LEAF);
        return this;
    }

    private boolean hasHeader() {
        return isTop || skipped != 0;
    }

    /** Whether it is one route alone, near enough. */
    private boolean isSingle() {
        return children == 0
                && Long.bitCount(prefixes) == 1
                && skipped + prefixLength() <= Fib.SINGLE_BITS;
    }

    /** Length of the one prefix. */
    private int prefixLength() {
        int bit = Long.numberOfTrailingZeros(prefixes);
        return 31 - Integer.numberOfLeadingZeros(bit);
    }

    int slotCount() {
        return Long.bitCount(children) + Long.bitCount(prefixes);
    }

    int sizeBytes() {
        if (isSingle()) {
            return Fib.SINGLE_BYTES;
        }
        return (hasHeader() ? Fib.TOP_BYTES : 0) + Fib.SLOTS + 4 * slotCount();
    }

    /** Writes to an allocated block; returns the pointer to it. */
    int store(long blocks, int unit) {
        long at = blocks + ((long) unit << 4);
        int pointer = Fib.BLOCK | unit;
        if (isSingle()) {
            storeSingle(at);
            return pointer | Fib.SINGLE;
        }
        if (hasHeader()) {
            pointer |= Fib.SKIP;
            Memory.putLong(at, skippedBits);
            Memory.putInt(at + Fib.SKIPPED, skipped);
            Memory.putInt(at + Fib.INHERITED, inherited);
            at += Fib.TOP_BYTES;
        }
        Memory.putLong(at, children);
        Memory.putLong(at + Fib.PREFIXES, prefixes);
        int count = slotCount();
        for (int i = 0; i < count; i++) {
            Memory.putInt(at + Fib.SLOTS + 4L * i, slots[i]);
        }
        return pointer;
    }

    private void storeSingle(long at) {
        int length = prefixLength();
        long x = Long.numberOfTrailingZeros(prefixes) - (1L << length);
        long bits = length == 0 ? 0 : x << 64 - length >>> skipped;
        Memory.putLong(at, skippedBits | bits | skipped + length);
        Memory.putInt(at + Fib.SINGLE_LEAF, slots[0]);
        Memory.putInt(at + Fib.INHERITED, inherited);
    }

    /** The first {@code count} skipped bits; the rest is clear. */
    void skip(long bits, int count) {
        skippedBits = count == 0 ? 0 : bits & -1L << 64 - count;
        skipped = count;
    }

    private int childSlot(int v) {
        return Long.bitCount(children & (1L << v) - 1);
    }

    private int leafSlot(int bit) {
        return Long.bitCount(children) + Long.bitCount(prefixes & (1L << bit) - 1);
    }

    /** Pointer of the child, or 0. */
    int child(int v) {
        return (children >>> v & 1) == 0 ? 0 : slots[childSlot(v)];
    }

    /** Sets a child's pointer; 0 removes it. */
    void child(int v, int pointer) {
        int slot = childSlot(v);
        boolean has = (children >>> v & 1) != 0;
        if (pointer == 0 && has) {
            close(slot);
            children &= ~(1L << v);
        } else if (pointer != 0) {
            if (!has) {
                open(slot);
                children |= 1L << v;
            }
            slots[slot] = pointer;
        }
    }

    /** Sets the leaf of a prefix bit. */
    void prefix(int bit, int leaf) {
        int slot = leafSlot(bit);
        if ((prefixes >>> bit & 1) == 0) {
            open(slot);
            prefixes |= 1L << bit;
        }
        slots[slot] = leaf;
    }

    void removePrefix(int bit) {
        if ((prefixes >>> bit & 1) != 0) {
            close(leafSlot(bit));
            prefixes &= ~(1L << bit);
        }
    }

    private void open(int slot) {
        System.arraycopy(slots, slot, slots, slot + 1, slotCount() - slot);
    }

    private void close(int slot) {
        System.arraycopy(slots, slot + 1, slots, slot, slotCount() - slot - 1);
    }

    /** The bit of a prefix of {@code length} bits, 0..5, that begins {@code key}. */
    static int bit(long key, int length) {
        return 1 << length | (int) (key >>> 1 >>> 63 - length);
    }
}
