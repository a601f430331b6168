package floof.ports;

import floof.engine.BufferPool;
import floof.engine.Packet;
import floof.memory.Memory;

/** Copies contiguous frames into chains of buffers. */
final class Chain {

    /** Shortest frame: an Ethernet header. */
    static final int FRAME_BYTES_MIN = 14;

    private Chain() {}

    /** Buffers that a frame of this length takes. */
    static int buffers(int lengthBytes) {
        return (lengthBytes + Packet.DATA_BYTES - 1) / Packet.DATA_BYTES;
    }

    static boolean fits(int lengthBytes) {
        return lengthBytes >= FRAME_BYTES_MIN && lengthBytes <= Packet.FRAME_BYTES_MAX;
    }

    /**
     * Fills a packet with a frame; the pool must have enough buffers for the rest of the frame.
     *
     * @param packet its first buffer
     * @param present bytes of the frame that are already there
     * @param source the others
     * @param lengthBytes of the whole frame
     */
    static void fill(BufferPool pool, long packet, int present, long source, int lengthBytes) {
        int first = Math.min(lengthBytes, Packet.DATA_BYTES);
        Memory.copy(source, Packet.data(packet) + present, first - present);
        if (first == lengthBytes) {
            Packet.setLength(packet, lengthBytes);
            return;
        }
        int segments = 1;
        long last = packet;
        int lastLength = first;
        long from = source + first - present;
        int left = lengthBytes - first;
        while (left > 0) {
            long segment = pool.take();
            Packet.setSegment(last, lastLength, segment);
            last = segment;
            lastLength = Math.min(left, Packet.DATA_BYTES);
            Memory.copy(from, Packet.data(segment), lastLength);
            from += lastLength;
            left -= lastLength;
            segments++;
        }
        Packet.setSegment(last, lastLength, 0);
        Packet.setChain(packet, lengthBytes, segments);
    }
}
