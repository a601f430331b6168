package floof.engine;

import floof.memory.Memory;
import floof.memory.Region;

/** A pool of a test, gone when it is closed. */
final class Buffers implements AutoCloseable {

    final Region region;
    final BufferPool pool;

    Buffers(int count) {
        region = Memory.allocate("test buffers", (long) count * Packet.BUFFER_BYTES, 64);
        pool = new BufferPool(region, count);
    }

    /** A packet of a chain of this many buffers, each with 10 bytes. */
    long chain(int segments) {
        long first = pool.take();
        long last = first;
        for (int i = 1; i < segments; i++) {
            long next = pool.take();
            Packet.setSegment(last, 10, next);
            last = next;
        }
        Packet.setSegment(last, 10, 0);
        Packet.setChain(first, 10 * segments, segments);
        return first;
    }

    @Override
    public void close() {
        Memory.remove(region);
    }
}
