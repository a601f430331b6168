package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Devices that vanish under traffic, in both directions: nothing dies, all others forward on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnpluggedTest {

    private static final List<String> HOSTS = List.of("a", "b", "c", "d");
    private static final List<String> DRIVERS =
            List.of("af-xdp", "af-packet", "af-xdp", "af-packet");

    @AutoClose private final Network lab = new Network(Network.unique("up"));
    private Router router;

    @BeforeAll
    void build() {
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
        router = lab.router(lines);
        for (int i = 1; i < HOSTS.size(); i++) {
            String target = "10.0." + i + ".2";
            assertThat(Eventually.holds(() -> lab.reaches("a", target)))
                    .as("%s answers; log: %s", target, router.log())
                    .isTrue();
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
    @Tag("slow")
    void anUnpluggedDeviceHarmsNobody(String host, int port) {
        String before = fastPath();
        Pinger beside = new Pinger(lab, "a", "127.0.0.1", "beside-" + host);
        Pinger others = new Pinger(lab, "a", "10.0.1.2", "others-" + host);
        Process into =
                lab.start("into-" + host, lab.in("b", Flood.command("10.0." + port + ".2", 4)));
        Process from = lab.start("from-" + host, lab.in(host, Flood.command("10.0.0.2", 4)));
        long sent = sent(port);
        assertThat(Eventually.holds(() -> sent(port) > sent + 10_000)).isTrue();

        lab.ip(host, "link del eth0");
        assertThat(
                        Eventually.holds(() ->
                                router.inDataplane("ip", "-o", "link", "show", "ge-" + port)
                                        .run()
                                        .output()
                                        .contains("NO-CARRIER")))
                .as("ge-%d is shown down; %s", port, router.log())
                .isTrue();
        assertThat(others.awaitAnswers(50)).isTrue();
        into.destroy();
        from.destroy();
        Eventually.holds(() -> !into.isAlive() && !from.isAlive());
        Pinger.Result result = others.stop();
        System.out.println(host + " unplugged: " + result);
        assertThat(result.longestGapS()).isLessThan(2 + 3 * beside.stop().longestGapS());
        assertThat(fastPath()).as("the fast path lives; %s", router.log()).isEqualTo(before);
        // Everything that came in ended somewhere, once.
        assertThat(Eventually.holds(this::addsUp))
                .as(() -> router.must("show fast-path statistics"))
                .isTrue();
        pluggedInAgainItForwards(host, port);
    }

    /** It is missed meanwhile, and taken again by itself. */
    private void pluggedInAgainItForwards(String host, int port) {
        String missed = "interfaces ge-" + port + ": its device eth" + port + " is gone";
        assertThat(isSaid("show system alarms", missed)).as(router.log()).isTrue();
        assertThat(router.must("show interfaces ge-" + port))
                .contains("Physical link is Down", "Fault: its device eth" + port + " is gone");
        assertThat(router.must("show fast-path ports")).contains("failed: its device eth" + port);
        assertThat(router.commit(List.of("set system host-name r" + port)))
                .as("of something else")
                .contains("commit complete");

        lab.link(host, "eth0", "router", "eth" + port);
        lab.address(host, "eth0", "10.0." + port + ".2/24");
        lab.ip(host, "route add default via 10.0." + port + ".1");
        forwardsAgain(host, port);
        assertThat(isSaid("show system alarms", "No alarms currently active"))
                .as(router.log())
                .isTrue();
        assertThat(Eventually.holds(this::addsUp))
                .as(() -> router.must("show fast-path statistics"))
                .isTrue();
    }

    private void forwardsAgain(String host, int port) {
        assertThat(Eventually.holds(() -> lab.reaches(host, "10.0.0.2")))
                .as("ge-%d forwards again; log: %s", port, router.log())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip link delete ge-1",
                "ip link set ge-1 name other",
                "ip address flush dev ge-1",
                "ip link set ge-1 down"
            })
    void whatIsDoneToATwinByHandIsUndone(String deed) {
        router.inDataplane(deed.split(" ")).mustRun();
        assertThat(Eventually.holds(this::isTwinWhole))
                .as("twin ge-1 is as committed; log: %s", router.log())
                .isTrue();
        forwardsAgain("b", 1);
        assertThat(isSaid("show system alarms", "No alarms currently active")).isTrue();
    }

    private boolean isTwinWhole() {
        String shown =
                router.inDataplane("ip", "address", "show", "up", "dev", "ge-1").run().output();
        return shown.contains("inet 10.0.1.1/24");
    }

    private boolean isSaid(String command, String text) {
        return Eventually.holds(() -> router.must(command).contains(text));
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
