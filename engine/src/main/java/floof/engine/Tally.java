package floof.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of numbers that one thread changes and any other may read. Readers never see torn values,
 * and see changes eventually. It orders nothing else.
 */
public final class Tally {

    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values;

    public Tally(int size) {
        values = new long[size];
    }

    /** Thread: the one that changes. */
    public void add(int index, long amount) {
        put(index, values[index] + amount);
    }

    /** Thread: the one that changes. */
    public void put(int index, long value) {
        VALUES.setOpaque(values, index, value);
    }

    /** Sets all to 0. Thread: the one that changes. */
    public void clear() {
        for (int i = 0; i < values.length; i++) {
            put(i, 0);
        }
    }

    /** Thread: any. */
    public long get(int index) {
        return (long) VALUES.getOpaque(values, index);
    }
}
