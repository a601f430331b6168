package floof.engine;

import floof.memory.Memory;
import java.util.List;

/**
 * A port without a device. It receives the packets of some {@link Traffic} in turn, each written
 * into a recycled buffer; it counts and discards packets to be sent. For measurements and warm-up.
 *
 * <p>Thread: its worker; {@link #counter} any.
 */
public final class Generator implements Port, PortEnd {

    private final int index;
    private final BufferPool pool;
    private final Traffic traffic;
    private final Tally counters = new Tally(PortCounter.values().length);
    private int next;

    /**
     * @param frames each of one buffer at most
     */
    public Generator(int index, BufferPool pool, List<byte[]> frames) {
        this(index, pool, Traffic.of(frames));
    }

    public Generator(int index, BufferPool pool, Traffic traffic) {
        this.index = index;
        this.pool = pool;
        this.traffic = traffic;
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
        int from = frame.count;
        int count = pool.take(frame.packets, from, max);
        frame.count = from + count;
        long bytes = write(frame.packets, from, count);
        counters.add(PortCounter.RX_PACKETS.ordinal(), count);
        counters.add(PortCounter.RX_BYTES.ordinal(), bytes);
        counters.add(PortCounter.RX_NO_BUFFER.ordinal(), max - count);
        return count;
    }

    /**
     * Writes the next packets into buffers already taken, over their former content: the
     * generator's own part of {@link #receive}, to be measured alone.
     */
    public void rewrite(Frame frame) {
        write(frame.packets, 0, frame.count);
    }

    /** The next packet's number in the traffic. */
    public int next() {
        return next;
    }

    private long write(long[] packets, int from, int count) {
        return traffic.wordsEach == 0
                ? writeFrames(packets, from, count)
                : writeVaried(packets, from, count);
    }

    private long writeFrames(long[] packets, int from, int count) {
        long bytes = 0;
        for (int i = from; i < from + count; i++) {
            int length = traffic.length(next);
            write(packets[i], traffic.frame(next), length);
            bytes += length;
            next = next + 1 == traffic.count ? 0 : next + 1;
        }
        return bytes;
    }

    private long writeVaried(long[] packets, int from, int count) {
        long frame = traffic.frame(0);
        int length = traffic.length(0);
        int at = traffic.wordsAt;
        int each = traffic.wordsEach;
        for (int i = from; i < from + count; i++) {
            long data = write(packets[i], frame, length) + at;
            long words = traffic.words(next);
            for (int word = 0; word < each; word++) {
                long offset = (long) word * Long.BYTES;
                Memory.putLong(data + offset, Memory.getLong(words + offset));
            }
            next = next + 1 == traffic.count ? 0 : next + 1;
        }
        return (long) count * length;
    }

    private long write(long packet, long pattern, int length) {
        Packet.received(packet, index);
        Packet.setLength(packet, length);
        VirtioNet.clear(packet + Packet.VIRTIO);
        long data = Packet.data(packet);
        for (int at = 0; at < length; at += Long.BYTES) {
            Memory.putLong(data + at, Memory.getLong(pattern + at));
        }
        return data;
    }

    @Override
    public int transmit(long[] packets, int count) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += Packet.length(packets[i]);
        }
        counters.add(PortCounter.TX_PACKETS.ordinal(), count);
        counters.add(PortCounter.TX_BYTES.ordinal(), bytes);
        pool.give(packets, count);
        return count;
    }

    @Override
    public long counter(PortCounter counter) {
        return counters.get(counter.ordinal());
    }

    @Override
    public void close() {
        traffic.close();
    }
}
