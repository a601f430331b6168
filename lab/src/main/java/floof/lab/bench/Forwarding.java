package floof.lab.bench;

import floof.base.Prefix;
import floof.dataplane.Rehearsal;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.Packet;
import floof.engine.TimeStampCounter;
import floof.engine.Traffic;
import floof.tables.Limits;
import floof.tables.Tables;
import java.util.List;

/**
 * {@code ./floof bench forwarding [--json] [ROW ...]}: packets of 64 bytes through the whole graph
 * of one worker, from a generator and without any device.
 *
 * <p>A row is the time of the whole loop, in which the generator writes each packet into a recycled
 * buffer and the graph forwards it, less the time of the generator alone. All nodes are warmed up
 * with packets of all kinds first: a graph that has only ever seen one kind would be compiled for
 * that alone. Rows {@code -cold} write 16,384 packets before the first of them is forwarded, so
 * that none is in the core's own caches any more.
 */
public final class Forwarding {

    private static final int RUNS = 5;

    /**
     * A run is many slices of about a millisecond, and its figure their median: a slice in which
     * the system ran something else stands out and does not count.
     */
    private static final int SLICES = 101;

    private static final int NODE_SLICES = 31;
    private static final int WARM_UP_SLICES = 150;

    /** As in production: a root of 24 bits. */
    private static final Limits SMALL =
            new Limits(1 << 15, 1 << 15, 16 << 20, 64, 4, 4, 4, 1, 1, 24, 19);

    private static final Limits IP4_MANY =
            new Limits(1 << 20, 64, 16 << 20, 64, 4, 4, 4, 1, 1, 24, 19);
    private static final Limits IP6_MANY =
            new Limits(64, 1 << 20, 256 << 20, 64, 4, 4, 4, 1, 1, 24, 19);

    private final double clocksPerNs = TimeStampCounter.clocksPerNs();
    private final Results results;
    private final List<String> wanted;

    private Forwarding(boolean isJson, List<String> wanted) throws Exception {
        results = new Results(isJson);
        this.wanted = wanted;
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        List<String> rows = List.of(words).stream().filter(word -> !word.startsWith("--")).toList();
        Forwarding bench = new Forwarding(isJson, rows);
        bench.run();
        if (isJson) {
            System.out.println(bench.results.json());
        }
    }

    private void run() throws Exception {
        boolean isComparable = new Calibration(results).run();
        results.machine("comparable", isComparable);
        warmUp();
        measure("ip4-1-route", SMALL, new int[] {256, 8, 1});
        measure("ip4-10k-routes", SMALL, new int[] {256});
        measure("ip4-1m-routes", IP4_MANY, new int[] {256});
        measure("ip6-1-route", SMALL, new int[] {256});
        measure("ip6-10k-routes", SMALL, new int[] {256});
        measure("ip6-1m-routes", IP6_MANY, new int[] {256});
        if (!isComparable) {
            results.say("not comparable: the machine is not what the bars were measured on");
        }
    }

    private static Workload workload(String name) {
        return switch (name) {
            case "ip4-1-route" -> Workload.ip4One();
            case "ip4-10k-routes" -> Workload.ip4Consecutive();
            case "ip4-1m-routes" -> Workload.ip4Internet();
            case "ip6-1-route" -> Workload.ip6One();
            case "ip6-10k-routes" -> Workload.ip6Few();
            case "ip6-1m-routes" -> Workload.ip6Many();
            default -> throw new IllegalArgumentException("no row " + name);
        };
    }

    private void warmUp() throws Exception {
        try (Held tables = new Held("tables", Tables.fileBytes(Rehearsal.LIMITS));
                Held buffers = new Held("buffers", (long) Loop.BUFFERS * Packet.BUFFER_BYTES);
                Rehearsal rehearsal =
                        new Rehearsal(
                                tables.region,
                                Rehearsal.LIMITS,
                                buffers.region,
                                Loop.BUFFERS,
                                Traffic.of(Rehearsal.mixture()))) {
            for (int size : new int[] {256, 8, 1}) {
                for (boolean isCold : new boolean[] {false, true}) {
                    warmUp(new Loop(rehearsal, null, size, isCold));
                }
            }
        }
    }

    private static void warmUp(Loop loop) {
        for (int i = 0; i < WARM_UP_SLICES; i++) {
            loop.slice();
        }
    }

    private void measure(String name, Limits limits, int[] sizes) throws Exception {
        if (!wanted.isEmpty() && wanted.stream().noneMatch(name::startsWith)) {
            return;
        }
        Workload workload = workload(name);
        try (Held tables = new Held("tables", Tables.fileBytes(limits));
                Held buffers = new Held("buffers", (long) Loop.BUFFERS * Packet.BUFFER_BYTES);
                Rehearsal rehearsal =
                        new Rehearsal(
                                tables.region,
                                limits,
                                buffers.region,
                                Loop.BUFFERS,
                                workload.traffic())) {
            insert(workload, rehearsal);
            for (int size : sizes) {
                String row = size == Frame.SIZE ? name : name + "-frame" + size;
                measure(row, new Loop(rehearsal, workload, size, false), rehearsal.graph());
                measure(
                        row + "-cold",
                        new Loop(rehearsal, workload, size, true),
                        rehearsal.graph());
            }
        }
    }

    private void insert(Workload workload, Rehearsal rehearsal) throws Exception {
        List<Prefix> routes = workload.routes();
        long start = System.nanoTime();
        routes.forEach(rehearsal::route);
        double seconds = (System.nanoTime() - start) / 1e9;
        results.say("");
        results.say(
                "%s: %d routes, %d destinations, %d MiB of this process on huge pages",
                workload.name(),
                Math.max(1, routes.size()),
                workload.destinations(),
                Results.hugePageBytes() >> 20);
        if (routes.size() >= 1_000_000) {
            double[] rate = {routes.size() / seconds / 1e6};
            results.add(workload.name() + "-insert", "million/s", rate);
            results.say("%-32s %6.2f million routes/s", workload.name() + "-insert", rate[0]);
        }
    }

    private void measure(String row, Loop loop, Graph graph) {
        warmUp(loop);
        double[] runs = new double[RUNS];
        double[] alone = new double[RUNS];
        double[] slices = new double[SLICES];
        double[] generators = new double[SLICES];
        for (int run = 0; run < RUNS; run++) {
            for (int i = 0; i < SLICES; i++) {
                slices[i] = loop.slice() * clocksPerNs;
                generators[i] = loop.generatorNs() * clocksPerNs;
            }
            runs[run] = Results.median(slices);
            alone[run] = Results.median(generators);
        }
        double[] three = results.add(row, "clocks/packet", runs);
        results.say(
                "%-32s %6.1f (%.1f to %.1f) clocks, %.1f ns per packet; generator alone %.1f",
                row, three[1], three[0], three[2], three[1] / clocksPerNs, Results.median(alone));
        measureNodes(row, loop, graph);
    }

    /** A second pass with the clock read after each node. */
    private void measureNodes(String row, Loop loop, Graph graph) {
        double[][] runs = new double[graph.size()][RUNS];
        double[] perFrame = new double[graph.size()];
        graph.measureEvery(1);
        for (int run = 0; run < RUNS; run++) {
            double[][] slices = new double[graph.size()][NODE_SLICES];
            for (int i = 0; i < NODE_SLICES; i++) {
                graph.clearCounts();
                loop.slice();
                for (int n = 0; n < graph.size(); n++) {
                    slices[n][i] = graph.clocks(n) / Math.max(1, graph.packets(n)) * clocksPerNs;
                    perFrame[n] = (double) graph.packets(n) / Math.max(1, graph.calls(n));
                }
            }
            for (int n = 0; n < graph.size(); n++) {
                runs[n][run] = Results.median(slices[n]);
            }
        }
        graph.measureEvery(0);
        results.say("  %-18s %13s %13s   second pass", "node", "clocks/packet", "packets/frame");
        for (int n = 0; n < graph.size(); n++) {
            if (graph.packets(n) != 0) {
                String node = graph.node(n).name();
                double[] three = results.add(row + "/" + node, "clocks/packet", runs[n]);
                results.say("  %-18s %13.1f %13.1f", node, three[1], perFrame[n]);
            }
        }
    }
}
