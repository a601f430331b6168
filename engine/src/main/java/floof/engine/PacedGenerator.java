package floof.engine;

import java.util.List;

/**
 * A port without a device whose packets come at a rate, as from a wire: they wait in a ring, and
 * what comes while that is full is lost and counted. What is sent is counted and forgotten. One
 * worker receives.
 *
 * <p>Thread: any; each end its worker's.
 */
public final class PacedGenerator implements Port {

    /** Packets come as fast as they are taken. */
    public static final long UNPACED = 0;

    private final int index;
    private final Traffic traffic;
    private final End[] ends;

    /**
     * @param perSecond packets; {@link #UNPACED}
     * @param ringPackets that wait at most
     * @param traffic becomes the port's; with no packets it only sends
     * @param pools of the workers
     */
    public PacedGenerator(
            int index, long perSecond, int ringPackets, Traffic traffic, List<BufferPool> pools) {
        this.index = index;
        this.traffic = traffic;
        ends = new End[pools.size()];
        for (int i = 0; i < ends.length; i++) {
            boolean isReceiving = traffic.count() != 0 && i == index % ends.length;
            Generator generator = new Generator(index, pools.get(i), traffic);
            ends[i] = new End(generator, isReceiving, perSecond, ringPackets);
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String name() {
        return "generator-" + index;
    }

    @Override
    public PortEnd end(int worker) {
        return ends[worker];
    }

    @Override
    public long counter(PortCounter counter) {
        long sum = 0;
        for (End end : ends) {
            sum += end.counter(counter);
        }
        return sum;
    }

    @Override
    public void close() {
        traffic.close();
    }

    private static final class End implements PortEnd {

        private final Generator generator;
        private final boolean isReceiving;
        private final double perNs;
        private final int ringPackets;
        private long startNs;
        private long taken;
        private volatile long missed;

        End(Generator generator, boolean isReceiving, long perSecond, int ringPackets) {
            this.generator = generator;
            this.isReceiving = isReceiving;
            this.perNs = perSecond / 1e9;
            this.ringPackets = ringPackets;
        }

        @Override
        public int index() {
            return generator.index();
        }

        @Override
        public void attached() {
            startNs = System.nanoTime();
        }

        @Override
        public boolean isReceiving() {
            return isReceiving;
        }

        @Override
        public int receive(Frame frame, int max) {
            if (perNs == UNPACED) {
                return generator.receive(frame, max);
            }
            long come = (long) ((System.nanoTime() - startNs) * perNs);
            long waiting = come - taken - missed;
            if (waiting > ringPackets) {
                missed += waiting - ringPackets;
                waiting = ringPackets;
            }
            int received = generator.receive(frame, (int) Math.min(max, waiting));
            taken += received;
            return received;
        }

        @Override
        public int transmit(long[] packets, int count) {
            return generator.transmit(packets, count);
        }

        @Override
        public int descriptor() {
            return -1;
        }

        @Override
        public long counter(PortCounter counter) {
            return counter == PortCounter.RX_MISSED ? missed : generator.counter(counter);
        }
    }
}
