package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.time.LocalTime;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The main job end to end: stock hosts, stock BIRD, our router between them, both families. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingTest {
    private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}");

    @AutoClose private final Peering lab = new Peering(Network.unique("fw"));
    private Router router;

    @BeforeAll
    void build() {
        router = lab.router(Peering.CONFIGURATION);
        assertThat(lab.awaitRoutes(router)).as("BGP routes; log: %s", router.log()).isTrue();
        Iperf.serve(lab, "server");
        // The first packet of each neighbour is Linux's.
        for (String server : List.of(Peering.SERVER4, Peering.SERVER6)) {
            Eventually.holds(() -> lab.reachesSteadily("client", server));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Peering.SERVER4, Peering.SERVER6})
    void pingPassesWithoutLoss(String server) {
        assertThat(
                        lab.in("client", "ping", "-n", "-c", "50", "-i", "0.02", "-W", "1", server)
                                .mustRun())
                .contains(" 50 received, 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(strings = {Peering.SERVER4, Peering.SERVER6})
    void tracerouteShowsEachHop(String server) {
        assertThat(lab.hops(server)).isEqualTo(Peering.expectedHops(server));
    }

    @ParameterizedTest
    @ValueSource(strings = {Peering.SERVER4, Peering.SERVER6})
    void tcpTakesTheFastPath(String server) {
        Forwarded before = forwarded();
        long deviceBefore = clientDevice("packets");
        long deviceBytesBefore = clientDevice("bytes");
        JsonNode result = json(lab.in("client", "iperf3", "-c", server, "-t", "1", "-J").mustRun());
        double gigabits = result.at("/end/sum_received/bits_per_second").asDouble() / 1e9;
        Forwarded after = forwarded();
        long device = clientDevice("packets") - deviceBefore;
        long deviceBytes = clientDevice("bytes") - deviceBytesBefore;
        long fast = after.packets - before.packets;
        long fastBytes = after.bytes - before.bytes;
        long excepted = after.excepted - before.excepted;
        System.out.printf(
                "%s: %.2f Gbit/s, client's device %d packets, fast path %d, exceptions %d%n",
                server, gigabits, device, fast, excepted);
        assertThat(device).isGreaterThan(1_000);
        // The client's device sends and receives each packet of the run exactly once.
        assertThat((double) fast / device)
                .as(() -> router.must("show fast-path statistics"))
                .isBetween(0.99, 1.01);
        assertThat((double) fastBytes / deviceBytes).isBetween(0.99, 1.01);
        assertThat((double) excepted / device).isLessThan(0.01);
    }

    /**
     * @param packets sent by the fast path itself, Linux's own not included
     * @param bytes sent by the ports
     * @param excepted handed to Linux
     */
    private record Forwarded(long packets, long bytes, long excepted) {}

    private Forwarded forwarded() {
        JsonNode statistics = router.json("show fast-path statistics");
        long bytes = 0;
        for (JsonNode port : statistics.get("interfaces")) {
            bytes += port.get("txBytes").asLong();
        }
        return new Forwarded(
                statistics.get("forwarded").asLong(), bytes, statistics.get("excepted").asLong());
    }

    /** Received and sent together. */
    private long clientDevice(String what) {
        JsonNode stats =
                json(lab.in("client", "ip", "-s", "-j", "link", "show", "eth0").mustRun())
                        .get(0)
                        .get("stats64");
        return stats.get("rx").get(what).asLong() + stats.get("tx").get(what).asLong();
    }

    private static JsonNode json(String text) {
        return tools.jackson.databind.json.JsonMapper.builder().build().readTree(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {Peering.SERVER4, Peering.SERVER6})
    void pathMtuIsDiscovered(String server) {
        router.must("configure", "set interfaces ge-1 mtu 1400", "commit and-quit");
        lab.ip("peer", "link set eth0 mtu 1400");
        try {
            int payload = server.contains(":") ? 1452 : 1472;
            String refused =
                    lab.in(
                                    "client",
                                    "ping",
                                    "-n",
                                    "-M",
                                    "do",
                                    "-c",
                                    "2",
                                    "-W",
                                    "1",
                                    "-s",
                                    "" + payload,
                                    server)
                            .run()
                            .output();
            assertThat(refused)
                    .containsPattern(
                            "(?i)(frag needed|packet too big|message too long).*mtu ?= ?1400");
            // TCP adapts: the run would stall if the error were lost.
            Iperf.carries(lab, "client", server, 10);
        } finally {
            router.must("configure", "delete interfaces ge-1 mtu", "commit and-quit");
            lab.ip("peer", "link set eth0 mtu 1500");
            lab.ip("client", "route flush cache");
            lab.ip("client", "-6 route flush cache");
        }
    }

    /** Withdrawn by BGP: gone from the wire within a second, while its neighbours flow. */
    @ParameterizedTest
    @ValueSource(strings = {"10.66.%d.1/24", "2001:db8:66:%d::1/64"})
    void withdrawnRoutesStopAndNewOnesStart(String pattern) {
        List<String> prefixes = new java.util.ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            prefixes.add(pattern.formatted(i).replace("1/24", "0/24").replace("::1/64", "::/64"));
        }
        String kept = pattern.formatted(1).replaceAll("/.*", "");
        String withdrawn = pattern.formatted(2).replaceAll("/.*", "");
        String fresh = pattern.formatted(3).replaceAll("/.*", "");
        String tag = pattern.contains(":") ? "6" : "4";
        lab.announce(prefixes.subList(0, 2));
        lab.start(
                "wire" + tag,
                lab.in(
                        "peer",
                        "tcpdump",
                        "-tt",
                        "-n",
                        "-l",
                        "-i",
                        "eth0",
                        "icmp[0]==8 or icmp6[0]==128"));
        List<Process> traffic = new java.util.ArrayList<>();
        for (String target : List.of(kept, withdrawn, fresh)) {
            traffic.add(
                    lab.start(
                            "to-" + target,
                            lab.in("client", "ping", "-n", "-i", "0.01", "-W", "1", target)));
        }
        assertThat(Eventually.holds(() -> seen(tag, kept) > 0 && seen(tag, withdrawn) > 0))
                .isTrue();
        assertThat(seen(tag, fresh)).isZero();

        double withdrawnAt = System.currentTimeMillis() / 1e3;
        lab.announce(List.of(prefixes.get(0)));
        // How long BGP and Linux take says how busy the machine is.
        String route = withdrawn.replaceAll("1$", tag.equals("6") ? "/64" : "0/24");
        String family = "-" + tag;
        Eventually.await(() ->
                router.inDataplane("ip", family, "route", "show", "exact", route)
                        .mustRun()
                        .isBlank());
        double goneAt = System.currentTimeMillis() / 1e3;
        assertThat(Eventually.holds(() -> seen(tag, kept) - seen(tag, withdrawn) > 1))
                .as("it stops, the other prefix flows")
                .isTrue();
        assertThat(seen(tag, withdrawn) - goneAt).isLessThan(1.0 + (goneAt - withdrawnAt));

        lab.announce(List.of(prefixes.get(0), prefixes.get(2)));
        assertThat(Eventually.holds(() -> seen(tag, fresh) > 0)).isTrue();
        lab.announce(List.of());
        traffic.forEach(Process::destroy);
    }

    /**
     * Seconds since the epoch of the last echo request to this target at the peer's device; 0 =
     * none.
     */
    private double seen(String tag, String target) {
        double last = 0;
        for (String line : lab.log("wire" + tag).split("\n")) {
            if (line.contains("> " + target + ":")) {
                last = Double.parseDouble(line.substring(0, line.indexOf(' ')));
            }
        }
        return last;
    }

    /** Seen by the neighbours: what a commit does not need to end goes on, with its uptime. */
    @Test
    void aChangeOfOnePeerLeavesTheOthersSessions() {
        lab.write(
                "second.conf",
                """
                log stderr all;
                router id 192.0.2.2;
                protocol device {}
                template bgp floof { local as 65020; neighbor 192.0.2.1 as 65000; connect delay time 1; error wait time 1, 2; ipv4 { import all; export none; }; }
                protocol bgp router4 from floof {}
                """);
        String files = lab.folder() + "/second";
        lab.start(
                "second",
                lab.in("client", "bird", "-f", "-c", files + ".conf", "-s", files + ".sock"));
        router.commit(
                List.of(
                        "set bgp peer second remote-as 65020",
                        "set bgp peer second neighbor 192.0.2.2"));
        assertThat(Eventually.holds(() -> second("protocols").contains("Est")))
                .as(() -> lab.log("second") + second("protocols all") + router.log())
                .isTrue();
        String others = sessionsOf(lab.peerBird("show protocols"));
        String own = sessionsOf(second("protocols"));

        router.commit(
                List.of(
                        "set bgp peer second description \"the client\"",
                        "set bgp peer transit description \"another word\""));
        assertThat(router.must("show bgp neighbor")).contains("another word");
        router.commit(List.of("set bgp prefixes 10.88.0.0/16"));
        assertThat(Eventually.holds(() -> isAnnounced("10.88.0.0/16"))).isTrue();
        router.commit(List.of("set routing static route 10.89.0.0/16 next-hop 192.0.2.2"));
        router.commit(List.of("delete bgp prefixes 10.88.0.0/16", "delete routing"));
        assertThat(Eventually.holds(() -> !isAnnounced("10.88.0.0/16"))).isTrue();
        assertThat(sessionsOf(second("protocols")))
                .as("the touched one")
                .matches(now -> areSame(own, now), "goes on");

        router.commit(List.of("set bgp peer second remote-as 65021"));
        assertThat(Eventually.holds(() -> !areSame(own, sessionsOf(second("protocols")))))
                .as("another AS is another session")
                .isTrue();
        router.commit(List.of("delete bgp peer second"));
        assertThat(sessionsOf(lab.peerBird("show protocols")))
                .matches(now -> areSame(others, now), "go on");
        router.must(
                "configure",
                "set bgp peer transit description \"the way to the server\"",
                "commit and-quit");
    }

    private String second(String what) {
        return Command.of("birdc", "-s", lab.folder() + "/second.sock", "show " + what)
                .run()
                .output();
    }

    /** To both neighbours. */
    private boolean isAnnounced(String prefix) {
        return second("route").contains(prefix) && lab.peerBird("show route").contains(prefix);
    }

    /** With the time since which each is what it is. */
    private static String sessionsOf(String protocols) {
        return String.join(
                "\n",
                protocols.lines().filter(line -> line.startsWith("router")).sorted().toList());
    }

    /** BIRD computes the time anew at each look, to a millisecond or so. */
    private static boolean areSame(String before, String now) {
        return TIME.matcher(before).replaceAll("").equals(TIME.matcher(now).replaceAll(""))
                && Math.abs(millis(before) - millis(now)) < 50;
    }

    private static long millis(String sessions) {
        return TIME.matcher(sessions)
                .results()
                .mapToLong(time -> LocalTime.parse(time.group()).toNanoOfDay() / 1_000_000)
                .sum();
    }

    @Test
    void aCommitLeavesRoutesTypedIntoLinux() {
        router.inDataplane("ip", "route", "add", "10.77.0.0/24", "via", "198.51.100.2").mustRun();
        try {
            assertThat(
                            Eventually.holds(() ->
                                    router.must("show route 10.77.0.0/24")
                                            .contains("10.77.0.0/24")))
                    .isTrue();
            router.must("configure", "set interfaces ge-0 description x", "commit and-quit");
            assertThat(router.inDataplane("ip", "route", "show", "10.77.0.0/24").mustRun())
                    .as("a commit removes only what a commit made")
                    .contains("198.51.100.2");
        } finally {
            router.inDataplane("ip", "route", "del", "10.77.0.0/24").run();
        }
    }

    @Test
    void aWrongCommitChangesNothingAndSaysWhere() {
        String before = router.must("show configuration | display set");
        Command.Outcome outcome =
                router.ctl(
                        "configure", "set interfaces ge-9 device nosuch0", "commit", "rollback 0");
        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.output()).contains("interfaces ge-9").contains("nosuch0");
        assertThat(router.must("show configuration | display set")).isEqualTo(before);
        assertThat(router.inDataplane("ip", "link", "show", "ge-9").run().isGood()).isFalse();
        pingPassesWithoutLoss(Peering.SERVER4);
    }

    @Test
    void rollbackGoesBack() {
        router.must("configure", "set interfaces ge-0 address 192.0.2.77/24", "commit and-quit");
        assertThat(router.inDataplane("ip", "addr", "show", "ge-0").mustRun())
                .contains("192.0.2.77");
        router.must("configure", "rollback 1", "commit and-quit");
        assertThat(router.inDataplane("ip", "addr", "show", "ge-0").mustRun())
                .doesNotContain("192.0.2.77")
                .contains("192.0.2.1/24");
    }
}
