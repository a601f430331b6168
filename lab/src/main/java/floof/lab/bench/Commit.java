package floof.lab.bench;

import floof.lab.Network;
import floof.lab.Router;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./floof bench commit}: how long an operator waits for {@code commit} in floofctl, from
 * Enter to {@code commit complete}, on a real router.
 *
 * <p>Rows: {@code commit-1000-interfaces}, with driver tap, an address and a description each;
 * {@code commit-100k-routes}, static ones: BIRD has them when the commit returns, and {@code
 * -programmed} says after how long they are in the fast path's tables, from Enter on; {@code
 * commit-one-leaf-of-100k}, a description beside those routes, {@code commit-one-leaf-alone}, one
 * without them, and {@code commit-one-route-of-100k}, the next hop of one of them; {@code
 * -restart}, from a kill -9 of floofd to its first answer with that configuration; {@code
 * show-beside-commit-100k-routes}, what another operator waits for show commands from that Enter on
 * until all is programmed.
 */
public record Commit(Network network, Results results) {

    private static final int RUNS = 3;
    private static final int INTERFACES = 1_000;
    private static final int ROUTES = 100_000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String INTERFACES_ROW = "commit-1000-interfaces";
    private static final String ROUTES_ROW = "commit-100k-routes";
    private static final String SHOW_ROW = "show-beside-commit-100k-routes";
    private static final String LEAF_ROW = "commit-one-leaf-of-100k";
    private static final String ALONE_ROW = "commit-one-leaf-alone";
    private static final String ROUTE_ROW = "commit-one-route-of-100k";

    static List<String> rows() {
        return List.of(INTERFACES_ROW, ALONE_ROW, ROUTES_ROW, SHOW_ROW, LEAF_ROW, ROUTE_ROW);
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        List<String> wanted = List.of(words).stream().filter(it -> !it.equals("--json")).toList();
        Results results = new Results(isJson);
        try (Network network = new Network("bco")) {
            network.host("router");
            Commit bench = new Commit(network, results);
            if (isWanted(wanted, INTERFACES_ROW)) {
                bench.interfaces();
            }
            if (isWanted(wanted, ROUTES_ROW)
                    || isWanted(wanted, SHOW_ROW)
                    || isWanted(wanted, ALONE_ROW)
                    || isWanted(wanted, LEAF_ROW)
                    || isWanted(wanted, ROUTE_ROW)) {
                bench.routes();
            }
        }
        if (isJson) {
            System.out.println(results.json());
        }
    }

    private static boolean isWanted(List<String> wanted, String row) {
        return wanted.isEmpty() || wanted.stream().anyMatch(row::startsWith);
    }

    private void interfaces() throws Exception {
        Router router = new Router(network, "router", "bco");
        router.awaitReady();
        double[] took = new double[RUNS];
        double[] back = new double[RUNS];
        double[] restart = new double[RUNS];
        try (Desk desk = new Desk(router)) {
            for (int run = 0; run < RUNS; run++) {
                desk.load(lines(Commit::port, INTERFACES));
                took[run] = desk.commit();
                if (run == RUNS - 1) {
                    break;
                }
                desk.say("delete interfaces");
                back[run] = desk.commit();
            }
        }
        say(INTERFACES_ROW, took);
        back[RUNS - 1] = back[0];
        say("delete-1000-interfaces", back);
        for (int run = 0; run < RUNS; run++) {
            restart[run] = restart(router);
        }
        say(INTERFACES_ROW + "-restart", restart);
        router.stop();
    }

    private void routes() throws Exception {
        Router router = new Router(network, "router", "bco");
        router.awaitReady();
        try (Desk desk = new Desk(router)) {
            desk.load(
                    """
                    set interfaces ge-0 driver tap
                    set interfaces ge-0 address 192.0.2.1/24
                    """);
            desk.commit();
            double[] alone = new double[RUNS];
            for (int run = 0; run < RUNS; run++) {
                alone[run] = desk.leaf("alone " + run);
            }
            say(ALONE_ROW, alone);
            double[] took = new double[RUNS];
            double[] programmed = new double[RUNS];
            for (int run = 0; run < RUNS; run++) {
                double[] seconds = program(router, desk);
                took[run] = seconds[0];
                programmed[run] = seconds[1];
                desk.say("delete routing");
                desk.commit();
                Network.mustAwait(LIMIT, () -> router.tableUse("ip4-routes") < ROUTES / 100);
            }
            List<Double> shown = new ArrayList<>();
            try (Watcher _ = new Watcher(router, shown)) {
                program(router, desk); // once more: who watches takes part of the core
            }
            say(ROUTES_ROW, took);
            say(ROUTES_ROW + "-programmed", programmed);
            shown.sort(null);
            say(
                    SHOW_ROW,
                    new double[] {shown.getFirst(), shown.get(shown.size() / 2), shown.getLast()});
            double[] leaf = new double[RUNS];
            double[] route = new double[RUNS];
            for (int run = 0; run < RUNS; run++) {
                leaf[run] = desk.leaf("number " + run);
                desk.say("delete routing static route " + prefix(run) + " next-hop");
                desk.say("set routing static route " + prefix(run) + " next-hop 192.0.2.9");
                route[run] = desk.commit();
            }
            say(LEAF_ROW, leaf);
            say(ROUTE_ROW, route);
        }
        double[] restart = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            restart[run] = restart(router);
        }
        say(ROUTES_ROW + "-restart", restart);
        router.stop();
    }

    /** Seconds from Enter to the end of the commit, and until all is in the tables. */
    private double[] program(Router router, Desk desk) throws IOException {
        desk.load(lines(Commit::route, ROUTES));
        long startNs = System.nanoTime();
        double took = desk.commit();
        Network.mustAwait(LIMIT, () -> router.tableUse("ip4-routes") >= ROUTES);
        return new double[] {took, (System.nanoTime() - startNs) / 1e9};
    }

    private void say(String row, double[] runs) {
        double[] three = results.add(row, "s", runs);
        results.say("%-34s %7.3f s  (%.3f to %.3f)", row, three[1], three[0], three[2]);
    }

    private double restart(Router router) {
        ProcessHandle old = router.floofd();
        long startNs = System.nanoTime();
        old.destroyForcibly();
        Network.mustAwait(LIMIT, () -> !old.isAlive());
        router.awaitReady();
        return (System.nanoTime() - startNs) / 1e9;
    }

    private static String lines(IntFunction<String> line, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(line.apply(i));
        }
        return text.toString();
    }

    private static String port(int number) {
        String set = "set interfaces vlan" + number;
        return """
        %1$s driver tap
        %1$s address 10.%2$d.%3$d.1/24
        %1$s description "customer %4$d"
        """
                .formatted(set, number >>> 8, number & 0xff, number);
    }

    private static String route(int number) {
        return "set routing static route " + prefix(number) + " next-hop 192.0.2.2\n";
    }

    private static String prefix(int number) {
        return "20."
                + (number >>> 16)
                + "."
                + (number >>> 8 & 0xff)
                + "."
                + (number & 0xff)
                + "/32";
    }

    /** Another operator, who asks again and again. */
    private final class Watcher implements AutoCloseable {

        private static final List<String> COMMANDS =
                List.of(
                        "show version",
                        "show interfaces terse",
                        "show bgp summary",
                        "show route 192.0.2.1",
                        "show system commit",
                        "show configuration interfaces",
                        "show fast-path statistics");

        /** A person reads, too. */
        private static final int PAUSE_MS = 100;

        private final Thread thread;
        private volatile boolean isEnding;
        private @Nullable IOException failure;

        /**
         * @param shown gets the seconds of each answer
         */
        Watcher(Router router, List<Double> shown) {
            thread = Thread.ofPlatform().name("watcher").start(() -> run(router, shown));
        }

        private void run(Router router, List<Double> shown) {
            try (Desk desk = new Desk(router)) {
                while (!isEnding) {
                    for (String command : COMMANDS) {
                        long startNs = System.nanoTime();
                        desk.count("run " + command);
                        shown.add((System.nanoTime() - startNs) / 1e9);
                        Thread.sleep(PAUSE_MS);
                    }
                }
            } catch (IOException e) {
                failure = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() throws IOException {
            isEnding = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** An operator in configuration mode: one floofctl that is fed line by line. */
    private final class Desk implements AutoCloseable {

        private final Process floofctl;
        private final BufferedWriter in;
        private final BufferedReader out;

        Desk(Router router) throws IOException {
            List<String> words = new ArrayList<>();
            words.add(Router.repository().resolve("floof").toString());
            words.addAll(List.of("ctl", "--instance", router.instance()));
            floofctl = new ProcessBuilder(words).redirectErrorStream(true).start();
            in =
                    new BufferedWriter(
                            new OutputStreamWriter(
                                    floofctl.getOutputStream(), StandardCharsets.UTF_8));
            out =
                    new BufferedReader(
                            new InputStreamReader(
                                    floofctl.getInputStream(), StandardCharsets.UTF_8));
            say("configure", "Entering configuration mode");
        }

        void say(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
        }

        /** Says a line and waits for the line that answers. */
        void say(String line, String answer) throws IOException {
            say(line);
            StringBuilder before = new StringBuilder();
            for (String read = out.readLine(); ; read = out.readLine()) {
                if (read == null) {
                    throw new IOException(line + ": floofctl ended: " + before);
                }
                if (read.equals(answer)) {
                    return;
                }
                if (read.startsWith("error: ")) {
                    throw new IOException(line + ": " + before + read);
                }
                before.append(read).append('\n');
            }
        }

        /** Has the lines of an answer counted. */
        void count(String line) throws IOException {
            say(line + " | count");
            String read;
            do {
                read = out.readLine();
                if (read == null) {
                    throw new IOException(line + ": floofctl ended");
                }
            } while (!read.startsWith("Count: ")); // who else edits is told before
        }

        void load(String lines) throws IOException {
            Path file = network.folder().resolve("lines");
            Files.writeString(file, lines);
            say("load set " + file, "load complete");
        }

        /** Seconds that a description took. */
        double leaf(String description) throws IOException {
            say("set interfaces ge-0 description \"" + description + "\"");
            return commit();
        }

        /** Seconds that it took. */
        double commit() throws IOException {
            long startNs = System.nanoTime();
            say("commit", "commit complete");
            return (System.nanoTime() - startNs) / 1e9;
        }

        @Override
        public void close() {
            try {
                in.close();
                floofctl.waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
