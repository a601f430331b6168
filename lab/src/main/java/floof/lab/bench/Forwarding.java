package floof.lab.bench;

import floof.dataplane.Rehearsal;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.TimeStampCounter;
import floof.tables.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

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
    private static final int[] FULL = {Frame.SIZE};

    private static final List<Row> ROWS =
            List.of(
                    new Row("ip4-1-route", Stage.SMALL, Workload::ip4One, 256, 8, 1),
                    new Row("ip4-10k-routes", Stage.SMALL, () -> Workload.ip4Few(Ways.ONE), FULL),
                    new Row(
                            "ip4-1m-routes",
                            Stage.IP4_MANY,
                            () -> Workload.ip4Many(Ways.ONE),
                            FULL),
                    new Row("ip6-1-route", Stage.SMALL, Workload::ip6One, FULL),
                    new Row("ip6-10k-routes", Stage.SMALL, () -> Workload.ip6Few(Ways.ONE), FULL),
                    new Row(
                            "ip6-1m-routes",
                            Stage.IP6_MANY,
                            () -> Workload.ip6Many(Ways.ONE),
                            FULL),
                    new Row(
                            "ip4-10k-routes-ecmp8",
                            Stage.SMALL,
                            () -> Workload.ip4Few(Ways.of(8, 24)),
                            FULL),
                    new Row(
                            "ip4-1m-routes-16-next-hops",
                            Stage.IP4_MANY,
                            () -> Workload.ip4Many(Ways.of(1, Workload.IP4_BITS)),
                            FULL),
                    new Row(
                            "ip6-10k-routes-ecmp8",
                            Stage.SMALL,
                            () -> Workload.ip6Few(Ways.of(8, Workload.IP6_BITS)),
                            FULL),
                    new Row(
                            "ip6-1m-routes-16-next-hops",
                            Stage.IP6_MANY,
                            () -> Workload.ip6Many(Ways.of(1, Workload.IP6_BITS)),
                            FULL));

    /**
     * What is measured together.
     *
     * @param sizes packets per frame; those of fewer than 256 make rows {@code name-frame8}
     */
    private record Row(String name, Limits limits, Supplier<Workload> workload, int... sizes) {}

    private final double clocksPerNs = TimeStampCounter.clocksPerNs();
    private final Results results;
    private final List<String> wanted;

    /** Clocks per packet by row, in the order in which they were measured. */
    private final LinkedHashMap<String, Double> medians = new LinkedHashMap<>();

    private Forwarding(boolean isJson, List<String> wanted) throws Exception {
        results = new Results(isJson);
        this.wanted = wanted;
    }

    /** What can be asked for by name. */
    static List<String> rows() {
        return ROWS.stream().map(Row::name).toList();
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
        new Calibration(results).run();
        Stage.warmUp();
        for (Row row : ROWS) {
            if (wanted.isEmpty() || wanted.stream().anyMatch(row.name::startsWith)) {
                measure(row);
            }
        }
        ratios();
    }

    /** The result: how many times as long as the first row of the run. */
    private void ratios() {
        double base = medians.firstEntry().getValue();
        results.say("");
        results.say(
                "ratios to %s, which hold on other machines, too", medians.firstEntry().getKey());
        medians.forEach((row, median) -> {
            double[] ratio = {median / base};
            results.add(row + "/ratio", "times " + medians.firstEntry().getKey(), ratio);
            results.say("%-32s %6.2f", row, ratio[0]);
        });
    }

    private void measure(Row row) throws Exception {
        Workload workload = row.workload.get();
        try (Stage stage = new Stage(row.limits, workload.traffic())) {
            Rehearsal rehearsal = stage.rehearsal();
            insert(row.name, workload, rehearsal);
            for (int size : row.sizes) {
                String name = size == Frame.SIZE ? row.name : row.name + "-frame" + size;
                measure(name, new Loop(rehearsal, workload, size, false), rehearsal.graph());
                measure(
                        name + "-cold",
                        new Loop(rehearsal, workload, size, true),
                        rehearsal.graph());
            }
        }
    }

    private void insert(String row, Workload workload, Rehearsal rehearsal) throws Exception {
        int routes = workload.routes().size();
        long start = System.nanoTime();
        workload.insert(rehearsal);
        double seconds = (System.nanoTime() - start) / 1e9;
        results.say("");
        results.say(
                "%s: %d routes, %d destinations, %d MiB of this process on huge pages",
                row, Math.max(1, routes), workload.destinations(), Results.hugePageBytes() >> 20);
        if (routes >= 1_000_000) {
            double[] rate = {routes / seconds / 1e6};
            results.add(row + "-insert", "million/s", rate);
            results.say("%-32s %6.2f million routes/s", row + "-insert", rate[0]);
        }
    }

    private void measure(String row, Loop loop, Graph graph) {
        Stage.warmUp(loop);
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
        medians.put(row, three[1]);
        results.say(
                "%-32s %6.1f (%.1f to %.1f) clocks, %.1f ns per packet; generator alone %.1f",
                row, three[1], three[0], three[2], three[1] / clocksPerNs, Results.median(alone));
        loop.checkSpread();
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
                String node = graph.place(n).name();
                double[] three = results.add(row + "/" + node, "clocks/packet", runs[n]);
                results.say("  %-18s %13.1f %13.1f", node, three[1], perFrame[n]);
            }
        }
    }
}
