package floof.ports;

import floof.engine.PortCounter;
import floof.engine.Tally;

/** The counters of a port. Thread: one adds, any reads. */
final class Counters {

    private final Tally values = new Tally(PortCounter.values().length);

    void add(PortCounter counter, long count) {
        values.add(counter.ordinal(), count);
    }

    void received(int packets, long bytes) {
        add(PortCounter.RX_PACKETS, packets);
        add(PortCounter.RX_BYTES, bytes);
    }

    void sent(int packets, long bytes) {
        add(PortCounter.TX_PACKETS, packets);
        add(PortCounter.TX_BYTES, bytes);
    }

    long get(PortCounter counter) {
        return values.get(counter.ordinal());
    }
}
