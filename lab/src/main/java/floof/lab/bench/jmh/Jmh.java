package floof.lab.bench.jmh;

import floof.dataplane.Rehearsal;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.TimeStampCounter;
import floof.engine.Traffic;
import floof.lab.bench.Results;
import floof.lab.bench.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the rows whose names a regular expression finds, each in a process of its own. */
public final class Jmh {

    private static final int NONSENSE = 2;
    private static final int WARM_UPS = 4;
    private static final int RUNS = 5;
    private static final TimeValue RUN = TimeValue.milliseconds(300);

    /** Nodes that do nothing where there is one worker; {@code bench spreading} measures them. */
    private static final Set<String> OTHERS = Set.of("hand-over");

    private final double clocksPerNs = TimeStampCounter.clocksPerNs();
    private final Results results;
    private final boolean isOnce;

    /**
     * What is measured under a name.
     *
     * @param what is one of the 256 of an invocation
     */
    private record Row(String name, String benchmark, String what, Map<String, String> params) {

        static Row of(String name, Class<?> type, String method, String what, String... params) {
            Map<String, String> byName = new TreeMap<>();
            for (int i = 0; i < params.length; i += 2) {
                byName.put(params[i], params[i + 1]);
            }
            String benchmark = "^" + Pattern.quote(type.getName() + "." + method) + "$";
            return new Row(name, benchmark, what, byName);
        }

        /** Whether it shows nothing that a smaller one does not, but how fast it is. */
        boolean isForFigures() {
            return params.containsValue("1m") || params.containsValue("8");
        }
    }

    private Jmh(boolean isJson, boolean isOnce) throws Exception {
        results = new Results(isJson);
        this.isOnce = isOnce;
    }

    public static void main(String[] words) throws Exception {
        List<String> rest = new ArrayList<>(List.of(words));
        if (rest.contains("--help") || rest.contains("-h")) {
            System.out.print(usage());
            return;
        }
        boolean isJson = rest.remove("--json");
        boolean isOnce = rest.remove("--once");
        List<Row> rows =
                rest.size() > 1 ? List.of() : matching(rest.isEmpty() ? "" : rest.getFirst());
        if (rows.isEmpty()) {
            System.err.println("bench jmh: no row for " + rest);
            System.err.print(usage());
            System.exit(NONSENSE);
        }
        requireAllNodes();
        Jmh bench = new Jmh(isJson, isOnce);
        for (Row row : rows) {
            if (!isOnce || !row.isForFigures()) {
                bench.run(row);
            }
        }
        if (isJson) {
            System.out.println(bench.results.json());
        }
    }

    private static String usage() {
        StringBuilder text =
                new StringBuilder("usage: ./floof bench jmh [--json] [--once] [REGEX]\n");
        text.append(
                "  each node and table alone; with --once rows run once, in one process, for no");
        text.append(
                " figure,\n"
                        + "  those of a million and of frames of 8 left out\n"
                        + "  rows, of which REGEX finds some:\n");
        rows().forEach(row -> text.append("    ").append(row.name).append('\n'));
        return text.toString();
    }

    private static List<Row> matching(String regex) {
        try {
            Pattern pattern = Pattern.compile(regex);
            return rows().stream().filter(row -> pattern.matcher(row.name).find()).toList();
        } catch (PatternSyntaxException e) {
            return List.of();
        }
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Scene scene : Scene.ALL) {
            for (String size : List.of("256", "8", "1")) {
                rows.add(
                        Row.of(
                                "node/"
                                        + scene.name()
                                        + (size.equals("256") ? "" : "-frame" + size),
                                NodeBenchmark.class,
                                "process",
                                "packet",
                                "scene",
                                scene.name(),
                                "size",
                                size));
            }
        }
        for (String family : List.of("ip4", "ip6")) {
            for (String count : List.of("1", "10k", "1m")) {
                String table = "table/" + family + "-" + count;
                String[] params = {"family", family, "routes", count};
                rows.add(Row.of(table + "/plain", LookupBenchmark.class, "plain", "key", params));
                rows.add(Row.of(table + "/frame", LookupBenchmark.class, "frame", "key", params));
                rows.add(
                        Row.of(table + "/insert", RouteBenchmark.class, "insert", "route", params));
            }
        }
        for (String method : List.of("read", "readMember", "resolve")) {
            for (String count : List.of("1", "10k", "1m")) {
                rows.add(
                        Row.of(
                                "table/adjacency-" + count + "/" + method,
                                AdjacencyBenchmark.class,
                                method,
                                "adjacency",
                                "adjacencies",
                                count));
            }
        }
        return rows;
    }

    /** Every node that one worker uses has a row. */
    private static void requireAllNodes() throws Exception {
        try (Stage stage = new Stage(Rehearsal.LIMITS, Traffic.of(Rehearsal.mixture()))) {
            Graph graph = stage.rehearsal().graph();
            for (int n = 0; n < graph.size(); n++) {
                String name = graph.place(n).name();
                if (!OTHERS.contains(name)
                        && Scene.ALL.stream().noneMatch(scene -> scene.node().equals(name))) {
                    throw new IllegalStateException("node " + name + " has no benchmark");
                }
            }
        }
    }

    private void run(Row row) throws RunnerException {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(row.benchmark)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .jvmArgsAppend("-Xshare:auto")
                        .forks(isOnce ? 0 : 1)
                        .warmupIterations(isOnce ? 0 : WARM_UPS)
                        .warmupTime(RUN)
                        .measurementIterations(isOnce ? 1 : RUNS)
                        .measurementTime(isOnce ? TimeValue.milliseconds(1) : RUN);
        row.params.forEach(options::param);
        for (RunResult result : new Runner(options.build()).run()) {
            double[] ns =
                    result.getAggregatedResult().getIterationResults().stream()
                            .mapToDouble(Jmh::medianNs)
                            .toArray();
            add(row, ns);
        }
    }

    /** Nanoseconds per packet, key or route of the median invocation. */
    private static double medianNs(IterationResult iteration) {
        return iteration.getPrimaryResult().getStatistics().getPercentile(50) / Frame.SIZE;
    }

    private void add(Row row, double[] ns) {
        double[] clocks = ns.clone();
        for (int i = 0; i < clocks.length; i++) {
            clocks[i] *= clocksPerNs;
        }
        double[] three = results.add(row.name, "clocks/" + row.what, clocks);
        double[] inNs = results.add(row.name + "/ns", "ns/" + row.what, ns);
        results.say(
                isOnce ? "%-40s ran" : "%-40s %8.1f (%.1f to %.1f) clocks, %.1f ns per %s",
                row.name,
                three[1],
                three[0],
                three[2],
                inNs[1],
                row.what);
    }
}
