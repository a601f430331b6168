package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What Linux says, the fast path does: routes of every kind, several next hops, neighbours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinuxStateTest {

    private static final String SECOND = "198.51.100.3";

    @AutoClose private final Peering lab = new Peering(Network.unique("ls"));
    private Router router;

    /** The peer's link has a second host on it, with a MAC of its own. */
    @BeforeAll
    void build() {
        router = lab.router(Peering.CONFIGURATION);
        assertThat(lab.awaitRoutes(router)).as("BGP routes; log: %s", router.log()).isTrue();
        // Else Linux sends some ICMP errors, then one a second.
        for (String limit : List.of("net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0")) {
            router.inDataplane("sysctl", "-qw", limit).mustRun();
        }
        lab.sysctl("peer", "net.ipv4.conf.all.arp_ignore=1");
        lab.ip("peer", "link add second link eth0 address 02:00:00:00:22:22 type macvlan");
        lab.ip("peer", "address add " + SECOND + "/32 dev second");
        lab.ip("peer", "link set second up");
        lab.ip("server", "link set lo up");
        lab.ip("server", "address add 10.77.0.2/32 dev lo");
        lab.ip("peer", "route add 10.77.0.0/24 via " + Peering.SERVER4);
        for (String host : List.of("198.51.100.2", SECOND, Peering.SERVER4)) {
            assertThat(Eventually.holds(() -> pings(host, 1) == 1)).as(host).isTrue();
        }
    }

    private long pings(String to, int count, String... options) {
        return ping(to, count, options)
                .lines()
                .filter(line -> line.contains(" bytes from "))
                .count();
    }

    private String ping(String to, int count, String... options) {
        List<String> words =
                new ArrayList<>(List.of("ping", "-n", "-c", "" + count, "-i", "0.2", "-W", "1"));
        words.addAll(List.of(options));
        words.add(to);
        return lab.in("client", words.toArray(String[]::new)).run().output();
    }

    private long reason(String name) {
        for (JsonNode row : router.json("show fast-path statistics").get("reasons")) {
            if (row.get("reason").asString().equals(name)) {
                return row.get("packets").asLong();
            }
        }
        return 0;
    }

    private long forwarded() {
        return router.json("show fast-path statistics").get("forwarded").asLong();
    }

    private void typed(String route, Runnable test) {
        String family = route.contains(":") ? "-6" : "-4";
        router.inDataplane(("ip " + family + " route add " + route).split(" ")).mustRun();
        try {
            test.run();
        } finally {
            router.inDataplane(("ip " + family + " route del " + route).split(" ")).run();
        }
    }

    private void arp(int ignore, int announce) {
        router.inDataplane(
                        "sysctl",
                        "-qw",
                        "net.ipv4.conf.ge-0.arp_ignore=" + ignore,
                        "net.ipv4.conf.ge-0.arp_announce=" + announce)
                .mustRun();
    }

    /** Its frames have another MAC than the port; the client's come back to that. */
    @Test
    void aMacvlanOnAPortIsReached() {
        String address = "192.0.2.9";
        // Else the port speaks for every address of the router with its own MAC.
        arp(1, 2);
        router.inDataplane(
                        "ip",
                        "link",
                        "add",
                        "vrrp",
                        "link",
                        "ge-0",
                        "address",
                        "00:00:5e:00:01:33",
                        "type",
                        "macvlan",
                        "mode",
                        "private")
                .mustRun();
        try {
            router.inDataplane("ip", "address", "add", address + "/32", "dev", "vrrp").mustRun();
            // The way back is the port's own: loose, whatever the machine's default is.
            router.inDataplane("sysctl", "-qw", "net.ipv4.conf.vrrp.rp_filter=2").mustRun();
            router.inDataplane("ip", "link", "set", "vrrp", "up").mustRun();
            assertThat(Eventually.holds(() -> pings(address, 1) == 1))
                    .as("reached; reasons %s", router.json("show fast-path statistics"))
                    .isTrue();
            long before = reason("other-mac");
            assertThat(pings(address, 5)).isEqualTo(5);
            assertThat(reason("other-mac") - before).isGreaterThanOrEqualTo(5);
        } finally {
            router.inDataplane("ip", "link", "delete", "vrrp").mustRun();
            arp(0, 0);
        }
        assertThat(Eventually.holds(() -> pings(address, 1) == 0)).isTrue();
    }

    @Test
    void aTypedRouteCarriesPackets() {
        assertThat(pings("10.77.0.2", 1)).isZero();
        typed(
                "10.77.0.0/24 via 198.51.100.2",
                () -> {
                    assertThat(Eventually.holds(() -> pings("10.77.0.2", 1) == 1)).isTrue();
                    long before = forwarded();
                    assertThat(pings("10.77.0.2", 10)).isEqualTo(10);
                    assertThat(forwarded() - before).as("by the fast path").isGreaterThan(19);
                });
        assertThat(pings("10.77.0.2", 1)).isZero();
    }

    /** The fast path leaves them to Linux, which sends the ICMP error; or drops at once. */
    @ParameterizedTest
    @CsvSource({
        "unreachable, 10.78.0.0/24, 10.78.0.1, Host Unreachable",
        "prohibit, 10.78.0.0/24, 10.78.0.1, Packet filtered",
        "blackhole, 10.78.0.0/24, 10.78.0.1,",
        "unreachable, 2001:db8:78::/64, 2001:db8:78::1, (?i)(no route|address unreachable)",
        "prohibit, 2001:db8:78::/64, 2001:db8:78::1, (?i)administratively prohibited",
        "blackhole, 2001:db8:78::/64, 2001:db8:78::1,"
    })
    void aRouteThatRefuses(String kind, String prefix, String target, String answer) {
        typed(
                kind + " " + prefix,
                () -> {
                    long before = reason("route-" + kind);
                    assertThat(
                                    Eventually.holds(() -> {
                                        ping(target, 1);
                                        return reason("route-" + kind) > before;
                                    }))
                            .isTrue();
                    if (answer == null) {
                        assertThat(ping(target, 3))
                                .contains("100% packet loss")
                                .doesNotContain("From ");
                        return;
                    }
                    // A route that refuses has a limit of its own: those of the tests before count.
                    Pattern expected = Pattern.compile("From .*" + answer);
                    assertThat(Eventually.holds(() -> expected.matcher(ping(target, 1)).find()))
                            .as(() -> ping(target, 1))
                            .isTrue();
                });
    }

    @Test
    void flowsSpreadOverEqualNextHops() {
        typed(
                "10.79.0.0/24 nexthop via 198.51.100.2 nexthop via " + SECOND,
                () -> {
                    lab.start(
                            "ecmp",
                            lab.in("peer", "tcpdump", "-lnei", "eth0", "udp and dst net 10.79"));
                    assertThat(Eventually.holds(() -> lab.log("ecmp").contains("listening")))
                            .isTrue();
                    // Until the fast path has the route it leaves packets to Linux, a thousand a
                    // second at most.
                    assertThat(
                                    Eventually.holds(() -> {
                                        long before = forwarded();
                                        send(2000);
                                        return Eventually.holds(
                                                Duration.ofSeconds(2),
                                                () -> forwarded() - before >= 128);
                                    }))
                            .as(() -> router.must("show fast-path statistics"))
                            .isTrue();
                    send(3000);
                    Eventually.holds(() -> received(3000, "") == 128);
                    assertThat(received(3000, ""))
                            .as(() -> router.must("show fast-path statistics"))
                            .isEqualTo(128);
                    assertThat(received(3000, "02:00:00:00:22:22")).isBetween(32L, 96L);
                });
    }

    /** 128 flows, to ports from this one. */
    private void send(int port) {
        String script = "for i in {0..127}; do echo > /dev/udp/10.79.0.1/$((%d + i)); done";
        lab.in("client", "bash", "-c", script.formatted(port)).mustRun();
    }

    /** Packets of such flows that came for a MAC. */
    private long received(int port, String mac) {
        return lab.log("ecmp")
                .lines()
                .filter(line -> line.contains("> " + mac))
                .filter(line -> line.contains("> 10.79.0.1." + port / 1000))
                .count();
    }

    @Test
    void whatMayBeFragmentedIs() {
        router.must("configure", "set interfaces ge-1 mtu 1400", "commit and-quit");
        lab.ip("peer", "link set eth0 mtu 1400");
        try {
            long before = reason("too-big");
            assertThat(pings(Peering.SERVER4, 3, "-M", "dont", "-s", "1450")).isEqualTo(3);
            assertThat(reason("too-big")).isGreaterThan(before);
        } finally {
            router.must("configure", "delete interfaces ge-1 mtu", "commit and-quit");
            lab.ip("peer", "link set eth0 mtu 1500");
        }
    }

    /**
     * A neighbour that only the fast path talks to: Linux keeps it fresh while packets flow, and
     * once it is gone the packets are Linux's again.
     */
    @Test
    @Tag("slow")
    void aNeighbourInUseStaysAndAFailedOneLeaves() {
        String settings = "net.ipv4.neigh.ge-1.";
        for (String setting :
                List.of(
                        "base_reachable_time_ms=1000",
                        "delay_first_probe_time=1",
                        "retrans_time_ms=200",
                        "ucast_solicit=25", // 5 seconds that a busy machine may be elsewhere
                        "mcast_solicit=5")) {
            router.inDataplane("sysctl", "-qw", settings + setting).mustRun();
        }
        // The timer of the entry that is there was set before. It is gone when a packet misses it.
        long known = reason("neighbour-unresolved");
        router.inDataplane("ip", "neigh", "del", SECOND, "dev", "ge-1").mustRun();
        assertThat(
                        Eventually.holds(() -> {
                            ping(SECOND, 1);
                            return reason("neighbour-unresolved") > known;
                        }))
                .isTrue();
        assertThat(Eventually.holds(this::secondIsReachedByTheFastPath)).isTrue();
        long before = reason("neighbour-unresolved");
        assertThat(pings(SECOND, 40)).as("8 seconds, many times the timers").isEqualTo(40);
        assertThat(reason("neighbour-unresolved")).as("none by Linux").isEqualTo(before);
        lab.ip("peer", "link set second down");
        try {
            assertThat(
                            Eventually.holds(() -> {
                                ping(SECOND, 1);
                                return reason("neighbour-unresolved") > before;
                            }))
                    .as(() -> router.inDataplane("ip", "-s", "neigh").run().output())
                    .isTrue();
            assertThat(Eventually.holds(() -> ping(SECOND, 2).contains("Host Unreachable")))
                    .as("and says so")
                    .isTrue();
        } finally {
            lab.ip("peer", "link set second up");
        }
        assertThat(Eventually.holds(() -> pings(SECOND, 1) == 1)).isTrue();
    }

    /** Packets take Linux's path until the fast path has learned the neighbour. */
    private boolean secondIsReachedByTheFastPath() {
        long before = reason("neighbour-unresolved");
        return pings(SECOND, 1) == 1 && reason("neighbour-unresolved") == before;
    }
}
