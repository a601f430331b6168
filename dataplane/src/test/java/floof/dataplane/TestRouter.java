package floof.dataplane;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.HandOver;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.engine.Trace;
import floof.engine.VirtioNet;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.Adjacency;
import floof.tables.Counters;
import floof.tables.Interface;
import floof.tables.Limits;
import floof.tables.Space;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The whole graph with real tables, and two ports whose far side is the test:
 *
 * <pre>
 *   port 0 "ge-0" 192.0.2.1/24 2001:db8:1::1/64      port 1 "ge-1" 198.51.100.1/24 2001:db8:2::1/64
 *   203.0.113.0/24, 2001:db8:3::/64 via a neighbour at ge-1
 * </pre>
 */
final class TestRouter implements AutoCloseable {

    static final MacAddress MAC0 = MacAddress.parse("02:00:00:00:00:01");
    static final MacAddress MAC1 = MacAddress.parse("02:00:00:00:00:02");
    static final MacAddress NEIGHBOUR = MacAddress.parse("02:00:00:00:00:03");
    static final int BUFFERS = 2048;

    final TableWriter writer;
    final Tables tables;
    final BufferPool pool;
    final CycleClock clock = new CycleClock();
    final Trace trace = new Trace(new PacketText());
    final TableView view;
    final Graph graph;
    final PortTable ports = new PortTable();
    final TestPort[] devices;
    final TestPort[] twins;
    final int[] interfaces = new int[2];
    final int[] gleans = new int[2];
    final int adjacency;

    /** Memory of routers that were closed: clearing it is far cheaper than fresh pages. */
    private static final Deque<Region> SHARED = new ConcurrentLinkedDeque<>();

    private static final Deque<Region> BUFFER_MEMORY = new ConcurrentLinkedDeque<>();
    private final Region shared;
    private final Region buffers;

    TestRouter() {
        this(HandOver.alone());
    }

    /**
     * @param handOver of the worker whose graph this is
     */
    TestRouter(HandOver handOver) {
        shared = memory(SHARED, "tables", Tables.fileBytes(Limits.SMALL), 2 << 20);
        buffers = memory(BUFFER_MEMORY, "buffers", (long) BUFFERS * Packet.BUFFER_BYTES, 64);
        try {
            writer = TableWriter.open(shared, Limits.SMALL, Space.PRESENT, () -> false);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        tables = writer.tables();
        pool = new BufferPool(buffers, BUFFERS);
        view = new TableView(tables, 0);
        graph = ForwardingGraph.build(view, ports, pool, clock, trace, handOver);
        devices = new TestPort[] {new TestPort(0), new TestPort(1)};
        twins = new TestPort[] {new TestPort(0), new TestPort(1)};
        for (int i = 0; i < 2; i++) {
            ports.attachDevice(devices[i]);
            ports.attachTwin(twins[i]);
            interfaces[i] = writer.addInterface(0, 10 + i);
            up(i, true);
            gleans[i] = writer.addAdjacency(interfaces[i], 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        }
        adjacency = writer.addAdjacency(interfaces[1], 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        writer.forward(adjacency, NEIGHBOUR, MAC1, 1, 1500);
        route("192.0.2.0/24", gleans[0]);
        route("2001:db8:1::/64", gleans[0]);
        route("198.51.100.0/24", gleans[1]);
        route("2001:db8:2::/64", gleans[1]);
        route("192.0.2.1/32", Adjacency.LOCAL);
        route("2001:db8:1::1/128", Adjacency.LOCAL);
        route("203.0.113.0/24", adjacency);
        route("2001:db8:3::/64", adjacency);
        clock.nowNs = 1;
    }

    private static Region memory(Deque<Region> used, String name, long sizeBytes, int alignBytes) {
        Region region = used.poll();
        if (region == null) {
            return Memory.allocate(name, sizeBytes, alignBytes);
        }
        Memory.add(region);
        Memory.fill(region.address(), sizeBytes, (byte) 0);
        return region;
    }

    void up(int port, boolean up) {
        writer.setInterface(
                interfaces[port],
                "ge-" + port,
                port == 0 ? MAC0 : MAC1,
                1500,
                up ? Interface.UP | Interface.RUNNING : 0,
                port);
    }

    /** A neighbour that Linux has resolved on a port. */
    void neighbour(int port, String address) {
        IpAddress ip = IpAddress.parse(address);
        int index = writer.addAdjacency(interfaces[port], 0, ip, Reason.NEIGHBOUR_UNRESOLVED);
        writer.forward(index, NEIGHBOUR, port == 0 ? MAC0 : MAC1, port, 1500);
        route(Prefix.host(ip).toString(), index);
    }

    void route(String prefix, int leaf) {
        var outcome = writer.putRoute(0, Prefix.parse(prefix), 1, leaf, 0);
        if (outcome != floof.tables.Outcome.DONE) {
            throw new IllegalStateException(prefix + ": " + outcome);
        }
    }

    /**
     * Puts frames into ethernet-input as if port {@code port} had received them, and runs the
     * graph.
     */
    void receive(int port, List<byte[]> frames) {
        Frame input = graph.pending(graph.indexOf(ForwardingGraph.DEVICE_INPUT));
        for (byte[] bytes : frames) {
            input.add(packet(port, bytes));
        }
        graph.run();
    }

    void receive(int port, byte[]... frames) {
        receive(port, List.of(frames));
    }

    /** A packet with these bytes, chained as a driver does it. */
    long packet(int port, byte[] bytes) {
        long first = pool.take();
        Packet.received(first, port);
        VirtioNet.clear(first + Packet.VIRTIO);
        long segment = first;
        int segments = 1;
        int done = 0;
        while (true) {
            int size = Math.min(Packet.DATA_BYTES, bytes.length - done);
            Memory.copy(bytes, done, Packet.data(segment), size);
            done += size;
            long next = done < bytes.length ? pool.take() : 0;
            Packet.setSegment(segment, size, next);
            if (next == 0) {
                break;
            }
            segment = next;
            segments++;
        }
        Packet.setChain(first, bytes.length, segments);
        return first;
    }

    long count(Reason reason) {
        return Counters.reasonTotal(tables, reason, Counters.PASSED);
    }

    long policed(Reason reason) {
        return Counters.reasonTotal(tables, reason, Counters.POLICED);
    }

    /**
     * Received at all interfaces, less what was sent, excepted, policed and dropped: nothing, by
     * the reasons as by the interfaces. Interface 0 counts what comes by a port without one.
     */
    long unaccounted() {
        long in = total(Counters.RX_PACKETS) + total(Counters.FROM_LINUX);
        long sent = total(Counters.TX_PACKETS);
        long left = 0;
        for (Reason reason : Reason.values()) {
            left += count(reason) + policed(reason);
            long dropped = reason.isDrop() ? count(reason) : policed(reason);
            if (dropped
                    != drops(0, reason)
                            + drops(interfaces[0], reason)
                            + drops(interfaces[1], reason)) {
                throw new AssertionError(
                        reason + " dropped " + dropped + ", another number by interfaces");
            }
        }
        if (left != total(Counters.EXCEPTED) + total(Counters.DROPPED)) {
            throw new AssertionError(
                    "reasons count "
                            + left
                            + ", interfaces "
                            + total(Counters.EXCEPTED)
                            + " excepted, "
                            + total(Counters.DROPPED)
                            + " dropped");
        }
        return in - sent - left;
    }

    /** What an interface discarded for a reason. */
    long drops(int index, Reason reason) {
        return Counters.dropTotal(tables, index, reason);
    }

    private long total(int counter) {
        return Counters.interfaceTotal(tables, 0, counter)
                + Counters.interfaceTotal(tables, interfaces[0], counter)
                + Counters.interfaceTotal(tables, interfaces[1], counter);
    }

    @Override
    public void close() {
        Memory.remove(shared);
        Memory.remove(buffers);
        SHARED.add(shared);
        BUFFER_MEMORY.add(buffers);
    }

    /** Keeps what it is told to send. */
    final class TestPort implements PortEnd {
        final int index;
        final List<byte[]> sent = new ArrayList<>();
        int room = Integer.MAX_VALUE;
        private long txBytes;
        private long txPackets;

        TestPort(int index) {
            this.index = index;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public int receive(Frame frame, int max) {
            return 0;
        }

        @Override
        public int transmit(long[] packets, int count) {
            int taken = Math.min(count, room);
            for (int i = 0; i < count; i++) {
                if (i < taken) {
                    sent.add(bytes(packets[i]));
                    txPackets++;
                    txBytes += Packet.length(packets[i]);
                }
                pool.give(packets[i]);
            }
            return taken;
        }

        @Override
        public long counter(PortCounter counter) {
            return switch (counter) {
                case TX_PACKETS -> txPackets;
                case TX_BYTES -> txBytes;
                default -> 0;
            };
        }
    }

    private static byte[] bytes(long packet) {
        byte[] bytes = new byte[Packet.length(packet)];
        int done = 0;
        for (long segment = packet; segment != 0; segment = Packet.next(segment)) {
            int size = Packet.segmentLength(segment);
            Memory.copy(Packet.data(segment), bytes, done, size);
            done += size;
        }
        return bytes;
    }
}
