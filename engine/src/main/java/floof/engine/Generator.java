package floof.engine;

import floof.memory.Memory;
import floof.memory.Region;
import java.util.List;

/**
 * A port without a device: it receives copies of given frames in turn, each really written into a
 * recycled buffer, and counts and forgets what it is told to send. For measuring and warming up.
 *
 * <p>Thread: its worker; {@link #counter} any.
 */
public final class Generator implements Port, PortEnd {

    private final int index;
    private final BufferPool pool;
    private final long[] patterns;
    private final int[] lengths;
    private final long[] counters = new long[PortCounter.values().length];
    private final Region region;
    private int next;

    /**
     * @param frames each of one buffer at most
     */
    public Generator(int index, BufferPool pool, List<byte[]> frames) {
        this.index = index;
        this.pool = pool;
        patterns = new long[frames.size()];
        lengths = new int[frames.size()];
        region = Memory.allocate("frames of generator " + index, 64L + frames.size() * 2048L, 64);
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            if (frame.length > Packet.DATA_BYTES) {
                throw new IllegalArgumentException(
                        "frame of " + frame.length + " bytes; at most " + Packet.DATA_BYTES);
            }
            patterns[i] = region.address() + i * 2048L;
            lengths[i] = frame.length;
            Memory.copy(frame, 0, patterns[i], frame.length);
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
        return this;
    }

    @Override
    public int receive(Frame frame, int max) {
        long[] packets = frame.packets;
        int from = frame.count;
        int count = pool.take(packets, from, max);
        long bytes = 0;
        for (int i = from; i < from + count; i++) {
            long packet = packets[i];
            int length = lengths[next];
            write(packet, patterns[next], length);
            bytes += length;
            next = next + 1 == patterns.length ? 0 : next + 1;
        }
        frame.count = from + count;
        counters[PortCounter.RX_PACKETS.ordinal()] += count;
        counters[PortCounter.RX_BYTES.ordinal()] += bytes;
        counters[PortCounter.RX_NO_BUFFER.ordinal()] += max - count;
        return count;
    }

    private void write(long packet, long pattern, int length) {
        Packet.clearMetadata(packet);
        Packet.setPort(packet, index);
        Packet.setLength(packet, length);
        VirtioNet.clear(packet + Packet.VIRTIO);
        long data = Packet.data(packet);
        for (int at = 0; at < length; at += Long.BYTES) {
            Memory.putLong(data + at, Memory.getLong(pattern + at));
        }
    }

    @Override
    public int transmit(long[] packets, int count) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += Packet.length(packets[i]);
        }
        counters[PortCounter.TX_PACKETS.ordinal()] += count;
        counters[PortCounter.TX_BYTES.ordinal()] += bytes;
        pool.give(packets, count);
        return count;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public long counter(PortCounter counter) {
        return counters[counter.ordinal()];
    }

    @Override
    public void close() {
        Memory.remove(region);
    }
}
