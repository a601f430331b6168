package floof.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.linux.Fd;
import floof.linux.error.LinuxException;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Netns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Against the running kernel, with ip(8) as the oracle. */
@Timeout(300)
class RtnetlinkTest {
    private static final int ONLINK = Route.NextHop.RTNH_F_ONLINK;

    private final Netns network = Netns.withPair();
    private Rtnetlink netlink = NetworkNamespace.call(network.path(), () -> Rtnetlink.open("test"));
    private int a;

    @BeforeEach
    void address() {
        network.addressed();
        a = Objects.requireNonNull(netlink.link("e0")).index();
    }

    @AfterEach
    void end() {
        netlink.close();
        network.close();
    }

    private List<Route> routes(Family family) {
        List<Route> routes = new ArrayList<>();
        assertThat(netlink.routes(family, Route.RT_TABLE_MAIN, 0, routes::add)).isTrue();
        return routes;
    }

    @Test
    void linksAreThoseOfIp() {
        network.ip("link set e0 mtu 1400");
        JsonNode told = network.ipJson("-d link show");
        List<Link> links = netlink.links();
        assertThat(links).hasSize(told.size()).hasSize(3);
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            JsonNode json = told.get(i);
            assertThat(link.index()).isEqualTo(json.get("ifindex").asInt());
            assertThat(link.name()).isEqualTo(json.get("ifname").asString());
            assertThat(link.mtu()).isEqualTo(json.get("mtu").asInt());
            assertThat("" + link.mac()).isEqualTo(json.get("address").asString());
            assertThat(link.kind()).isEqualTo(json.at("/linkinfo/info_kind").asString(""));
            assertThat(link.isUp()).isEqualTo(json.get("flags").toString().contains("\"UP\""));
            assertThat((link.flags() & Link.IFF_LOWER_UP) != 0)
                    .isEqualTo(json.get("flags").toString().contains("LOWER_UP"));
        }
        assertThat(netlink.link("e0")).isEqualTo(links.get(2));
        assertThat(netlink.link("none")).isNull();
    }

    @Test
    void changesLinks() throws IOException {
        netlink.setMtu(a, 1300);
        netlink.setMac(a, MacAddress.parse("02:00:00:00:00:99"));
        netlink.setUp(a, false);
        netlink.rename(a, "c");
        JsonNode json = network.ipJson("link show c").get(0);
        assertThat(json.get("mtu").asInt()).isEqualTo(1300);
        assertThat(json.get("address").asString()).isEqualTo("02:00:00:00:00:99");
        assertThat(json.get("flags").toString()).doesNotContain("\"UP\"");
        try (Netns other = Netns.withPair();
                Fd namespace = Fd.open(other.path().toString(), Fd.O_RDONLY, 0)) {
            netlink.move(a, namespace);
            assertThat(other.ip("-br link show c")).contains("02:00:00:00:00:99");
            assertThat(netlink.link("c")).isNull();
        }
    }

    @Test
    void addressesCarryTheirOwner() {
        InterfaceAddress four = InterfaceAddress.parse("198.51.100.1/24");
        InterfaceAddress six = InterfaceAddress.parse("2001:db8:1::1/64");
        netlink.putAddress(a, four, 77);
        netlink.putAddress(a, six, 77);
        assertThat(network.ip("addr show e0")).contains("inet " + four, "brd 198.51.100.255");
        Set<String> expected = new TreeSet<>();
        for (JsonNode link : network.ipJson("addr show")) {
            for (JsonNode address : link.get("addr_info")) {
                expected.add(
                        link.get("ifindex").asInt()
                                + " "
                                + address.get("local").asString()
                                + "/"
                                + address.get("prefixlen").asInt());
            }
        }
        Set<String> told = new TreeSet<>();
        netlink.addresses().forEach(found -> told.add(found.ifindex() + " " + found.address()));
        assertThat(told).isEqualTo(expected);
        assertThat(netlink.addresses())
                .filteredOn(found -> found.protocol() == 77)
                .extracting(LinkAddress::address)
                .containsExactlyInAnyOrder(four, six);
        netlink.deleteAddress(a, four);
        netlink.deleteAddress(a, six);
        assertThat(network.ip("addr show e0")).doesNotContain("" + four).doesNotContain("" + six);
    }

    @Test
    void neighboursComeAndGo() {
        MacAddress mac = MacAddress.parse("02:00:00:00:00:02");
        for (String text : List.of("192.0.2.2", "2001:db8::2")) {
            IpAddress address = IpAddress.parse(text);
            network.ip("neigh replace " + address + " lladdr " + mac + " nud stale dev e0");
            assertThat(netlink.neighbours())
                    .contains(new Neighbour(a, address, mac, Neighbour.NUD_STALE, 0));
            assertThat(network.ip("neigh show " + address)).contains("" + mac, "STALE");
            netlink.useNeighbour(a, address);
            assertThat(network.ip("neigh show " + address)).contains("DELAY");
            network.ip("neigh del " + address + " dev e0");
            assertThat(network.ip("neigh show " + address)).doesNotContain("" + mac);
        }
    }

    @Test
    void routesOfAllSortsAreWritten() {
        IpAddress four = IpAddress.parse("192.0.2.2");
        IpAddress six = IpAddress.parse("2001:db8::2");
        netlink.replaceRoute(route("10.1.0.0/16", four, 0));
        netlink.replaceRoute(route("10.1.0.0/16", IpAddress.parse("192.0.2.9"), 0));
        netlink.replaceRoute(route("10.2.0.0/16", null, 0));
        netlink.replaceRoute(route("10.3.0.0/16", six, 0));
        netlink.replaceRoute(route("10.4.0.0/16", IpAddress.parse("203.0.113.1"), ONLINK));
        netlink.replaceRoute(route("0.0.0.0/0", four, 0));
        netlink.replaceRoute(route("2001:db8:4::/48", six, 0));
        assertThat(network.ip("-d route"))
                .contains("unicast 10.1.0.0/16 via 192.0.2.9 dev e0 proto bird scope global metric")
                .contains("unicast 10.2.0.0/16 dev e0 proto bird scope link metric 7")
                .contains("unicast 10.3.0.0/16 via inet6 2001:db8::2 dev e0 proto bird")
                .contains("unicast 10.4.0.0/16 via 203.0.113.1 dev e0 proto bird")
                .contains(" metric 7 onlink")
                .contains("unicast default via 192.0.2.2 dev e0")
                .doesNotContain("10.1.0.0/16 via 192.0.2.2");
        assertThat(network.ip("-d -6 route")).contains("2001:db8:4::/48 via 2001:db8::2 dev e0");
    }

    private Route route(String prefix, @Nullable IpAddress gateway, int flags) {
        boolean isOnLink = gateway == null;
        return new Route(
                Prefix.parse(prefix),
                Route.RT_TABLE_MAIN,
                Route.RTN_UNICAST,
                12, // RTPROT_BIRD
                isOnLink ? Route.RT_SCOPE_LINK : Route.RT_SCOPE_UNIVERSE,
                0,
                0,
                7,
                null,
                0,
                0,
                List.of(new Route.NextHop(gateway, a, 1, flags, false)));
    }

    @Test
    void refusalsSayWhatTheKernelAdds() {
        Route beyond = route("10.2.0.0/16", IpAddress.parse("203.0.113.1"), 0);
        assertThatThrownBy(() -> netlink.replaceRoute(beyond))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("RTM_NEWROUTE 10.2.0.0/16 (kernel: ")
                .hasMessageContaining("ENETUNREACH");
    }

    @Test
    void readsRoutesAsIpShowsThem() {
        network.ip("route add 10.0.0.0/8 nexthop via 192.0.2.2 nexthop via 192.0.2.3 weight 7");
        network.ip("route add 10.1.0.0/16 via 192.0.2.2 metric 4294967295 proto bird");
        network.ip("route add 10.2.0.0/16 via inet6 2001:db8::2 dev e0");
        network.ip("route add 10.3.0.0/16 via 203.0.113.9 dev e0 onlink mtu 1300");
        network.ip("route add 10.4.0.0/16 dev e0 tos 0x10 src 192.0.2.1");
        network.ip("route add unreachable 10.5.0.0/16");
        network.ip("route add prohibit 2001:db8:5::/48");
        network.ip("-6 route add 2001:db8:6::/48 from 2001:db8:7::/48 dev e0");
        network.ip("-6 route add default nexthop via 2001:db8::2 nexthop via 2001:db8::3");
        Set<String> told = new TreeSet<>();
        for (Family family : Family.values()) {
            routes(family).forEach(route -> told.add(route.prefix() + " " + route.metric()));
        }
        Set<String> expected = new TreeSet<>();
        expected.addAll(prefixes(network.ipJson("route"), "0.0.0.0/0", 32));
        expected.addAll(prefixes(network.ipJson("-6 route"), "::/0", 128));
        assertThat(told).isEqualTo(expected);

        assertThat(route("10.0.0.0/8").nextHops())
                .containsExactly(
                        new Route.NextHop(IpAddress.parse("192.0.2.2"), a, 1, 0, false),
                        new Route.NextHop(IpAddress.parse("192.0.2.3"), a, 7, 0, false));
        assertThat(route("10.3.0.0/16").mtu()).isEqualTo(1300);
        assertThat(route("10.3.0.0/16").nextHops().getFirst().flags())
                .isEqualTo(Route.NextHop.RTNH_F_ONLINK);
        assertThat(route("10.4.0.0/16").tos()).isEqualTo(0x10);
        assertThat(route("10.4.0.0/16").source()).isEqualTo(IpAddress.parse("192.0.2.1"));
        assertThat(route("10.5.0.0/16").type()).isEqualTo(Route.RTN_UNREACHABLE);
        assertThat(route("2001:db8:5::/48").type()).isEqualTo(Route.RTN_PROHIBIT);
        assertThat(route("2001:db8:6::/48").sourceLength()).isEqualTo(48);
        assertThat(route("::/0").nextHops()).hasSize(2);
    }

    private Route route(String prefix) {
        Prefix wanted = Prefix.parse(prefix);
        return routes(wanted.family()).stream()
                .filter(route -> route.prefix().equals(wanted))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> prefixes(JsonNode routes, String all, int bits) {
        Set<String> prefixes = new TreeSet<>();
        for (JsonNode route : routes) {
            String text = route.get("dst").asString();
            String prefix = text.equals("default") ? all : text;
            prefixes.add(
                    (prefix.contains("/") ? prefix : prefix + "/" + bits)
                            + " "
                            + route.path("metric").asLong(0));
        }
        return prefixes;
    }

    @Test
    void rulesBeyondTheDefaultOnesAreTold() {
        assertThat(netlink.rules()).hasSize(5).allMatch(Rule::isDefault);
        network.ip("rule add from 10.0.0.0/8 table 100");
        network.ip("rule add iif e0 prohibit");
        network.ip("-6 rule add priority 5 fwmark 7 table 1000");
        network.ip("rule add priority 40000 table main");
        network.ip("rule add priority 50 table main suppress_prefixlength 0");
        assertThat(netlink.rules()).filteredOn(rule -> !rule.isDefault()).hasSize(5);
        assertThat(netlink.rules())
                .filteredOn(rule -> !rule.isDefault())
                .extracting(Rule::toString)
                .containsExactlyInAnyOrder(
                        "ip rule 50: from all suppress 0 lookup 254",
                        "ip rule 32765: from 10.0.0.0/8 lookup 100",
                        "ip rule 32764: from all iif e0 prohibit",
                        "ip rule 40000: from all lookup 254",
                        "ip -6 rule 5: from all fwmark 0x7 lookup 1000");
    }

    @Test
    void largeDumpsComeWholeAndFilteredByDevice() {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            String prefix = "10." + (i >> 8) + "." + (i & 255) + ".0/24";
            batch.append("route add " + prefix + " dev " + (i % 2 == 0 ? "e0" : "e1") + "\n");
        }
        network.batch(batch);
        assertThat(routes(Family.IP4)).hasSize(5001);
        List<Route> viaA = new ArrayList<>();
        netlink.routes(Family.IP4, Route.RT_TABLE_MAIN, a, viaA::add);
        assertThat(viaA).hasSize(2501);
        assertThat(netlink.routes(Family.IP4, 12345, 0, viaA::add)).isTrue();
        assertThat(netlink.routes(Family.IP6, Route.RT_TABLE_MAIN, 999, viaA::add)).isTrue();
        assertThat(viaA).hasSize(2501);
    }

    /** Routes to so many hosts on the link, from 10.0.0.0 on. */
    private void addHosts(int count) {
        add(count, i -> IpAddress.ip4(0x0a000000 + i) + " dev e0");
    }

    private void add(int count, IntFunction<String> route) {
        network.batch(
                IntStream.range(0, count)
                        .mapToObj(i -> "route add " + route.apply(i) + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void aDumpGivenUpMidwayDoesNotSpoilTheNext() {
        addHosts(800);
        assertThatThrownBy(() ->
                        netlink.routes(
                                Family.IP4,
                                Route.RT_TABLE_MAIN,
                                0,
                                route -> {
                                    throw new IllegalStateException("enough");
                                }))
                .hasMessage("enough");
        assertThat(routes(Family.IP4)).hasSize(801);
    }

    /** Enough for a dump to take several parts. */
    private void addMany(Family family) {
        add(2000, i -> "blackhole " + many(family, i));
    }

    private static Prefix many(Family family, int i) {
        return Prefix.host(
                family == Family.IP4
                        ? IpAddress.ip4(0x0a000000 + i)
                        : IpAddress.ip6(0x20010db8_00000000L, i));
    }

    private RouteDump dump(Family family) {
        return NetworkNamespace.call(
                network.path(), () -> RouteDump.open(family, Route.RT_TABLE_MAIN));
    }

    /**
     * Removes routes that a dump has reported, adds another; returns how many the rest of the dump
     * lacks.
     */
    private long lackingAfterChange(RouteDump dump, Family family) {
        List<Prefix> rest = new ArrayList<>();
        assertThat(dump.next()).isNotNull();
        network.ip("route del blackhole " + many(family, 0));
        network.ip("route del blackhole " + many(family, 1));
        network.ip("route add blackhole " + many(family, 5000));
        for (Route route = dump.next(); route != null; route = dump.next()) {
            rest.add(route.prefix());
        }
        return IntStream.range(2, 2000).filter(i -> !rest.contains(many(family, i))).count();
    }

    @Test
    @DisplayName("an IPv6 dump lacks routes that stay when others come and go, and says so")
    void anIp6DumpMayLackRoutes() {
        addMany(Family.IP6);
        try (RouteDump dump = dump(Family.IP6)) {
            assertThat(lackingAfterChange(dump, Family.IP6)).isPositive();
            assertThat(dump.isWhole()).isFalse();
        }
        try (RouteDump dump = dump(Family.IP6)) {
            while (dump.next() != null) {}
            assertThat(dump.isWhole()).isTrue();
        }
        assertThat(
                        netlink.routes(
                                Family.IP6,
                                Route.RT_TABLE_MAIN,
                                0,
                                route -> change(route.prefix())))
                .isFalse();
        assertThat(routes(Family.IP6)).hasSizeGreaterThan(1990);
    }

    /** Changes the table once. */
    private void change(Prefix at) {
        if (at.equals(many(Family.IP6, 500))) {
            network.ip("route del blackhole " + many(Family.IP6, 2));
        }
    }

    @Test
    @DisplayName("an IPv4 dump lacks no route that stays, whatever else goes")
    void anIp4DumpIsWhole() {
        addMany(Family.IP4);
        try (RouteDump dump = dump(Family.IP4)) {
            assertThat(lackingAfterChange(dump, Family.IP4)).isZero();
            assertThat(dump.isWhole()).isTrue();
        }
    }

    @Test
    void eventsFollowChanges() throws NetlinkOverrun {
        RtnetlinkEvents events =
                NetworkNamespace.call(
                        network.path(), () -> RtnetlinkEvents.open("events", 1 << 20));
        try (events) {
            network.ip("link set e0 mtu 1350");
            network.ip("addr add 198.51.100.1/24 dev e0");
            network.ip("route add 10.1.0.0/16 via 192.0.2.2");
            network.ip("route replace 10.1.0.0/16 via 192.0.2.3");
            network.ip("route append 10.1.0.0/16 via 192.0.2.4");
            network.ip("neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev e0");
            network.ip("rule add priority 9 table main");
            network.ip("route del 10.1.0.0/16 via 192.0.2.3");
            List<RtnetlinkEvent> seen = new ArrayList<>();
            while (events.receive(200, seen::add)) {}
            assertThat(seen)
                    .anyMatch(e -> e.object() instanceof Link link && link.mtu() == 1350)
                    .anyMatch(e ->
                            e.object() instanceof LinkAddress address
                                    && (address.address() + "").equals("198.51.100.1/24"))
                    .anyMatch(e -> e.object() instanceof Neighbour)
                    .anyMatch(e -> e.object() instanceof Rule rule && !rule.isDefault());
            List<RtnetlinkEvent> routes =
                    seen.stream()
                            .filter(e ->
                                    e.object() instanceof Route route
                                            && route.prefix().length() == 16)
                            .toList();
            assertThat(routes)
                    .extracting(
                            RtnetlinkEvent::present,
                            RtnetlinkEvent::isReplacing,
                            RtnetlinkEvent::isAppended)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(true, false, false),
                            org.assertj.core.groups.Tuple.tuple(true, true, false),
                            org.assertj.core.groups.Tuple.tuple(true, false, true),
                            org.assertj.core.groups.Tuple.tuple(false, false, false));
        }
    }

    @Test
    void anOverrunIsTold() {
        RtnetlinkEvents events =
                NetworkNamespace.call(network.path(), () -> RtnetlinkEvents.open("events", 2048));
        try (events) {
            addHosts(100);
            assertThatThrownBy(() -> events.receive(100, e -> {}))
                    .isInstanceOf(NetlinkOverrun.class);
        }
    }
}
