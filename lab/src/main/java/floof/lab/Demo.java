package floof.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./floof demo}: builds the {@link Peering} lab, configures the router by the floofctl
 * commands it prints, sends real traffic and shows which packets took the fast path. With {@code
 * --check} unattended: one line per check, then {@code demo: N checks passed, M failed}; exit
 * status 0 only if M is 0. Otherwise ends in the floofctl prompt.
 */
public final class Demo {

    private static final Pattern GIGABITS = Pattern.compile("([0-9.]+) ([GM])bits/sec.*receiver");

    private final Peering lab;
    private final Router router;
    private int passed;
    private int failed;

    private Demo(Peering lab) {
        this.lab = lab;
        this.router = new Router(lab, "router", "demo");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        boolean unattended = List.of(args).equals(List.of("--check"));
        if (args.length != 0 && !unattended) {
            System.err.println("demo " + String.join(" ", args) + ": expected nothing or --check");
            System.exit(1);
        }
        removeLeftovers();
        int failures;
        try (Peering lab = new Peering("demo")) {
            Demo demo = new Demo(lab);
            demo.show();
            if (!unattended) {
                demo.prompt();
            }
            failures = demo.finish();
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    /** What a demo that was killed with -9 left behind. Its names are the demo's own. */
    private static void removeLeftovers() {
        Path supervisor = Path.of("/run/floof/demo/supervisor.lock");
        if (Files.exists(supervisor)) {
            Command.Outcome outcome =
                    Command.of(Router.repository() + "/floof", "release", "--instance", "demo")
                            .run();
            if (!outcome.isGood()) {
                throw new IllegalStateException("a demo runs already? " + outcome.output());
            }
        }
        for (String namespace : Command.of("ip", "netns", "list").mustRun().split("\n")) {
            if (namespace.startsWith("demo-")) {
                Command.of("ip", "netns", "del", namespace.split(" ")[0]).run();
            }
        }
    }

    private void show() {
        say(
                """
                FloofOS demo: four network namespaces; the router is ours, the others are stock Linux, the peer runs a stock BIRD.

                  client ──────────── router ──────────── peer ──────────── server
                     192.0.2.0/24          198.51.100.0/24     203.0.113.0/24
                     2001:db8:1::/64       2001:db8:2::/64     2001:db8:3::/64
                                  ge-0  AS 65000  ge-1   AS 65010
                """);
        say("$ ./floof run --instance demo");
        router.awaitReady();

        step("The router is configured with floofctl:");
        Command.Outcome commit = configure();
        check("the configuration is committed", commit.output().contains("commit complete"));

        step("The peer announces the server's prefixes by BGP:");
        check("BGP routes of both families reached Linux", lab.awaitRoutes(router));
        operate("show bgp summary");
        operate("show route 203.0.113.0/24");
        operate("show route 2001:db8:3::/64");

        step("The client talks to the server:");
        traffic("IPv4", Peering.SERVER4);
        traffic("IPv6", Peering.SERVER6);

        step("Which way did the packets take?");
        operate("show interfaces");
        operate("show fast-path statistics");
        share();
    }

    private Command.Outcome configure() {
        List<String> commands = new ArrayList<>(List.of("configure"));
        commands.addAll(Peering.CONFIGURATION);
        commands.addAll(List.of("show | compare", "commit and-quit"));
        commands.forEach(command -> say("  " + command));
        Command.Outcome outcome = router.ctl(commands.toArray(String[]::new));
        say(outcome.output());
        return outcome;
    }

    private void operate(String command) {
        say("> " + command);
        Command.Outcome outcome = router.ctl(command);
        say(outcome.output());
        if (!outcome.isGood()) {
            check(command, false);
        }
    }

    private void traffic(String family, String server) {
        // The first packet finds no neighbour yet: Linux resolves it.
        Network.await(Duration.ofSeconds(10), () -> lab.reaches("client", server));
        say("client$ ping -c 5 " + server);
        Command.Outcome ping =
                lab.in("client", "ping", "-n", "-c", "5", "-i", "0.2", "-W", "1", server).run();
        say(ping.output());
        check(family + " ping", ping.output().contains(" 5 received, 0% packet loss"));

        Process server3 = lab.start("iperf3-" + family, lab.in("server", "iperf3", "-s", "-1"));
        Network.await(
                Duration.ofSeconds(5),
                () ->
                        lab.in("server", "ss", "-Hltn", "sport = :5201")
                                .run()
                                .output()
                                .contains("5201"));
        say("client$ iperf3 -t 3 -c " + server);
        Command.Outcome iperf = lab.in("client", "iperf3", "-t", "3", "-c", server).run();
        say(iperf.output());
        Matcher rate = GIGABITS.matcher(iperf.output());
        check(
                family
                        + " TCP"
                        + (rate.find() ? ", " + rate.group(1) + " " + rate.group(2) + "bit/s" : ""),
                iperf.isGood());
        server3.destroy();
    }

    /** Ports' sums against the exceptions: the main job, as one number. */
    private void share() {
        JsonNode statistics = router.json("show fast-path statistics");
        long forwarded = statistics.get("forwarded").asLong();
        long exceptions = statistics.get("excepted").asLong();
        double percent = 100.0 * forwarded / Math.max(1, forwarded + exceptions);
        check(
                "%.2f %% of %d packets took the fast path, %d were exceptions"
                        .formatted(percent, forwarded + exceptions, exceptions),
                percent > 99);
    }

    private void prompt() throws IOException, InterruptedException {
        if (System.console() == null || !System.console().isTerminal()) {
            return;
        }
        step("Your turn: floofctl on the router. 'exit' ends the demo and removes everything.");
        new ProcessBuilder(Router.repository() + "/floof", "ctl", "--instance", router.instance())
                .inheritIO()
                .start()
                .waitFor();
    }

    private int finish() {
        router.stop();
        Command.Outcome devices =
                lab.in("router", "ip", "-br", "link", "show", "type", "veth").run();
        check(
                "the devices were returned",
                devices.output().contains("eth0") && devices.output().contains("eth1"));
        say("demo: " + passed + " checks passed, " + failed + " failed");
        return failed;
    }

    private void check(String what, boolean holds) {
        if (holds) {
            passed++;
        } else {
            failed++;
        }
        say((holds ? "  ok      " : "  FAILED  ") + what);
        if (!holds) {
            say(router.log());
        }
    }

    private static void step(String text) {
        say("\n── " + text);
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
