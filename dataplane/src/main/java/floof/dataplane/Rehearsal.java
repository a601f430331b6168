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
import java.util.Arrays;
import java.util.List;

/**
 * The whole graph with its own tables and no device: frames arrive from a generator at port 0 and
 * leave through other ports. It warms the compiler up before real ports are attached; the benchmark
 * measures it, too.
 *
 * <pre>
 *   port 0: 192.0.2.1/24, 2001:db8:1::1/64     port 1: 198.51.100.1/24, 2001:db8:2::1/64
 *   203.0.113.0/24 and 2001:db8:3::/64 by neighbour 0 at port 1
 * </pre>
 *
 * <p>Thread: one.
 */
public final class Rehearsal implements AutoCloseable {

    /** Tables just large enough. */
    public static final Limits LIMITS = new Limits(64, 64, 256 << 10, 32, 4, 4, 4, 1, 1, 8, 8);

    /** Two full frames. */
    public static final int BUFFERS = 2 * Frame.SIZE;

    /** MAC of port 0, the destination of all frames. */
    public static final MacAddress ROUTER = router(0);

    private static final int MTU = 1500;

    private final TableWriter writer;
    private final TableView view;
    private final CycleClock clock = new CycleClock();
    private final BufferPool pool;
    private final Graph graph;
    private final PortTable ports = new PortTable();
    private final Generator input;
    private final Generator twin;
    private final int inputNode;

    /** Ports 1, 2 and so on, and the interface of each. */
    private final List<Generator> outputs = new ArrayList<>();

    private final List<Integer> interfaces = new ArrayList<>();

    /** Adjacencies of the neighbours by number. */
    private final List<Integer> neighbours = new ArrayList<>();

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
        writer = TableWriter.open(memory, limits, Space.PRESENT, () -> false);
        pool = new BufferPool(buffers, bufferCount);
        input = new Generator(0, pool, traffic);
        twin = new Generator(0, pool, List.of());
        ports.attachTwin(twin);
        view = new TableView(writer.tables(), 0);
        graph =
                ForwardingGraph.build(
                        view, ports, pool, clock, new Trace(new PacketText()), HandOver.alone());
        inputNode = graph.indexOf(ForwardingGraph.DEVICE_INPUT);
        addInterface(0);
        addNeighbours(1, 1);
        int glean =
                writer.addAdjacency(interfaces.getFirst(), 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        route("192.0.2.1/32", Adjacency.LOCAL);
        route("2001:db8:1::1/128", Adjacency.LOCAL);
        route("198.51.100.0/24", glean);
        route("203.0.113.0/24", neighbour(0));
        route("2001:db8:3::/64", neighbour(0));
        view.online();
    }

    /** MAC of a port. */
    public static MacAddress router(int port) {
        return new MacAddress(0x02_00_00_00_00_01L + port);
    }

    /** MAC of a neighbour. */
    public static MacAddress mac(int neighbour) {
        return new MacAddress(0x02_00_00_00_01_00L + neighbour);
    }

    private int addInterface(int port) {
        int index = writer.addInterface(0, 1 + port);
        int flags = Interface.UP | Interface.RUNNING;
        writer.setInterface(index, "port-" + port, router(port), MTU, flags, port);
        return index;
    }

    private void addOutput() {
        int port = outputs.size() + 1;
        Generator output = new Generator(port, pool, List.of());
        ports.attachDevice(output);
        outputs.add(output);
        interfaces.add(addInterface(port));
    }

    /** Adds neighbours up to this number, in turn at port 1 and the following ports. */
    public void addNeighbours(int count, int portCount) {
        while (outputs.size() < portCount) {
            addOutput();
        }
        while (neighbours.size() < count) {
            int number = neighbours.size();
            int output = number % portCount;
            int iface = interfaces.get(output);
            int leaf = writer.addAdjacency(iface, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
            writer.forward(leaf, mac(number), router(1 + output), 1 + output, MTU);
            neighbours.add(leaf);
        }
    }

    /** The leaf of routes through a neighbour. */
    public int neighbour(int number) {
        return neighbours.get(number);
    }

    /** The leaf of routes through several neighbours in equal shares. */
    public int group(int... leaves) {
        int[] weights = new int[leaves.length];
        Arrays.fill(weights, 1);
        return writer.group(leaves, weights);
    }

    private void route(String prefix, int leaf) {
        route(Prefix.parse(prefix), leaf);
    }

    /**
     * Adds a route.
     *
     * @param leaf from {@link #neighbour} or {@link #group}
     */
    public void route(Prefix prefix, int leaf) {
        Outcome outcome = writer.putRoute(0, prefix, 0, leaf, 0);
        if (outcome != Outcome.DONE) {
            throw new IllegalStateException("route " + prefix + ": " + outcome);
        }
    }

    /** Receives one frame of packets, as a worker does; call {@link #forward} next. */
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

    /** Reads the cycle's clock, as a worker does at the start of a cycle. */
    public void readClock() {
        clock.nowNs = System.nanoTime();
    }

    /** Frees packets that {@link #generator} received and nobody forwards. */
    public void giveBack(Frame frame) {
        pool.give(frame.packets, frame.count);
        frame.clear();
    }

    /** The generator of the packets. */
    public Generator generator() {
        return input;
    }

    /** Runs the graph and passes the quiescent state, as a worker does. */
    public void forward() {
        graph.run();
        view.quiescent();
    }

    /**
     * Like {@link #receive} and {@link #forward}, for packets that the generator has already
     * written.
     */
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

    /** Packets that left through a port. */
    public long sent() {
        long sum = 0;
        for (Generator output : outputs) {
            sum += output.counter(PortCounter.TX_PACKETS);
        }
        return sum;
    }

    /** Packets that were handed to Linux. */
    public long excepted() {
        return twin.counter(PortCounter.TX_PACKETS);
    }

    @Override
    public void close() {
        view.offline();
        input.close();
        outputs.forEach(Generator::close);
        twin.close();
    }

    /**
     * Packets of all kinds: mostly good ones of both families, so that the compiler sees the
     * ordinary path as the common one; every tenth packet leaves it.
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
}
