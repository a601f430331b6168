package floof.tables;

import java.util.Arrays;

/**
 * Allocates blocks of the tries' memory in units of 16 bytes. All its state is on the heap. A new
 * writer derives it from the blocks that the tries use, so nothing leaks when a writer dies.
 *
 * <p>A freed block goes to the list of its exact size. An allocation takes a block from there, from
 * untouched memory, or from a larger free block. If that fails, it joins neighbouring free blocks
 * and tries once more. Sizes run from 1 to {@link #MAX_UNITS} units, so by Robson's bound for first
 * fit (JACM 18, 1971) no more than 1 + log2(34) / 2 = 3.6 times the live bytes can ever be needed;
 * the tests measure what real tables waste. Joining is a pass over all free memory. It only runs if
 * at least a 4096th of the memory was freed since the last pass.
 *
 * <p>Thread: the writer's.
 */
final class Blocks {

    /** A top block with 64 children and 63 prefixes. */
    static final int MAX_UNITS = units(Fib.TOP_BYTES + Fib.SLOTS + 4 * (64 + 63));

    private final int capacityUnits;
    private final int[][] free = new int[MAX_UNITS + 1][16];
    private final int[] freeCount = new int[MAX_UNITS + 1];

    /** Untouched or joined runs longer than a block: start and end, alternating. */
    private int[] runs = new int[16];

    private int runsCount;
    private int runStart;
    private int runEnd;
    private int freeUnits;
    private long freedUnits;

    Blocks(long sizeBytes) {
        capacityUnits = Math.toIntExact(Math.min(sizeBytes / Fib.UNIT_BYTES, Fib.UNITS));
        runEnd = capacityUnits;
        freeUnits = capacityUnits;
    }

    static int units(int sizeBytes) {
        return sizeBytes + Fib.UNIT_BYTES - 1 >> 4;
    }

    /**
     * Reserve that new routes must not use, so that routes can still be removed: the longest path
     * at its widest, plus a 64th.
     */
    int reservedUnits() {
        return Math.max(24 * MAX_UNITS, capacityUnits >> 6);
    }

    int capacityUnits() {
        return capacityUnits;
    }

    int usedUnits() {
        return capacityUnits - freeUnits;
    }

    /** First unit of a new block, or -1 if none fits. */
    int allocate(int units) {
        int unit = take(units);
        if (unit < 0 && freedUnits > capacityUnits >> 12) {
            join();
            unit = take(units);
        }
        if (unit >= 0) {
            freeUnits -= units;
        }
        return unit;
    }

    void free(int unit, int units) {
        freeUnits += units;
        freedUnits += units;
        push(unit, units);
    }

    private int take(int units) {
        if (freeCount[units] > 0) {
            return free[units][--freeCount[units]];
        }
        while (runEnd - runStart < units) {
            keep(runStart, runEnd - runStart);
            if (runsCount == 0) {
                runStart = 0;
                runEnd = 0;
                return split(units);
            }
            runEnd = runs[--runsCount];
            runStart = runs[--runsCount];
        }
        runStart += units;
        return runStart - units;
    }

    private int split(int units) {
        for (int larger = units + 1; larger <= MAX_UNITS; larger++) {
            if (freeCount[larger] > 0) {
                int unit = free[larger][--freeCount[larger]];
                keep(unit + units, larger - units);
                return unit;
            }
        }
        return -1;
    }

    private void keep(int unit, int units) {
        if (units > 0) {
            push(unit, units);
        }
    }

    private void push(int unit, int units) {
        if (freeCount[units] == free[units].length) {
            free[units] = Arrays.copyOf(free[units], 2 * freeCount[units]);
        }
        free[units][freeCount[units]++] = unit;
    }

    private void join() {
        long[] bitmap = new long[capacityUnits + 63 >> 6];
        Arrays.fill(bitmap, -1);
        for (int units = 1; units <= MAX_UNITS; units++) {
            for (int i = 0; i < freeCount[units]; i++) {
                clear(bitmap, free[units][i], units);
            }
        }
        for (int i = 0; i < runsCount; i += 2) {
            clear(bitmap, runs[i], runs[i + 1] - runs[i]);
        }
        clear(bitmap, runStart, runEnd - runStart);
        rebuild(bitmap);
    }

    /** Sets the bits of a block in a bitmap of units. */
    static void set(long[] bitmap, int unit, int units) {
        for (int i = unit; i < unit + units; i++) {
            bitmap[i >> 6] |= 1L << i;
        }
    }

    private static void clear(long[] bitmap, int unit, int units) {
        for (int i = unit; i < unit + units; i++) {
            bitmap[i >> 6] &= ~(1L << i);
        }
    }

    /** Makes exactly the units free whose bits are clear. */
    void rebuild(long[] used) {
        Arrays.fill(freeCount, 0);
        runsCount = 0;
        runStart = 0;
        runEnd = 0;
        freeUnits = 0;
        freedUnits = 0;
        int unit = 0;
        while (unit < capacityUnits) {
            int start = next(used, unit, false);
            int end = next(used, start, true);
            if (end > start) {
                freeUnits += end - start;
                addRun(start, end);
            }
            unit = end;
        }
    }

    private void addRun(int start, int end) {
        if (end - start <= MAX_UNITS) {
            push(start, end - start);
            return;
        }
        if (runsCount + 2 > runs.length) {
            runs = Arrays.copyOf(runs, 2 * runs.length);
        }
        runs[runsCount++] = start;
        runs[runsCount++] = end;
    }

    /** The first unit from {@code from} whose bit is {@code value}, or the capacity. */
    private int next(long[] bitmap, int from, boolean value) {
        int unit = from;
        while (unit < capacityUnits) {
            long word = (value ? bitmap[unit >> 6] : ~bitmap[unit >> 6]) >>> unit;
            if (word != 0) {
                return Math.min(capacityUnits, unit + Long.numberOfTrailingZeros(word));
            }
            unit = (unit | 63) + 1;
        }
        return capacityUnits;
    }
}
