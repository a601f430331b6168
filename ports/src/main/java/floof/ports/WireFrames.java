package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.VirtioNet;
import floof.memory.Memory;

/**
 * Prepares the graph's frames for a device without offload: completes partial checksums and
 * segments large frames (docs/decisions/002). Other frames pass unchanged.
 *
 * <p>Thread: the port's worker.
 */
final class WireFrames {

    /** The device below: called once per burst. */
    @FunctionalInterface
    interface Sender {
        /**
         * Sends packets and disposes of their buffers, sent or not.
         *
         * @return how many the device accepted, from the first on
         */
        int send(long[] packets, int count);
    }

    private final BufferPool pool;
    private final Counters counters;
    private final Sender sender;
    private final Segmenter segmenter;

    // The burst under construction, and which of its packets end a frame of the graph.
    private final long[] burst = new long[Frame.SIZE];
    private final boolean[] isLast = new boolean[Frame.SIZE];
    private int used;
    private int lost;

    WireFrames(BufferPool pool, Counters counters, Sender sender) {
        this.pool = pool;
        this.counters = counters;
        this.sender = sender;
        this.segmenter = new Segmenter(pool);
    }

    /**
     * Sends packets.
     *
     * @return how many of them the device accepted; each counts once, however many packets it
     *     became
     */
    int transmit(long[] packets, int count) {
        for (int i = 0; i < count; i++) {
            if (!VirtioNet.isWhole(packets[i] + Packet.VIRTIO)) {
                return transmitWithWork(packets, count);
            }
        }
        return sender.send(packets, count);
    }

    private int transmitWithWork(long[] packets, int count) {
        lost = 0;
        for (int i = 0; i < count; i++) {
            long packet = packets[i];
            long header = packet + Packet.VIRTIO;
            if (VirtioNet.gsoType(header) != VirtioNet.GSO_NONE) {
                cut(packet);
            } else if ((VirtioNet.flags(header) & VirtioNet.NEEDS_CSUM) == 0) {
                add(packet, true);
            } else if (finish(packet, header)) {
                counters.add(PortCounter.TX_FINISHED, 1);
                add(packet, true);
            } else {
                refuse(packet, PortCounter.TX_UNFIT);
            }
        }
        flush();
        return count - lost;
    }

    /** Like skb_checksum_help (net/core/dev.c): sums from the given start to the frame's end. */
    private static boolean finish(long packet, long header) {
        int start = VirtioNet.checksumStart(header);
        int field = start + VirtioNet.checksumOffset(header);
        if (field + Short.BYTES > Packet.segmentLength(packet)) {
            return false;
        }
        long sum = Checksum.sum(packet, start, Packet.length(packet) - start);
        Memory.putShort(Packet.data(packet) + field, Checksum.finish(sum));
        VirtioNet.clear(header);
        return true;
    }

    private void cut(long packet) {
        if (!segmenter.begin(packet)) {
            refuse(packet, PortCounter.TX_UNFIT);
            return;
        }
        long next = take();
        while (next > 0) {
            long following = take();
            add(next, following == Segmenter.DONE);
            next = following;
        }
        if (next == Segmenter.DONE) {
            counters.add(PortCounter.TX_CUT, 1);
            pool.give(packet);
        } else {
            refuse(packet, PortCounter.TX_FULL);
        }
    }

    /**
     * The next packet of the frame. If no buffer is free, sends the waiting burst first, which may
     * free some.
     */
    private long take() {
        long packet = segmenter.next();
        if (packet == Segmenter.NO_BUFFER) {
            flush();
            packet = segmenter.next();
        }
        return packet;
    }

    private void refuse(long packet, PortCounter why) {
        counters.add(why, 1);
        lost++;
        pool.give(packet);
    }

    private void add(long packet, boolean endsFrame) {
        burst[used] = packet;
        isLast[used] = endsFrame;
        if (++used == Frame.SIZE) {
            flush();
        }
    }

    private void flush() {
        int count = used;
        used = 0;
        if (count == 0) {
            return;
        }
        int taken = sender.send(burst, count);
        for (int i = taken; i < count; i++) {
            lost += isLast[i] ? 1 : 0;
        }
    }
}
