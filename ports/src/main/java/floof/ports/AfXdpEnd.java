package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.PortCounter;
import floof.linux.xdp.XdpSocket;
import floof.memory.Region;
import java.util.List;

/**
 * A worker's part of an AF_XDP port: some of the device's queues; the first one also sends.
 *
 * <p>Thread: its worker; {@link #counter} any.
 */
final class AfXdpEnd extends SharedPort.End {

    private final AfXdpQueue[] queues;
    private final WireFrames frames;
    private int last;

    /**
     * @param sockets one at least
     * @param buffers memory of the pool
     */
    AfXdpEnd(
            int index,
            String name,
            List<XdpSocket> sockets,
            Region buffers,
            BufferPool pool,
            boolean isRepairing) {
        super(index);
        queues = new AfXdpQueue[sockets.size()];
        for (int i = 0; i < queues.length; i++) {
            XdpSocket socket = sockets.get(i);
            queues[i] = new AfXdpQueue(index, name, socket, buffers, pool, counters, isRepairing);
        }
        frames = new WireFrames(pool, counters, queues[0]::send);
    }

    @Override
    public int descriptor() {
        return descriptors()[0];
    }

    @Override
    public int[] descriptors() {
        int[] all = new int[queues.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = queues[i].socket().fd().number();
        }
        return all;
    }

    @Override
    public int receive(Frame frame, int max) {
        int count = 0;
        for (int i = 0; i < queues.length && count < max; i++) {
            last = last + 1 >= queues.length ? 0 : last + 1;
            count += queues[last].receive(frame, max - count);
        }
        return count;
    }

    @Override
    public int transmit(long[] packets, int count) {
        return frames.transmit(packets, count);
    }

    @Override
    public long counter(PortCounter counter) {
        if (counter != PortCounter.RX_MISSED) {
            return counters.get(counter);
        }
        long missed = 0;
        for (AfXdpQueue queue : queues) {
            XdpSocket.Statistics statistics = queue.socket().statistics();
            missed += statistics.dropped() + statistics.receiveRingFull();
        }
        return missed;
    }

    /** Thread: any, after the worker has released it. */
    void close() {
        for (AfXdpQueue queue : queues) {
            queue.close();
        }
    }

    @Override
    public void closed() {
        for (AfXdpQueue queue : queues) {
            queue.giveBack();
        }
    }
}
