package floof.dataplane;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Frame;
import floof.engine.Generator;
import floof.engine.Graph;
import floof.engine.HandOver;
import floof.engine.PortCounter;
import floof.engine.Trace;
import floof.engine.Traffic;
import floof.memory.Region;
import floof.tables.Adjacency;
import floof.tables.Interface;
import floof.tables.LayoutException;
import floof.tables.Limits;
import floof.tables.Outcome;
import floof.tables.Space;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole graph with tables of its own and no device: frames come from a generator at port 0 and
 * leave by one at port 1. It warms the compiler up before real ports are attached, and is what the
 * benchmark measures.
 *
 * <pre>
 *   port 0: 192.0.2.1/24, 2001:db8:1::1/64     port 1: 198.51.100.1/24, 2001:db8:2::1/64
 *   203.0.113.0/24 and 2001:db8:3::/64 by a neighbour at port 1
 * </pre>
 *
 * <p>Thread: one.
 */
public final class Rehearsal implements AutoCloseable {

    /** Tables just large enough. */
    public static final Limits LIMITS = new Limits(64, 64, 256 << 10, 32, 4, 4, 4, 1, 1, 8, 8);

    /** Two frames full. */
    public static final int BUFFERS = 2 * Frame.SIZE;

    /** MAC of port 0, to which frames are addressed. */
    public static final MacAddress ROUTER = MacAddress.parse("02:00:00:00:00:01");

    /** MAC of port 1, from which frames leave. */
    public static final MacAddress ROUTER_OUT = MacAddress.parse("02:00:00:00:00:02");

    /** MAC of the next hop at port 1. */
    public static final MacAddress NEIGHBOUR = MacAddress.parse("02:00:00:00:00:03");

    private static final int MTU = 1500;

    private final TableWriter writer;
    private final TableView view;
    private final CycleClock clock = new CycleClock();
    private final BufferPool pool;
    private final Graph graph;
    private final Generator input;
    private final Generator output;
    private final Generator twin;
    private final int inputNode;
    private final int adjacency;

    /**
     * @param memory for the tables, zeroed, of {@link Tables#fileBytes} for the limits
     * @param buffers for {@link #BUFFERS} packets
     * @param frames what the generator sends, in turn
     */
    public Rehearsal(Region memory, Limits limits, Region buffers, List<byte[]> frames)
            throws IOException, LayoutException {
        this(memory, limits, buffers, BUFFERS, Traffic.of(frames));
    }

    /**
     * @param memory for the tables, zeroed, of {@link Tables#fileBytes} for the limits
     * @param buffers for {@code bufferCount} packets
     * @param traffic what the generator sends; closed with this
     */
    public Rehearsal(Region memory, Limits limits, Region buffers, int bufferCount, Traffic traffic)
            throws IOException, LayoutException {
        writer = TableWriter.open(memory, limits, PRESENT, () -> false);
        pool = new BufferPool(buffers, bufferCount);
        input = new Generator(0, pool, traffic);
        output = new Generator(1, pool, List.of());
        twin = new Generator(0, pool, List.of());
        PortTable ports = new PortTable();
        ports.attachDevice(output);
        ports.attachTwin(twin);
        view = new TableView(writer.tables(), 0);
        graph =
                ForwardingGraph.build(
                        view, ports, pool, clock, new Trace(new PacketText()), HandOver.alone());
        inputNode = graph.indexOf(ForwardingGraph.DEVICE_INPUT);
        addInterface(0, ROUTER);
        int out = addInterface(1, ROUTER_OUT);
        adjacency = writer.addAdjacency(out, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        writer.forward(adjacency, NEIGHBOUR, ROUTER_OUT, 1, MTU);
        int glean = writer.addAdjacency(out, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        route("192.0.2.1/32", Adjacency.LOCAL);
        route("2001:db8:1::1/128", Adjacency.LOCAL);
        route("198.51.100.0/24", glean);
        route("203.0.113.0/24", adjacency);
        route("2001:db8:3::/64", adjacency);
        view.online();
    }

    private int addInterface(int port, MacAddress mac) {
        int index = writer.addInterface(0, 1 + port);
        int flags = Interface.UP | Interface.RUNNING;
        writer.setInterface(index, "port-" + port, mac, MTU, flags, port);
        return index;
    }

    private void route(String prefix, int leaf) {
        route(Prefix.parse(prefix), leaf);
    }

    /** Adds a route to the neighbour at port 1. */
    public void route(Prefix prefix) {
        route(prefix, adjacency);
    }

    private void route(Prefix prefix, int leaf) {
        Outcome outcome = writer.putRoute(0, prefix, 0, leaf, 0);
        if (outcome != Outcome.DONE) {
            throw new IllegalStateException("route " + prefix + ": " + outcome);
        }
    }

    /** Receives one frame of packets, as a worker does; {@link #forward} comes next. */
    public int receive() {
        return receive(Frame.SIZE);
    }

    /** Receives a frame of at most {@code max} packets. */
    public int receive(int max) {
        clock.nowNs = System.nanoTime();
        return input.receive(graph.pending(inputNode), max);
    }

    /** The frame that {@link #receive} filled and {@link #forward} will empty. */
    public Frame received() {
        return graph.pending(inputNode);
    }

    /** The clock of a cycle, read as a worker reads it at its begin. */
    public void readClock() {
        clock.nowNs = System.nanoTime();
    }

    /** Gives back packets that {@link #generator} received and nobody forwards. */
    public void giveBack(Frame frame) {
        pool.give(frame.packets, frame.count);
        frame.clear();
    }

    /** What sends the packets. */
    public Generator generator() {
        return input;
    }

    /** Runs the graph and passes the quiescent state, as a worker does. */
    public void forward() {
        graph.run();
        view.quiescent();
    }

    /** As {@link #receive} and {@link #forward}, of packets that the generator wrote before. */
    public void forward(Frame written) {
        clock.nowNs = System.nanoTime();
        Frame frame = graph.pending(inputNode);
        System.arraycopy(written.packets, 0, frame.packets, 0, written.count);
        frame.count = written.count;
        forward();
    }

    public Graph graph() {
        return graph;
    }

    public Tables tables() {
        return writer.tables();
    }

    /** Packets that left by port 1. */
    public long sent() {
        return output.counter(PortCounter.TX_PACKETS);
    }

    /** Packets that were handed to Linux. */
    public long excepted() {
        return twin.counter(PortCounter.TX_PACKETS);
    }

    @Override
    public void close() {
        view.offline();
        input.close();
        output.close();
        twin.close();
    }

    /**
     * Packets of all kinds: mostly good ones of both families, so that the compiler sees the usual
     * way as usual, and each tenth one that leaves it.
     */
    public static List<byte[]> mixture() {
        byte[] good4 = to("203.0.113.2", 64);
        byte[] good6 = to("2001:db8:3::2", 64);
        List<byte[]> odd =
                List.of(
                        to("203.0.113.2", 1),
                        to("2001:db8:3::2", 1),
                        to("192.0.2.1", 64),
                        to("2001:db8:1::1", 64),
                        to("198.51.100.9", 64),
                        to("100.64.0.1", 64),
                        to("2001:db8:9::1", 64),
                        to("224.0.0.5", 1),
                        to("ff02::5", 1),
                        to("127.0.0.1", 64),
                        to("::1", 64),
                        SampleFrame.with(good4, 14, 0x46),
                        SampleFrame.with(good4, 14, 0x65),
                        SampleFrame.with(good4, 24, 0x11),
                        SampleFrame.with(good4, 17, 0xff),
                        SampleFrame.with(good6, 19, 0xff),
                        SampleFrame.with(good6, 20, 0),
                        SampleFrame.with(good4, 13, 6),
                        SampleFrame.with(good4, 0, 0xff),
                        SampleFrame.with(good4, 5, 9),
                        new byte[10]);
        List<byte[]> frames = new ArrayList<>();
        for (byte[] frame : odd) {
            for (int i = 0; i < 5; i++) {
                frames.add(good4);
            }
            for (int i = 0; i < 4; i++) {
                frames.add(good6);
            }
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] to(String destination, int ttl) {
        IpAddress to = IpAddress.parse(destination);
        String from = destination.indexOf(':') < 0 ? "192.0.2.2" : "2001:db8:1::2";
        return SampleFrame.udp(ROUTER, IpAddress.parse(from), to, ttl, SampleFrame.BYTES_MIN);
    }

    /** Memory that is there already. */
    private static final Space PRESENT =
            new Space() {
                @Override
                public void reserve(long offset, long sizeBytes) {}

                @Override
                public void release(long offset, long sizeBytes) {}
            };
}
