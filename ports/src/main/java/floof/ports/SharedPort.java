package floof.ports;

import floof.engine.ElsewhereEnd;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import java.util.Arrays;

/** A port shared by the workers, each of which has its own end. Thread: any but a worker's. */
abstract class SharedPort implements Port {

    private final int index;
    private final String name;
    private final PortEnd[] ends;

    /** The subclass sets the end of each worker. */
    SharedPort(int index, String name, int workers) {
        this.index = index;
        this.name = name;
        this.ends = new PortEnd[workers];
    }

    final void end(int worker, PortEnd end) {
        ends[worker] = end;
    }

    /** Sets the ends of a port that only one worker may use. */
    final void onlyEnd(int worker, PortEnd end) {
        Arrays.fill(ends, new ElsewhereEnd(index, worker));
        ends[worker] = end;
    }

    @Override
    public final int index() {
        return index;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final PortEnd end(int worker) {
        return ends[worker];
    }

    @Override
    public long counter(PortCounter counter) {
        long sum = 0;
        for (PortEnd end : ends) {
            sum += end.counter(counter);
        }
        return sum;
    }

    /** A worker's end of such a port, with its counters. Thread: its worker; counters any. */
    abstract static class End implements PortEnd {
        final int index;
        final Counters counters = new Counters();

        End(int index) {
            this.index = index;
        }

        @Override
        public final int index() {
            return index;
        }

        @Override
        public long counter(PortCounter counter) {
            return counters.get(counter);
        }
    }
}
