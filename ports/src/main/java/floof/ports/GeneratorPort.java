package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Generator;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.engine.Traffic;
import floof.linux.EventFd;
import java.util.List;

/**
 * The packet generator: a port without a device whose packets arrive at a rate, as from a wire.
 * They may wait in a ring; packets that arrive while it is full are lost and counted. Sent packets
 * are counted and discarded. One worker receives.
 *
 * <p>Thread: each end its worker's.
 */
public final class GeneratorPort extends SharedPort implements PacketSource {

    /**
     * How packets arrive.
     *
     * @param count how many in all; 0 = endlessly
     * @param perSecond how many per second; 0 = as fast as they are received
     * @param ringPackets most packets that wait; 0 = any number
     */
    public record Pace(long count, long perSecond, int ringPackets) {}

    private final int worker;
    private final Traffic traffic;

    /** Readable while packets are still to arrive. */
    private final EventFd ready;

    private volatile boolean isStarted;
    private long startNs;

    /**
     * @param traffic owned by the port; if it is empty, the port only sends
     * @param pools of the workers
     */
    public GeneratorPort(
            int index, String name, Pace pace, Traffic traffic, List<BufferPool> pools) {
        super(index, name, pools.size());
        this.traffic = traffic;
        ready = new EventFd("packets of " + name);
        worker = index % pools.size();
        for (int i = 0; i < pools.size(); i++) {
            boolean isReceiving = traffic.count() != 0 && i == worker;
            end(i, new End(new Generator(index, pools.get(i), traffic), pace, isReceiving));
        }
    }

    @Override
    public boolean isWaiting() {
        return traffic.count() != 0 && !isStarted;
    }

    @Override
    public int worker() {
        return worker;
    }

    @Override
    public void start() {
        startNs = System.nanoTime();
        isStarted = true;
        ready.signal();
    }

    @Override
    public void close() {
        ready.close();
        traffic.close();
    }

    private final class End implements PortEnd {

        private final Generator generator;
        private final boolean isReceiving;
        private final double perNs;
        private final long ringPackets;
        private long left;
        private long taken;
        private volatile long missed;

        End(Generator generator, Pace pace, boolean isReceiving) {
            this.generator = generator;
            this.isReceiving = isReceiving;
            perNs = pace.perSecond() / 1e9;
            ringPackets = pace.ringPackets() == 0 ? Long.MAX_VALUE : pace.ringPackets();
            left = pace.count() == 0 ? Long.MAX_VALUE : pace.count();
        }

        @Override
        public int index() {
            return GeneratorPort.this.index();
        }

        @Override
        public boolean isReceiving() {
            return isReceiving;
        }

        @Override
        public int receive(Frame frame, int max) {
            if (!isStarted) {
                return 0;
            }
            int due = (int) Math.min(left, perNs == 0 ? max : due(max));
            if (due == 0) {
                return 0;
            }
            // Packets without a free buffer are lost, as at a device, and counted by the generator.
            taken += due;
            left -= due;
            if (left == 0) {
                ready.drain();
            }
            return generator.receive(frame, due);
        }

        /** Packets that wait, at most {@code max}. */
        private long due(int max) {
            long come = (long) ((System.nanoTime() - startNs) * perNs);
            long waiting = come - taken - missed;
            if (waiting > ringPackets) {
                missed += waiting - ringPackets;
                waiting = ringPackets;
            }
            return Math.min(max, waiting);
        }

        @Override
        public int transmit(long[] packets, int count) {
            return generator.transmit(packets, count);
        }

        @Override
        public int descriptor() {
            return ready.fd().number();
        }

        @Override
        public long counter(PortCounter counter) {
            return counter == PortCounter.RX_MISSED ? missed : generator.counter(counter);
        }
    }
}
