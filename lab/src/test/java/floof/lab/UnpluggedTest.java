package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Devices that vanish under traffic, in both directions: nothing dies, all others forward on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnpluggedTest {

    private static final List<String> HOSTS = List.of("a", "b", "c", "d");
    private static final List<String> DRIVERS =
            List.of("af-xdp", "af-packet", "af-xdp", "af-packet");

    private Network lab;
    private Router router;

    @BeforeAll
    void build() {
        lab = new Network("up" + ProcessHandle.current().pid() % 10_000);
        lab.host("router");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < HOSTS.size(); i++) {
            lab.host(HOSTS.get(i));
            lab.link(HOSTS.get(i), "eth0", "router", "eth" + i);
            lab.address(HOSTS.get(i), "eth0", "10.0." + i + ".2/24");
            lab.ip(HOSTS.get(i), "route add default via 10.0." + i + ".1");
            lines.add("set interfaces ge-" + i + " device eth" + i);
            lines.add("set interfaces ge-" + i + " driver " + DRIVERS.get(i));
            lines.add("set interfaces ge-" + i + " address 10.0." + i + ".1/24");
        }
        router = new Router(lab, "router", lab.name());
        router.awaitReady();
        router.commit(lines);
        for (int i = 1; i < HOSTS.size(); i++) {
            String target = "10.0." + i + ".2";
            assertThat(
                            Network.await(
                                    Duration.ofSeconds(10),
                                    () ->
                                            lab.in("a", "ping", "-c", "1", "-W", "1", target)
                                                    .run()
                                                    .isGood()))
                    .as("%s answers; log: %s", target, router.log())
                    .isTrue();
        }
    }

    @AfterAll
    void tearDown() {
        if (lab != null) {
            lab.close();
        }
    }

    private String fastPath() {
        return Command.of(
                        "pgrep",
                        "-f",
                        "floof.app.FastPath.*--instance " + router.instance() + "( |$)")
                .mustRun()
                .strip();
    }

    /** The host whose end of the veth is deleted, and the number of its port. */
    @ParameterizedTest
    @CsvSource({"c, 2", "d, 3"})
    void anUnpluggedDeviceHarmsNobody(String host, int port) {
        String before = fastPath();
        Pinger others = new Pinger(lab, "a", "10.0.1.2", "others-" + host);
        Process into =
                lab.start("into-" + host, lab.in("b", Flood.command("10.0." + port + ".2", 4)));
        Process from = lab.start("from-" + host, lab.in(host, Flood.command("10.0.0.2", 4)));
        long sent = sent(port);
        assertThat(Network.await(Duration.ofSeconds(10), () -> sent(port) > sent + 10_000))
                .isTrue();

        lab.ip(host, "link del eth0");
        assertThat(
                        Network.await(
                                Duration.ofSeconds(5),
                                () ->
                                        router.inDataplane("ip", "-o", "link", "show", "ge-" + port)
                                                .run()
                                                .output()
                                                .contains("NO-CARRIER")))
                .as("ge-%d is shown down; %s", port, router.log())
                .isTrue();
        assertThat(others.awaitAnswers(50, Duration.ofSeconds(10))).isTrue();
        into.destroy();
        from.destroy();
        Network.await(Duration.ofSeconds(10), () -> !into.isAlive() && !from.isAlive());
        Pinger.Result result = others.stop();
        System.out.println(host + " unplugged: " + result);
        assertThat(result.longestGapS()).isLessThan(2);
        assertThat(fastPath()).as("the fast path lives; %s", router.log()).isEqualTo(before);
        // Everything that came in ended somewhere, once.
        assertThat(Network.await(Duration.ofSeconds(5), this::addsUp))
                .as(() -> router.must("show fast-path statistics"))
                .isTrue();
    }

    private long sent(int port) {
        for (JsonNode row : router.json("show fast-path statistics").get("interfaces")) {
            if (row.get("name").asString().equals("ge-" + port)) {
                return row.get("txPackets").asLong();
            }
        }
        throw new AssertionError("no interface ge-" + port);
    }

    private boolean addsUp() {
        JsonNode sums = router.json("show fast-path statistics");
        long ended = 0;
        for (String way : List.of("forwarded", "excepted", "dropped")) {
            ended += sums.get(way).asLong();
        }
        return sums.get("received").asLong() == ended;
    }
}
