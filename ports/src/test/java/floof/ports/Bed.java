package floof.ports;

import com.sun.management.ThreadMXBean;
import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.linux.Mapping;
import floof.memory.Memory;
import floof.memory.Region;
import floof.testkit.Netns;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one test stands on: namespaces, buffers and ports, gone when it is closed. Needs root. */
final class Bed implements AutoCloseable {

    /** Two pairs of MACs, then the ethertype for local experiments (IEEE 802). */
    static final byte[] ETHERNET = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, (byte) 0x88, (byte) 0xb5};

    private final List<Netns> namespaces = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private final List<Region> regions = new ArrayList<>();

    /** A namespace whose devices are silent until they are given an address. */
    Path namespace() {
        Netns netns = new Netns().silent();
        namespaces.add(netns);
        return netns.path();
    }

    BufferPool pool(int buffers) {
        Mapping mapping = Mapping.anonymous("test buffers", (long) buffers * Packet.BUFFER_BYTES);
        mappings.add(mapping);
        Region region = new Region("test buffers", mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        regions.add(region);
        return new BufferPool(region, buffers);
    }

    /** The memory of the pool made last. */
    Region buffers() {
        return regions.getLast();
    }

    /** Remembers a port, to be closed at the end. */
    <P extends Port> P keep(P port) {
        ports.add(port);
        return port;
    }

    /** Remembers a port of one worker. */
    Solo solo(Port port) {
        return new Solo(keep(port));
    }

    /** A packet of one buffer or more with these bytes and a header that says nothing. */
    static long packet(BufferPool pool, byte... bytes) {
        long packet = 0;
        long last = 0;
        for (int at = 0; at < bytes.length; at += Packet.DATA_BYTES) {
            long segment = pool.take();
            int length = Math.min(Packet.DATA_BYTES, bytes.length - at);
            Memory.copy(bytes, at, Packet.data(segment), length);
            Packet.setSegment(segment, length, 0);
            if (packet == 0) {
                packet = segment;
            } else {
                Packet.setSegment(last, Packet.segmentLength(last), segment);
            }
            last = segment;
        }
        Packet.setChain(packet, bytes.length, Chain.buffers(bytes.length));
        Memory.fill(packet + Packet.VIRTIO, 12, (byte) 0);
        return packet;
    }

    /** All bytes of a packet. */
    static byte[] bytes(long packet) {
        byte[] bytes = new byte[Packet.length(packet)];
        int at = 0;
        long segment = packet;
        do {
            Memory.copy(Packet.data(segment), bytes, at, Packet.segmentLength(segment));
            at += Packet.segmentLength(segment);
            segment = Packet.next(segment);
        } while (segment != 0);
        if (at != bytes.length) {
            throw new AssertionError(at + " bytes in a chain of " + bytes.length);
        }
        return bytes;
    }

    /** The packet's virtio_net_hdr. */
    static byte[] header(long packet) {
        byte[] header = new byte[12];
        Memory.copy(packet + Packet.VIRTIO, header, 0, 12);
        return header;
    }

    /** Receives until that many packets came, also for want of a buffer, or ten seconds went. */
    static void receive(PortEnd port, Frame frame, int count) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        long without = port.counter(PortCounter.RX_NO_BUFFER);
        while (frame.count + port.counter(PortCounter.RX_NO_BUFFER) - without < count
                && deadlineNs - System.nanoTime() > 0) {
            port.receive(frame, count - frame.count);
        }
    }

    /** Bytes this thread allocates in a run once the JVM, which may, has compiled all of it. */
    static long allocated(Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = -1;
        for (int attempt = 0; attempt < 5 && allocated != 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            run.run();
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        return allocated;
    }

    @Override
    public void close() {
        ports.forEach(Port::close);
        regions.forEach(Memory::remove);
        mappings.forEach(Mapping::unmap);
        namespaces.forEach(Netns::close);
    }
}
