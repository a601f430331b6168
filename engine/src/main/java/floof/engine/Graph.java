package floof.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Nodes in an order in which every exit leads further down, each with the frame of packets that
 * wait for it. One pass over the nodes empties the graph.
 *
 * <p>Thread: its worker; any thread may read the counters.
 */
public final class Graph {

    /**
     * A node in its graph.
     *
     * @param name for operators: {@code ip4-lookup}
     * @param exits each by the name of the node to which it leads. Empty: packets end here, in a
     *     port or in the pool
     */
    public record Place(String name, Node node, List<String> exits) {

        /** One where packets end. */
        public Place(String name, Node node) {
            this(name, node, List.of());
        }
    }

    private final List<Place> places;
    private final Node[] nodes;
    private final int[][] edges;
    private final Frame[] pending;
    private final Tally calls;
    private final Tally packets;
    private final Tally clocks;
    private final Tally clocked;
    private final LongSupplier clock;
    private final Trace trace;
    private int measureEvery;
    private int untilMeasured;

    /** UNIFORM[e]: the exits of a frame in which every exit is e. */
    private static final byte[][] UNIFORM = uniform();

    private static byte[][] uniform() {
        byte[][] rows = new byte[64][Frame.SIZE];
        for (int exit = 0; exit < rows.length; exit++) {
            Arrays.fill(rows[exit], (byte) exit);
        }
        return rows;
    }

    /**
     * @param places in order; an exit must lead to a later one
     * @param clock for measurements; its unit is that of {@link #clocks}
     */
    public Graph(List<Place> places, Trace trace, LongSupplier clock) {
        this.trace = trace;
        this.places = List.copyOf(places);
        this.nodes = new Node[places.size()];
        edges = new int[nodes.length][];
        this.pending = new Frame[nodes.length];
        this.calls = new Tally(nodes.length);
        this.packets = new Tally(nodes.length);
        this.clocks = new Tally(nodes.length);
        this.clocked = new Tally(nodes.length);
        this.clock = clock;
        List<String> names = new ArrayList<>();
        places.forEach(place -> names.add(place.name()));
        for (int n = 0; n < nodes.length; n++) {
            nodes[n] = places.get(n).node();
            List<String> exits = places.get(n).exits();
            if (exits.size() > UNIFORM.length) {
                throw new IllegalArgumentException(
                        names.get(n)
                                + " has "
                                + exits.size()
                                + " exits; at most "
                                + UNIFORM.length);
            }
            pending[n] = new Frame();
            edges[n] = new int[exits.size()];
            for (int e = 0; e < exits.size(); e++) {
                int to = names.indexOf(exits.get(e));
                if (to <= n) {
                    throw new IllegalArgumentException(
                            names.get(n)
                                    + " leads to "
                                    + exits.get(e)
                                    + ", which is no later node of "
                                    + names);
                }
                edges[n][e] = to;
            }
        }
    }

    /** The frame of packets that wait for a node; inputs append received packets to it. */
    public Frame pending(int node) {
        return pending[node];
    }

    public int indexOf(String name) {
        for (int n = 0; n < nodes.length; n++) {
            if (places.get(n).name().equals(name)) {
                return n;
            }
        }
        throw new IllegalArgumentException("no node " + name);
    }

    /** Runs every node that has packets; afterwards no packet is in the graph. */
    public void run() {
        if (--untilMeasured == 0) {
            untilMeasured = measureEvery;
            runMeasured();
            return;
        }
        runBefore(nodes.length);
    }

    /**
     * Runs the nodes before the given one that have packets. Packets for it and for later nodes
     * stay.
     */
    public void runBefore(int node) {
        for (int n = 0; n < node; n++) {
            if (pending[n].count != 0) {
                step(n);
            }
        }
    }

    /** One clock reading per node: the end of a node is the beginning of the next one. */
    private void runMeasured() {
        long start = clock.getAsLong();
        for (int n = 0; n < nodes.length; n++) {
            int count = pending[n].count;
            if (count != 0) {
                step(n);
                long end = clock.getAsLong();
                clocks.add(n, end - start);
                clocked.add(n, count);
                start = end;
            }
        }
    }

    private void step(int n) {
        Frame frame = pending[n];
        calls.add(n, 1);
        packets.add(n, frame.count);
        process(n, frame);
        deal(n, frame);
    }

    /**
     * Lets a node process a frame without distributing it afterwards. Part of {@link #run}; also
     * used to measure a single node.
     */
    public void process(int n, Frame frame) {
        boolean ends = edges[n].length == 0;
        if (frame.traced && ends) {
            trace.add(frame, n, true); // afterwards the buffers are no longer ours
        }
        nodes[n].process(frame);
        if (frame.traced && !ends) {
            trace.add(frame, n, false);
        }
    }

    /**
     * Distributes the packets to the frames of the next nodes. A frame with a single exit moves as
     * a whole.
     */
    private void deal(int n, Frame frame) {
        int[] targets = edges[n];
        if (targets.length == 0) {
            frame.clear();
            return;
        }
        byte first = frame.exits[0];
        int target = targets[first];
        Frame next = pending[target];
        if (next.count == 0
                && (frame.count == 1
                        || Arrays.equals(
                                frame.exits, 0, frame.count, UNIFORM[first], 0, frame.count))) {
            pending[target] = frame;
            pending[n] = next;
            next.clear();
            return;
        }
        dealEach(targets, frame);
        frame.clear();
    }

    private void dealEach(int[] targets, Frame frame) {
        for (int i = 0; i < frame.count; i++) {
            Frame next = pending[targets[frame.exits[i]]];
            next.packets[next.count++] = frame.packets[i];
            next.traced |= frame.traced;
        }
    }

    /**
     * Measures the nodes in every {@code runs}th run, or never if 0. A measured run costs a clock
     * reading per node. Thread: the worker.
     */
    public void measureEvery(int runs) {
        measureEvery = runs;
        untilMeasured = runs;
    }

    public int size() {
        return nodes.length;
    }

    public Place place(int index) {
        return places.get(index);
    }

    /** Number of frames that a node has processed. */
    public long calls(int node) {
        return calls.get(node);
    }

    /** Number of packets that a node has processed. */
    public long packets(int node) {
        return packets.get(node);
    }

    /** Time spent in a node for all its packets, estimated from those of the measured runs. */
    public double clocks(int node) {
        long measured = clocked.get(node);
        return measured == 0 ? 0 : (double) clocks.get(node) / measured * packets.get(node);
    }

    /** Resets all counts. Thread: the worker. */
    public void clearCounts() {
        calls.clear();
        packets.clear();
        clocks.clear();
        clocked.clear();
    }
}
