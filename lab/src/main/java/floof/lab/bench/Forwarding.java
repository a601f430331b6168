package floof.lab.bench;

import floof.base.IpAddress;
import floof.dataplane.Rehearsal;
import floof.dataplane.SampleFrame;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.Packet;
import floof.engine.TimeStampCounter;
import floof.linux.Mapping;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.Limits;
import floof.tables.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./floof bench forwarding}: packets of 64 bytes through the whole graph, from a generator
 * and without any device, one worker, frames of 256. Each packet is written into its buffer just
 * before; what that takes is measured apart and not counted.
 *
 * <p>All nodes are warmed up with packets of all kinds first: a graph that has only ever seen one
 * kind would be compiled for that alone.
 */
public final class Forwarding {

    private static final int RUNS = 5;

    /**
     * A run is many slices of about a millisecond, and its figure their median: a slice in which
     * the system ran something else stands out and does not count.
     */
    private static final int SLICES = 501;

    private static final int SLICE_FRAMES = 64;
    private static final int WARM_UP_SLICES = 300;

    /** As in production: a root of 24 bits. */
    private static final Limits LIMITS =
            new Limits(1 << 16, 1 << 16, 16 << 20, 64, 4, 4, 4, 1, 1, 24, 19);

    private final double clocksPerNs = TimeStampCounter.clocksPerNs();
    private final Results results = new Results();
    private final boolean isQuiet;

    private Forwarding(boolean isQuiet) {
        this.isQuiet = isQuiet;
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        Forwarding bench = new Forwarding(isJson);
        bench.warmUp();
        bench.measure("ip4-1-route", "192.0.2.2", "203.0.113.2");
        bench.measure("ip6-1-route", "2001:db8:1::2", "2001:db8:3::2");
        if (isJson) {
            System.out.println(bench.results.json());
        }
    }

    private void warmUp() throws Exception {
        Region tables = memory("warm-up tables", Tables.fileBytes(Rehearsal.LIMITS));
        try (Rehearsal rehearsal =
                new Rehearsal(tables, Rehearsal.LIMITS, buffers(), Rehearsal.mixture())) {
            warmUp(rehearsal);
        }
    }

    private void measure(String name, String from, String to) throws Exception {
        Region tables = memory("tables", Tables.fileBytes(LIMITS));
        try (Rehearsal rehearsal = new Rehearsal(tables, LIMITS, buffers(), frames(from, to))) {
            warmUp(rehearsal);
            double[] perPacket = new double[RUNS];
            for (int i = 0; i < RUNS; i++) {
                perPacket[i] = run(rehearsal);
            }
            double median = results.add(name, "clocks/packet", perPacket);
            say("%s: %.1f clocks, %.1f ns per packet", name, median, median / clocksPerNs);
            measureNodes(name, rehearsal);
        }
    }

    /** Clocks per packet from ethernet-input to port-output. */
    private double run(Rehearsal rehearsal) {
        double[] slices = new double[SLICES];
        for (int i = 0; i < SLICES; i++) {
            slices[i] = slice(rehearsal) * clocksPerNs;
        }
        return Results.median(slices);
    }

    /** Nanoseconds per packet. */
    private static double slice(Rehearsal rehearsal) {
        long outBefore = rehearsal.sent() + rehearsal.excepted();
        long ns = 0;
        long packets = 0;
        for (int i = 0; i < SLICE_FRAMES; i++) {
            packets += rehearsal.receive();
            long start = System.nanoTime();
            rehearsal.forward();
            ns += System.nanoTime() - start;
        }
        if (rehearsal.sent() + rehearsal.excepted() == outBefore) {
            throw new IllegalStateException("no packet came out");
        }
        return (double) ns / packets;
    }

    private static void warmUp(Rehearsal rehearsal) {
        for (int i = 0; i < WARM_UP_SLICES; i++) {
            slice(rehearsal);
        }
    }

    /** A second pass with the clock read after each node. */
    private void measureNodes(String name, Rehearsal rehearsal) {
        Graph graph = rehearsal.graph();
        double[][] runs = new double[graph.size()][RUNS];
        graph.measureEvery(1);
        for (int run = 0; run < RUNS; run++) {
            double[][] slices = new double[graph.size()][SLICES];
            for (int i = 0; i < SLICES; i++) {
                graph.clearCounts();
                slice(rehearsal);
                for (int n = 0; n < graph.size(); n++) {
                    slices[n][i] = graph.clocks(n) / Math.max(1, graph.packets(n)) * clocksPerNs;
                }
            }
            for (int n = 0; n < graph.size(); n++) {
                runs[n][run] = Results.median(slices[n]);
            }
        }
        graph.measureEvery(0);
        for (int n = 0; n < graph.size(); n++) {
            if (graph.packets(n) != 0) {
                String node = graph.node(n).name();
                double median = results.add(name + "/" + node, "clocks/packet", runs[n]);
                say("  %-16s %6.1f", node, median);
            }
        }
    }

    /** 256 flows. */
    private static List<byte[]> frames(String from, String to) {
        IpAddress source = IpAddress.parse(from);
        IpAddress destination = IpAddress.parse(to);
        byte[] first =
                SampleFrame.udp(Rehearsal.ROUTER, source, destination, 64, SampleFrame.BYTES_MIN);
        List<byte[]> frames = new ArrayList<>();
        int port = source.family() == floof.base.Family.IP4 ? 35 : 55;
        for (int flow = 0; flow < Frame.SIZE; flow++) {
            frames.add(SampleFrame.with(first, port, flow));
        }
        return frames;
    }

    private static Region buffers() {
        return memory("buffers", (long) Rehearsal.BUFFERS * Packet.BUFFER_BYTES);
    }

    /** Huge pages where they can be had. Never given back: the process ends soon. */
    private static Region memory(String what, long sizeBytes) {
        Mapping mapping = Mapping.anonymous(what, sizeBytes);
        Region region = new Region(what, mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        return region;
    }

    private void say(String format, Object... values) {
        if (!isQuiet) {
            System.out.printf(Locale.ROOT, format + "%n", values);
        }
    }
}
