package floof.ports;

import floof.engine.Packet;
import floof.memory.Memory;

/**
 * The client's region: the ring to the server, the ring from it, then a buffer for each descriptor
 * of both, in that order.
 */
final class MemifBuffers {

    static final int BUFFER_BYTES = Packet.DATA_BYTES;

    /**
     * An odd number of cache lines, so that the packets' first lines spread over all cache sets.
     */
    private static final int STRIDE_BYTES = BUFFER_BYTES + 64;

    private static final long HUGE_PAGE = 2 << 20;

    private MemifBuffers() {}

    /** Offset of the ring to the server (0) or from it (1). */
    static long ringOffset(int direction, int size) {
        return direction * MemifRing.sizeBytes(size);
    }

    /**
     * @param slot index over both rings, those to the server first
     */
    static long bufferOffset(int slot, int size) {
        return 2 * MemifRing.sizeBytes(size) + (long) slot * STRIDE_BYTES;
    }

    /** Size of the region, in whole huge pages. */
    static long sizeBytes(int size) {
        return (bufferOffset(2 * size, size) + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    }

    /** Writes a descriptor of the ring from the server: an empty buffer. */
    static void offer(MemifRing ring, int count, int size) {
        long descriptor = ring.descriptor(count);
        int slot = size + (count & size - 1);
        Memory.putLong(descriptor, MemifRing.word(0, 0, BUFFER_BYTES));
        Memory.putLong(descriptor + MemifRing.OFFSET, bufferOffset(slot, size));
    }

    /** Writes both rings in their initial state. */
    static void initialise(MemifRing toServer, MemifRing fromServer) {
        int size = toServer.size();
        toServer.initialise();
        fromServer.initialise();
        for (int i = 0; i < size; i++) {
            long descriptor = toServer.descriptor(i);
            Memory.putLong(descriptor, MemifRing.word(0, 0, BUFFER_BYTES));
            Memory.putLong(descriptor + MemifRing.OFFSET, bufferOffset(i, size));
            offer(fromServer, i, size);
        }
    }
}
