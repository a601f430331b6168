package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.VirtioNet;
import floof.memory.Memory;
import floof.memory.Region;
import java.nio.ByteBuffer;

/**
 * Frames in memory that a file port hands to the graph one after another, as often and as fast as
 * requested.
 *
 * <pre>
 * a frame: 0 u32 length   4 bytes   then to the next multiple of 8
 * </pre>
 *
 * <p>Thread: filled by any; then its worker.
 */
final class Replay implements AutoCloseable {

    private static final int LENGTH_BYTES = 4;

    private final Region region;
    private long end;
    private int count;
    private long left;
    private long at;
    private double perNs;
    private long startNs;
    private long replayed;

    /**
     * @param sizeBytes of all frames together, plus 16 for each
     */
    Replay(String name, long sizeBytes) {
        region = Memory.allocate(name, sizeBytes + 8, 8);
        end = region.address();
        at = end;
    }

    void add(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        Memory.putInt(end, bytes.length);
        Memory.copy(bytes, 0, end + LENGTH_BYTES, bytes.length);
        end += LENGTH_BYTES + bytes.length + 7 & ~7L;
        count++;
    }

    /** The number of frames. */
    int size() {
        return count;
    }

    /**
     * Sets how often to replay.
     *
     * @param frames in all; 0 = endlessly
     * @param perSecond most per second; 0 = as fast as they are received
     */
    void limit(long frames, double perSecond) {
        left = count == 0 ? 0 : frames == 0 ? Long.MAX_VALUE : frames;
        perNs = perSecond / 1e9;
    }

    boolean isDone() {
        return left == 0;
    }

    /** Appends the frames that are due; returns their number. */
    int receive(Frame frame, int max, int port, BufferPool pool, Counters counters) {
        int due = (int) Math.min(left, due(max));
        long bytes = 0;
        int taken = 0;
        while (taken < due) {
            int length = Memory.getInt(at);
            if (!pool.has(Chain.buffers(length))) {
                counters.add(PortCounter.RX_NO_BUFFER, 1); // retried later
                break;
            }
            long packet = pool.take();
            Packet.received(packet, port);
            VirtioNet.clear(packet + Packet.VIRTIO);
            Chain.fill(pool, packet, 0, at + LENGTH_BYTES, length);
            frame.add(packet);
            bytes += length;
            taken++;
            at += LENGTH_BYTES + length + 7 & ~7L;
            at = at == end ? region.address() : at;
        }
        left -= taken;
        replayed += taken;
        counters.received(taken, bytes);
        return taken;
    }

    private long due(int max) {
        if (perNs == 0) {
            return max;
        }
        long nowNs = System.nanoTime();
        startNs = replayed == 0 && startNs == 0 ? nowNs : startNs;
        return Math.min(max, (long) ((nowNs - startNs) * perNs) + 1 - replayed);
    }

    @Override
    public void close() {
        Memory.remove(region);
    }
}
