package floof.control.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import floof.control.bird.Bird;
import floof.control.bird.BirdException;
import floof.control.bird.BirdLab;
import floof.control.plan.Intent;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long packets are lost when the better of two upstreams goes, in each way it can, and when our
 * own BIRD does. A client behind us pings an address that both upstreams have; the longest time
 * between two answers is printed and bounded by what the configuration promises.
 */
class BlackholeTest {

    private static final int HOLD_S = 3;
    private static final int STALE_S = 4;

    /** For looking once a second, and for a busy machine. */
    private static final double SLACK_S = 4;

    private static final String SERVER = "203.0.113.1";
    private static final Pattern ANSWER = Pattern.compile("\\[([0-9.]+)\\] 64 bytes from .*");

    private BirdLab lab;
    private BirdLab.Neighbour better;
    private @Nullable Process ping;
    private File answers = new File("/dev/null");
    private String session = "";

    @BeforeEach
    void wire() throws Exception {
        lab = new BirdLab();
        better = lab.neighbour(1).start(upstream(1, ""));
        BirdLab.Neighbour worse = lab.neighbour(2).start(upstream(2, "bgp_path.prepend(65002);"));
        for (BirdLab.Neighbour upstream : List.of(better, worse)) {
            Netns.run(upstream.namespace, "ip address add " + SERVER + "/32 dev lo");
            int number = upstream == better ? 1 : 2;
            Netns.run(upstream.namespace, "ip route add 198.18.0.0/24 via 192.0." + number + ".1");
        }
    }

    @AfterEach
    void close() {
        if (ping != null) {
            ping.destroyForcibly();
        }
        lab.close();
    }

    private static String upstream(int number, String filter) {
        return """
        router id 192.0.%1$d.2;
        protocol device {}
        protocol bfd {}
        protocol static { ipv4; route 203.0.113.0/24 blackhole; }
        protocol bgp r {
            local as 6500%1$d; neighbor 192.0.%1$d.1 as 65000; bfd on;
            graceful restart on; connect delay time 1; error wait time 1, 2;
            ipv4 { import none; export filter { %2$s accept; }; next hop self; };
        }
        """
                .formatted(number, filter);
    }

    private void start() throws Exception {
        String text =
                """
                interfaces { v1 { driver tap; address 192.0.1.1/24; } }
                bgp {
                    asn 65000;
                    router-id 192.0.1.1;
                    peer better { remote-as 65001; neighbor 192.0.1.2; session { hold-time %1$d; max-stale %2$d; %3$s } }
                    peer worse { remote-as 65002; neighbor 192.0.2.2; session { hold-time 60; } }
                }
                """
                        .formatted(HOLD_S, STALE_S, session);
        lab.run(text);
        Intent.Bgp bgp = BirdLab.intent(text).bgp();
        lab.watch(() -> bgp);
        var client = lab.sandbox.namespace("client");
        Netns.run(lab.ours, "ip link add c type veth peer name c netns " + client.getFileName());
        Netns.run(lab.ours, "ip address add 198.18.0.1/24 dev c");
        Netns.run(lab.ours, "ip link set c up");
        Netns.run(client, "ip address add 198.18.0.2/24 dev c");
        Netns.run(client, "ip link set c up");
        Netns.run(client, "ip route add default via 198.18.0.1");
        await(
                "both upstreams",
                () -> birdRoutes() == 2 && lab.kernel("203.0.113.0/24").contains("192.0.1.2"));
        answers = lab.sandbox.instance.run().resolve("ping").toFile();
        ping =
                new ProcessBuilder(
                                "nsenter",
                                "--net=" + client,
                                "ping",
                                "-D",
                                "-n",
                                "-i",
                                "0.05",
                                SERVER)
                        .redirectErrorStream(true)
                        .redirectOutput(answers)
                        .start();
        await("answers", () -> answers() >= 20);
    }

    private long birdRoutes() {
        try {
            return lab.bird.protocols().stream()
                    .filter(it -> it.type().equals("BGP"))
                    .mapToLong(it -> it.count("imported"))
                    .sum();
        } catch (IOException | BirdException e) {
            return 0;
        }
    }

    private static void await(String what, BooleanSupplier isSo) throws Exception {
        assertThat(Eventually.holds(isSo::getAsBoolean)).as(what).isTrue();
    }

    private long answers() {
        try {
            return Files.readAllLines(answers.toPath()).stream()
                    .filter(line -> ANSWER.matcher(line).matches())
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Waits until packets flow by the other upstream, and bounds the longest pause. */
    private void measure(String event, double promisedS) throws Exception {
        await(
                "the other upstream after " + event,
                () -> lab.kernel("203.0.113.0/24").contains("192.0.2.2"));
        bound(event, promisedS);
    }

    private void bound(String event, double promisedS) throws Exception {
        long before = answers();
        await("answers after " + event, () -> answers() > before + 20);
        double last = 0;
        double longest = 0;
        for (String line : Files.readAllLines(answers.toPath())) {
            Matcher answer = ANSWER.matcher(line);
            if (answer.matches()) {
                double time = Double.parseDouble(answer.group(1));
                longest = last == 0 ? 0 : Math.max(longest, time - last);
                last = time;
            }
        }
        System.out.printf("blackhole: %s: %.2f s, promised %.1f s%n", event, longest, promisedS);
        assertThat(longest).as(event).isLessThan(promisedS + SLACK_S);
    }

    /** The better upstream answers no ping any more; with {@code all}, nothing at all. */
    private void dies(boolean all) {
        String match = all ? "" : "ip protocol icmp ";
        Netns.run(better.namespace, "nft add table inet dead");
        for (String hook : List.of("input", "output")) {
            Netns.run(
                    better.namespace,
                    "nft add chain inet dead %1$s { type filter hook %1$s priority -300 ; }"
                            .formatted(hook));
            Netns.run(better.namespace, "nft add rule inet dead " + hook + " " + match + "drop");
        }
    }

    @Test
    void aSilentPeer() throws Exception {
        start();
        dies(true);
        measure("silent peer (hold time " + HOLD_S + " s)", HOLD_S);
    }

    @Test
    @Tag("slow")
    void aPeerWhoseConnectionCloses() throws Exception {
        start();
        dies(false);
        better.kill();
        measure("closed connection (max-stale " + STALE_S + " s)", STALE_S);
    }

    @Test
    @Tag("slow")
    void aPeerThatResets() throws Exception {
        start();
        dies(false);
        Netns.run(better.namespace, "ss -K dst 192.0.1.1");
        better.kill();
        measure("reset connection (max-stale " + STALE_S + " s)", STALE_S);
    }

    @Test
    @Tag("slow")
    void aClosedConnectionWithoutGracefulRestart() throws Exception {
        session = "graceful-restart off;";
        start();
        dies(false);
        better.kill();
        measure("closed connection, graceful restart off", 0);
    }

    @Test
    @Tag("slow")
    void aLinkThatGoesDown() throws Exception {
        start();
        Netns.run(better.namespace, "ip link set v1 down");
        measure("link down", 0);
    }

    @Test
    @Tag("slow")
    void bfdNoticesASilentPeer() throws Exception {
        session = "bfd; bfd-interval 100; bfd-multiplier 3;";
        start();
        await(
                "BFD is up",
                () ->
                        Netns.run(
                                        lab.ours,
                                        "birdc -s "
                                                + lab.sandbox.instance.birdSocket()
                                                + " show bfd sessions")
                                .contains(" Up "));
        dies(true);
        measure("silent peer with BFD (3 x 100 ms)", 0.3);
    }

    @Test
    @Tag("slow")
    void ourOwnBirdIsKilled() throws Exception {
        start();
        long pid = Bird.find(lab.sandbox.instance).getFirst().pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await(
                "another BIRD",
                () -> {
                    var found = Bird.find(lab.sandbox.instance);
                    return !found.isEmpty() && found.getFirst().pid() != pid && birdRoutes() == 2;
                });
        bound("our own BIRD killed", 0);
    }
}
