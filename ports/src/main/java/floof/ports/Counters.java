package floof.ports;

import floof.engine.PortCounter;
import floof.engine.PortEnd;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a port counts. Thread: one adds, any reads. */
final class Counters {

    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values = new long[PortCounter.values().length];

    void add(PortCounter counter, long count) {
        int index = counter.ordinal();
        VALUES.setOpaque(values, index, values[index] + count);
    }

    /** Of all ends of a port. */
    static long sum(PortEnd[] ends, PortCounter counter) {
        long sum = 0;
        for (PortEnd end : ends) {
            sum += end.counter(counter);
        }
        return sum;
    }

    long get(PortCounter counter) {
        return (long) VALUES.getOpaque(values, counter.ordinal());
    }
}
