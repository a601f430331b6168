package floof.ports;

import floof.engine.PortCounter;
import floof.engine.Tally;

/** The counters of a port. Thread: one adds, any reads. */
final class Counters {

    private final Tally values = new Tally(PortCounter.values().length);

    void add(PortCounter counter, long count) {
        values.add(counter.ordinal(), count);
    }

    long get(PortCounter counter) {
        return values.get(counter.ordinal());
    }
}
