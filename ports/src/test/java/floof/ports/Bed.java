package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.linux.Mapping;
import floof.linux.net.Tap;
import floof.linux.system.NetworkNamespace;
import floof.memory.Memory;
import floof.memory.Region;
import floof.testkit.Netns;
import floof.testkit.Packets;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What one test stands on: namespaces, buffers and ports, gone when it is closed. Needs root. */
final class Bed implements AutoCloseable {

    /** The MAC of nobody here. */
    static final long STATION = 0x02_00_00_00_00_01L;

    /** A header with the ethertype for local experiments (IEEE 802). */
    static final byte[] ETHERNET = Packets.ethernet(STATION, 0x88b5, new byte[0]);

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

    /** A namespace with a veth pair, {@code one} and {@code other}. */
    Path pair() {
        Path namespace = namespace();
        Netns.join(namespace, "one", namespace, "other");
        return namespace;
    }

    /** A TAP that is opened, or made, in a namespace. */
    static TapPort tap(
            int index, String name, Path namespace, String device, List<BufferPool> pools) {
        Tap tap = NetworkNamespace.call(namespace, () -> Tap.open(device));
        return new TapPort(index, name, tap, pools);
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

    /** A frame for somebody else, with random bytes behind its addresses. */
    static byte[] frame(Random random, int lengthBytes) {
        byte[] bytes = Packets.noise(random, lengthBytes);
        System.arraycopy(ETHERNET, 0, bytes, 0, Math.min(14, lengthBytes));
        return bytes;
    }

    /** Sends frames in one burst; how many the port accepted. */
    static int send(PortEnd port, BufferPool pool, byte[]... frames) {
        long[] packets = new long[frames.length];
        for (int i = 0; i < frames.length; i++) {
            packets[i] = packet(pool, frames[i]);
        }
        return port.transmit(packets, packets.length);
    }

    /** 256 frames of different lengths, sent at once, come as they were and in this order. */
    static void assertCarriesABurst(
            PortEnd sender, BufferPool senders, PortEnd receiver, Frame frame) {
        Random random = new Random(7);
        byte[][] frames = new byte[256][];
        Arrays.setAll(frames, i -> frame(random, 100 + i));
        assertThat(send(sender, senders, frames)).isEqualTo(frames.length);
        receive(receiver, frame, frames.length);
        assertThat(frame.count).isEqualTo(frames.length);
        for (int i = 0; i < frames.length; i++) {
            assertThat(bytes(frame.packets[i])).isEqualTo(frames[i]);
        }
    }

    /** The packet is the plain frame, without a trace of the one that had its buffer before. */
    static void assertUnchanged(long packet, byte[] bytes) {
        assertThat(bytes(packet)).isEqualTo(bytes);
        assertThat(header(packet)).containsOnly(0);
        assertThat(Packet.hash(packet)).isZero();
        Packet.setHash(packet, 99); // must not be seen by the next one
    }

    /** Sends a burst of one frame of 60 bytes and receives it, without allocating anything. */
    static void exchange(
            PortEnd sender,
            BufferPool senders,
            long[] burst,
            int size,
            byte[] bytes,
            PortEnd receiver,
            Frame frame) {
        for (int i = 0; i < size; i++) {
            burst[i] = senders.take();
            Memory.copy(bytes, 0, Packet.data(burst[i]), 60);
            Packet.setLength(burst[i], 60);
            Memory.fill(burst[i] + Packet.VIRTIO, 12, (byte) 0);
        }
        sender.transmit(burst, size);
        while (receiver.receive(frame, 256 - frame.count) != 0) {
            // The whole burst, then once nothing.
        }
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

    /**
     * A virtio_net_hdr of a frame whose checksum is still to be finished.
     *
     * @param type of its segmentation, 0 for none
     * @param headerBytes before the data
     * @param size of the data of a segment
     * @param start of what the checksum is about
     * @param offset of the checksum behind that
     */
    static byte[] header(int type, int headerBytes, int size, int start, int offset) {
        ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        header.put((byte) 1).put((byte) type).putShort((short) headerBytes).putShort((short) size);
        return header.putShort((short) start).putShort((short) offset).array();
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

    /** Reads nothing so often that what is done only now and then is compiled, too. */
    static void idle(PortEnd end, Frame frame) {
        for (int i = 0; i < 2_000_000; i++) {
            end.receive(frame, 1);
        }
    }

    /** Runs until the JVM has surely compiled all, however busy the machine is. */
    private static final int ATTEMPTS_MAX = 50;

    /** Bytes this thread allocates in a run once the JVM, which may, has compiled all of it. */
    static long allocated(Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = -1;
        for (int attempt = 0; attempt < ATTEMPTS_MAX && allocated != 0; attempt++) {
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
