package floof.lab.bench;

import floof.lab.Flood;
import floof.lab.Network;
import floof.lab.Router;
import floof.lab.Transit;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ./floof bench start}: the fast path is killed with -9 under 100,000 packets a second and
 * started again by floofd, first without the ahead-of-time cache, then with it, then with a million
 * routes in its tables.
 *
 * <p>Rows of each case: {@code gap}, from the last packet before the kill to the first one after
 * it, seen at the server; {@code exec-to-ports}, from the process's start to the moment it takes
 * ports; and for each 100 ms from then on {@code wire}, packets that reach the server as a part of
 * those just before the kill, and {@code graph}, the speed of the graph alone, which the process
 * measures while it warms up, as a part of the best of all runs.
 */
public final class Start {

    private static final int RUNS = 3;
    private static final int INTERVALS = 10;
    private static final int INTERVAL_MS = 100;

    /** No packet for so long: the killed one's last are through. */
    private static final int GAP_MS = 50;

    private static final int ROUTES = 1_000_000;

    /** Offered load: what leaves processor time for a start on a machine of two cores. */
    private static final int PER_MS = 100;

    /** After a shorter life floofd would wait before it starts the next. */
    private static final int LIFE_MS = 11_000;

    private static final Pattern WARM_UP =
            Pattern.compile("ports after (\\d+) ms; ns per packet each 100 ms:([ 0-9.]+)");

    private final Results results;
    private final List<Case> cases = new ArrayList<>();

    private Start(Results results) {
        this.results = results;
    }

    /** What was seen of the kills of one case. */
    private static final class Case {
        final String name;
        final double[] gapMs = new double[RUNS];
        final double[] portsMs = new double[RUNS];
        final double[][] wire = new double[INTERVALS][RUNS];
        final double[][] graphNs = new double[INTERVALS][RUNS];

        Case(String name) {
            this.name = name;
        }
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        Start bench = new Start(new Results(isJson));
        Path cache = Files.createTempDirectory("floof-bench-start-");
        try (Transit network = new Transit("bst")) {
            bench.run(network, "start-cold", "/proc/none", 0);
            bench.run(network, "start-warm", cache.toString(), 0);
            bench.run(network, "restart-1m-routes", cache.toString(), ROUTES);
        } finally {
            try (var files = Files.list(cache)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(cache);
        }
        bench.report();
        if (isJson) {
            System.out.println(bench.results.json());
        }
    }

    private void run(Transit network, String name, String cache, int routes) throws Exception {
        Case seen = new Case(name);
        cases.add(seen);
        Router router = new Router(network, "router", "bst", "FLOOF_CACHE=" + cache);
        router.awaitReady();
        router.commit(Transit.CONFIGURATION);
        network.in("client", "ping", "-c", "3", "-i", "0.2", Transit.SERVER4).mustRun();
        if (cache.startsWith("/tmp")) {
            Network.await(
                    Duration.ofMinutes(3),
                    () -> !router.must("show system uptime").contains("being made"));
        }
        if (routes > 0) {
            long startNs = System.nanoTime();
            network.fill(router, routes, Workload::internetLength);
            double tookS = (System.nanoTime() - startNs) / 1e9;
            results.say("%d routes in Linux and in the tables after %.1f s", routes, tookS);
        }
        Process flood =
                network.start(
                        name, network.in("client", Flood.command(Transit.SERVER4, 600, PER_MS)));
        Path server = network.path("server");
        for (int run = 0; run < RUNS; run++) {
            Thread.sleep(LIFE_MS);
            int index = run;
            NetworkNamespace.call(server, () -> kill(router, seen, index));
        }
        flood.destroy();
        router.stop();
        results.say(
                "%-18s gaps of %s ms, ports after %s ms",
                name, Arrays.toString(seen.gapMs), Arrays.toString(seen.portsMs));
    }

    /** Kills it and watches; runs in the server's namespace. */
    private boolean kill(Router router, Case seen, int run)
            throws IOException, InterruptedException {
        Path log = router.runFolder().resolve("log/fastpath.log");
        long logBytes = Files.size(log);
        long steadyFrom = received();
        Thread.sleep(1_000);
        double steady = (received() - steadyFrom) / (1_000.0 / INTERVAL_MS);
        ProcessHandle process = router.fastPath();
        process.destroyForcibly();
        // The last packets are on their way.
        long last = received();
        long lastNs = System.nanoTime();
        long gapNs = 0;
        long backNs = 0;
        long[] reached = new long[INTERVALS + 1];
        int interval = 0;
        long endNs = lastNs + 30_000_000_000L;
        while (interval <= INTERVALS && System.nanoTime() - endNs < 0) {
            Thread.sleep(1);
            long count = received();
            long nowNs = System.nanoTime();
            if (count != last) {
                if (backNs == 0 && nowNs - lastNs > GAP_MS * 1_000_000L) {
                    gapNs = nowNs - lastNs;
                    backNs = nowNs;
                    reached[0] = last;
                }
                last = count;
                lastNs = nowNs;
            }
            if (backNs != 0 && nowNs - backNs >= (interval + 1L) * INTERVAL_MS * 1_000_000L) {
                interval++;
                if (interval <= INTERVALS) {
                    reached[interval] = count;
                }
            }
        }
        seen.gapMs[run] = gapNs / 1e6;
        for (int i = 0; i < INTERVALS; i++) {
            seen.wire[i][run] = 100 * (reached[i + 1] - reached[i]) / steady;
        }
        readLog(log, logBytes, seen, run);
        return true;
    }

    /** The new process's own words. */
    private static void readLog(Path log, long from, Case seen, int run)
            throws IOException, InterruptedException {
        for (int i = 0; i < 200; i++) {
            Matcher found = WARM_UP.matcher(Files.readString(log).substring((int) from));
            if (found.find()) {
                int ports = Integer.parseInt(found.group(1));
                seen.portsMs[run] = ports;
                String[] speeds = found.group(2).strip().split(" ");
                for (int k = 0; k < INTERVALS; k++) {
                    int at = Math.min(speeds.length - 1, ports / INTERVAL_MS + k);
                    seen.graphNs[k][run] = Double.parseDouble(speeds[at]);
                }
                return;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("no line of a warm-up in " + log);
    }

    /** Packets that eth0 of the calling thread's namespace has received. */
    private static long received() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
            String text = line.strip();
            if (text.startsWith("eth0:")) {
                return Long.parseLong(text.substring(5).strip().split("\\s+")[1]);
            }
        }
        throw new IOException("no eth0 here");
    }

    private void report() {
        double bestNs = Double.MAX_VALUE;
        for (Case seen : cases) {
            for (double[] runs : seen.graphNs) {
                for (double ns : runs) {
                    bestNs = ns > 0 ? Math.min(bestNs, ns) : bestNs;
                }
            }
        }
        for (Case seen : cases) {
            double[] gap = results.add(seen.name + "/gap", "ms", seen.gapMs);
            double[] ports = results.add(seen.name + "/exec-to-ports", "ms", seen.portsMs);
            results.say("%s: gap %.0f ms, exec to ports %.0f ms", seen.name, gap[1], ports[1]);
            for (int i = 0; i < INTERVALS; i++) {
                String when = "/" + (i + 1) * INTERVAL_MS + "-ms";
                double[] shares = new double[RUNS];
                for (int run = 0; run < RUNS; run++) {
                    double ns = seen.graphNs[i][run];
                    shares[run] = ns == 0 ? 0 : 100 * bestNs / ns;
                }
                double[] wire = results.add(seen.name + "/wire" + when, "%", seen.wire[i]);
                double[] graph = results.add(seen.name + "/graph" + when, "%", shares);
                results.say(
                        "  to %4d ms  wire %5.0f %%  graph %5.0f %%",
                        (i + 1) * INTERVAL_MS, wire[1], graph[1]);
            }
        }
    }
}
