package floof.lab.bench;

import floof.lab.Network;
import floof.lab.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code ./floof bench cli}: from the command to the end of {@code floofctl -c 'show version'}, and
 * to the prompt of {@code floofctl} on a terminal, of a router that idles. The first runs, which
 * fill the disk cache and warm floofd up, do not count.
 */
public final class Cli {

    private static final int WARM_UPS = 20;
    private static final int RUNS = 41;

    /** What the operator waits for at most, in ms. */
    private static final double TARGET_MS = 120;

    private final String floof = Router.repository().resolve("floof").toString();
    private final String instance;

    private Cli(String instance) {
        this.instance = instance;
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        Results results = new Results(isJson);
        try (Network network = new Network("bcl")) {
            network.host("router");
            Router router = new Router(network, "router", "bcl");
            router.awaitReady();
            Cli bench = new Cli(router.instance());
            bench.measure(results, "cli-show-version", bench::showVersion);
            bench.measure(results, "cli-prompt", bench::prompt);
        }
        if (isJson) {
            System.out.println(results.json());
        }
    }

    private interface Run {
        void once() throws IOException, InterruptedException;
    }

    private void measure(Results results, String name, Run run)
            throws IOException, InterruptedException {
        double[] ms = new double[RUNS];
        for (int i = -WARM_UPS; i < RUNS; i++) {
            long startNs = System.nanoTime();
            run.once();
            if (i >= 0) {
                ms[i] = (System.nanoTime() - startNs) / 1e6;
            }
        }
        double[] three = results.add(name, "ms", ms);
        results.say(
                "%-18s %6.1f ms (%.1f to %.1f), of %.0f",
                name, three[1], three[0], three[2], TARGET_MS);
    }

    private void showVersion() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(floof, "ctl", "--instance", instance, "-c", "show version")
                        .redirectErrorStream(true)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || !text.contains("Instance: " + instance)) {
            throw new IllegalStateException("show version: " + text);
        }
    }

    /** On a terminal that script(1) makes; its own start counts too. */
    private void prompt() throws IOException, InterruptedException {
        String command = floof + " ctl --instance " + instance;
        ProcessBuilder builder =
                new ProcessBuilder("script", "-qfc", command, "/dev/null")
                        .redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        Process process = builder.start();
        StringBuilder screen = new StringBuilder();
        InputStream in = process.getInputStream();
        byte[] bytes = new byte[1000];
        while (screen.indexOf("> ") < 0) {
            int count = in.read(bytes);
            if (count < 0) {
                throw new IllegalStateException("no prompt: " + screen);
            }
            screen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
        // What waits here is not the operator's time.
        Thread.ofVirtual()
                .start(() -> {
                    process.descendants().forEach(ProcessHandle::destroy);
                    process.destroy();
                });
    }
}
