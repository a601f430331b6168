package floof.tables;

import java.util.BitSet;

/** Allocates numbers of a fixed range. Thread: the writer's. */
final class Indices {

    private final BitSet taken = new BitSet();
    private final int first;
    private final int capacity;
    private int count;

    /**
     * @param first lower numbers are never allocated
     */
    Indices(int first, int capacity) {
        this.first = first;
        this.capacity = capacity;
    }

    int count() {
        return count;
    }

    int capacity() {
        return capacity - first;
    }

    boolean isTaken(int index) {
        return taken.get(index);
    }

    /** The lowest free number, or -1. */
    int take() {
        int index = taken.nextClearBit(first);
        if (index >= capacity) {
            return -1;
        }
        take(index);
        return index;
    }

    void take(int index) {
        if (!taken.get(index)) {
            taken.set(index);
            count++;
        }
    }

    void giveBack(int index) {
        if (taken.get(index)) {
            taken.clear(index);
            count--;
        }
    }
}
