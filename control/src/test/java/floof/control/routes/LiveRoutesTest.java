package floof.control.routes;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.network.Route;
import floof.api.route.RouteQuery;
import floof.api.route.RouteQuery.Kind;
import floof.api.route.RouteQuery.Match;
import floof.api.route.RouteQuery.Place;
import floof.api.route.RouteSource;
import floof.api.route.RouteTotal;
import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.control.Intents;
import floof.control.Namespaces;
import floof.control.Sandbox;
import floof.control.bird.Bird;
import floof.control.bird.BirdConfig;
import floof.control.plan.FastPathSettings;
import floof.control.plan.Intent;
import floof.control.statics.StaticReasons.Unusable;
import floof.linux.netlink.RouteDump;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel of a namespace and a BIRD in it. */
class LiveRoutesTest {

    private final Sandbox sandbox = new Sandbox();
    private final Bird bird = new Bird(sandbox.instance, sandbox.alarms, sandbox.tasks);
    private final Path dataplane = sandbox.instance.dataplane();
    private List<Unusable> unusable = List.of();
    private final LiveRoutes source =
            new LiveRoutes(
                    dataplane,
                    bird,
                    () -> Map.of(),
                    () -> Set.of(),
                    () -> false,
                    prefix -> "",
                    () -> Map.of(),
                    () -> unusable);

    @BeforeEach
    void wire() throws Exception {
        Namespaces.prepare(sandbox.instance, 4 << 20);
        sandbox.atEnd(() -> Bird.end(sandbox.instance));
        sandbox.atEnd(bird::close);
        Netns.run(dataplane, "ip link add v0 type veth peer name v1");
        Netns.run(dataplane, "ip link set v0 up");
        Netns.run(dataplane, "ip link set v1 up");
        Netns.run(dataplane, "ip address add 192.0.2.1/24 dev v0");
        Netns.run(dataplane, "ip address add 2001:db8:9::1/64 dev v0 nodad");
        Netns.run(dataplane, "ip route add 10.0.0.0/8 via 192.0.2.9 proto 99");
        Netns.run(dataplane, "ip route add default via 192.0.2.9 metric 7");
        Netns.run(dataplane, "ip route add default via 192.0.2.8 metric 9");
        Netns.run(dataplane, "ip -6 route add 2001:db8::/32 via 2001:db8:9::9");
        Netns.run(dataplane, "ip -6 route add default via 2001:db8:9::9");
    }

    @AfterEach
    void clean() {
        sandbox.close();
    }

    /**
     * @param count static routes of each family
     */
    private void start(int count) throws Exception {
        List<Intent.StaticRoute> routes = new ArrayList<>();
        routes.add(route("10.0.0.0/8"));
        routes.add(route("10.0.0.0/16"));
        for (int i = 0; i < count; i++) {
            routes.add(route(Prefix.host(IpAddress.ip4(10 << 24 | i)).toString()));
            routes.add(route(Prefix.of(IpAddress.ip6(0x20010db8_00000000L | i, 0), 64).toString()));
        }
        routes.sort(java.util.Comparator.comparing(Intent.StaticRoute::prefix));
        Intent intent =
                new Intent(new TreeMap<>(), routes, null, FastPathSettings.DEFAULT, Set.of());
        bird.start(BirdConfig.text(intent, sandbox.instance.log("bird")));
        int all = 2 * count + 1; // 10/8 loses in the kernel against the one that is there
        assertThat(
                        Eventually.holds(() ->
                                Netns.run(dataplane, "ip route show proto bird").lines().count()
                                                + Netns.run(
                                                                dataplane,
                                                                "ip -6 route show proto bird")
                                                        .lines()
                                                        .count()
                                        >= all))
                .isTrue();
    }

    private static Intent.StaticRoute route(String prefix) {
        Prefix parsed = Prefix.parse(prefix);
        IpAddress hop =
                IpAddress.parse(parsed.family() == Family.IP4 ? "192.0.2.9" : "2001:db8:9::9");
        return Intents.route(parsed, List.of(hop));
    }

    private List<Route> routes(RouteQuery query) throws Exception {
        List<Route> routes = new ArrayList<>();
        try (RouteSource.Routes answer = source.open(query)) {
            assertThat(answer.warnings()).isEmpty();
            for (Route route = answer.next(); route != null; route = answer.next()) {
                routes.add(route);
            }
        }
        return routes;
    }

    private List<String> shown(RouteQuery query) throws Exception {
        return routes(query).stream()
                .map(it -> it.prefix() + " " + it.protocol() + (it.active() ? "" : " inactive"))
                .toList();
    }

    private static RouteQuery of(Kind kind, @Nullable String protocol, @Nullable Place place) {
        return new RouteQuery(kind, null, protocol, place, null);
    }

    @Test
    @DisplayName("static routes that cannot be used are hidden, with the reason")
    void hidesWhatCannotBeUsed() throws Exception {
        start(1);
        unusable =
                List.of(
                        new Unusable(route("10.7.0.0/16"), "next hop 192.0.2.9 is on no link"),
                        new Unusable(route("2001:db8:7::/48"), "interface v0 is down"));
        RouteQuery all = of(Kind.HIDDEN, null, RouteQuery.ALL.place());
        assertThat(routes(all))
                .extracting(it -> it.prefix() + " " + it.state() + " " + it.reason())
                .containsExactly(
                        "10.7.0.0/16 HIDDEN next hop 192.0.2.9 is on no link",
                        "2001:db8:7::/48 HIDDEN interface v0 is down");
        assertThat(routes(of(Kind.HIDDEN, "BGP", RouteQuery.ALL.place()))).isEmpty();
        assertThat(shown(of(Kind.HIDDEN, null, new Place.Address(IpAddress.parse("10.7.1.1")))))
                .containsExactly("10.7.0.0/16 Static inactive");
        assertThat(source.totals()).extracting(RouteTotal::hidden).containsExactly(1L, 1L);
        assertThat(shown(RouteQuery.ALL)).noneMatch(it -> it.startsWith("10.7.0.0/16"));
    }

    @Test
    @DisplayName("routes of kernel and BIRD are joined by ascending prefix, IPv4 first")
    void joins() throws Exception {
        start(2);
        assertThat(shown(RouteQuery.ALL))
                .filteredOn(it -> !it.startsWith("fe80") && !it.startsWith("192.0.2."))
                .containsExactly(
                        "0.0.0.0/0 Kernel",
                        "0.0.0.0/0 Kernel inactive",
                        "10.0.0.0/8 Kernel",
                        "10.0.0.0/8 Static inactive",
                        "10.0.0.0/16 Static",
                        "10.0.0.0/32 Static",
                        "10.0.0.1/32 Static",
                        "::/0 Kernel",
                        "2001:db8::/32 Kernel",
                        "2001:db8::/64 Static",
                        "2001:db8:0:1::/64 Static",
                        "2001:db8:9::/64 Direct",
                        "2001:db8:9::1/128 Local");
        assertThat(routes(RouteQuery.ALL))
                .isSortedAccordingTo(java.util.Comparator.comparing(Route::prefix));
    }

    @Test
    @DisplayName("a place, a protocol and a table narrow the answer; nothing found is no error")
    void narrows() throws Exception {
        start(2);
        Prefix ten = Prefix.parse("10.0.0.0/16");
        assertThat(shown(of(Kind.TABLE, null, new Place.Prefixes(ten, Match.EXACT))))
                .containsExactly("10.0.0.0/16 Static");
        assertThat(shown(of(Kind.TABLE, null, new Place.Prefixes(ten, Match.LONGER))))
                .containsExactly("10.0.0.0/32 Static", "10.0.0.1/32 Static");
        assertThat(shown(of(Kind.TABLE, null, new Place.Prefixes(ten, Match.OR_LONGER))))
                .containsExactly("10.0.0.0/16 Static", "10.0.0.0/32 Static", "10.0.0.1/32 Static");
        assertThat(shown(of(Kind.TABLE, null, address("10.0.7.1"))))
                .containsExactly("10.0.0.0/16 Static");
        assertThat(shown(of(Kind.TABLE, null, address("10.7.7.1"))))
                .containsExactly("10.0.0.0/8 Kernel", "10.0.0.0/8 Static inactive");
        assertThat(shown(of(Kind.TABLE, null, address("2001:db8:7::1"))))
                .containsExactly("2001:db8::/32 Kernel");
        assertThat(shown(of(Kind.TABLE, null, address("2001:db8:0:1::7"))))
                .containsExactly("2001:db8:0:1::/64 Static");
        assertThat(shown(of(Kind.TABLE, null, address("192.0.2.1"))))
                .containsExactly("192.0.2.1/32 Local");
        assertThat(shown(of(Kind.TABLE, null, address("198.51.100.1"))))
                .containsExactly("0.0.0.0/0 Kernel", "0.0.0.0/0 Kernel inactive");
        assertThat(shown(of(Kind.TABLE, null, address("3fff::1")))).containsExactly("::/0 Kernel");
        assertThat(shown(of(Kind.TABLE, "Static", null)))
                .hasSize(6)
                .contains("10.0.0.0/8 Static inactive", "2001:db8::/64 Static");
        assertThat(shown(of(Kind.TABLE, "BGP", null))).isEmpty();
        assertThat(shown(of(Kind.TABLE, "Local", null)))
                .filteredOn(it -> !it.startsWith("fe80"))
                .containsExactlyInAnyOrder("192.0.2.1/32 Local", "2001:db8:9::1/128 Local");
        assertThat(
                        shown(
                                of(
                                        Kind.TABLE,
                                        null,
                                        new Place.Prefixes(
                                                Prefix.parse("172.16.0.0/12"), Match.OR_LONGER))))
                .isEmpty();
        assertThat(shown(of(Kind.FORWARDING, null, address("10.0.0.1"))))
                .containsExactly("10.0.0.1/32 BIRD");
        assertThat(shown(of(Kind.HIDDEN, null, null))).isEmpty();
    }

    private static Place address(String text) {
        return new Place.Address(IpAddress.parse(text));
    }

    @Test
    @DisplayName("totals are what is listed, of small tables and of those that counters count")
    @Tag("slow")
    void counts() throws Exception {
        start(30_000);
        List<Route> all = routes(RouteQuery.ALL);
        for (RouteTotal total : source.totals()) {
            List<Route> own =
                    all.stream().filter(it -> it.prefix().family() == total.family()).toList();
            assertThat(total.routes()).as("routes of %s", total).isEqualTo(own.size());
            assertThat(total.active())
                    .as("active of %s", total)
                    .isEqualTo(own.stream().filter(Route::active).count());
            assertThat(total.destinations())
                    .isEqualTo(own.stream().map(Route::prefix).distinct().count());
        }
        assertThat(all).isSortedAccordingTo(java.util.Comparator.comparing(Route::prefix));
        assertThat(all).filteredOn(it -> it.protocol().equals("Static")).hasSize(60_002);
    }

    @Test
    @DisplayName(
            "a route that comes and goes while it is asked for is there or not, never an error")
    void flaps() throws Exception {
        start(200);
        AtomicBoolean isOver = new AtomicBoolean();
        Thread flapping =
                Thread.ofPlatform()
                        .start(() -> {
                            String birdc = "birdc -s " + sandbox.instance.birdSocket();
                            while (!isOver.get()) {
                                Netns.run(dataplane, birdc + " disable static4");
                                Netns.run(dataplane, birdc + " enable static4");
                            }
                        });
        try {
            Place place = new Place.Prefixes(Prefix.parse("10.0.0.77/32"), Match.EXACT);
            int there = 0;
            int asked = 0;
            for (long end = System.nanoTime() + 3_000_000_000L; System.nanoTime() < end; asked++) {
                there += routes(of(Kind.TABLE, null, place)).isEmpty() ? 0 : 1;
                routes(of(Kind.TABLE, null, address("10.0.0.77")));
                routes(RouteQuery.ALL);
            }
            assertThat(there).as("of %d", asked).isPositive();
        } finally {
            isOver.set(true);
            flapping.join();
        }
    }

    @Test
    @DisplayName("an answer says in the end that routes may be missing which changed too often")
    void lacks() throws Exception {
        try (Ascending<floof.linux.netlink.Route> table = sliced(0)) {
            assertThat(table.read()).isNotNull();
            assertThat(table.mayLack()).isFalse();
        }
        try (Ascending<floof.linux.netlink.Route> table = sliced(3)) {
            assertThat(table.read()).isNotNull();
            assertThat(table.mayLack()).isTrue();
        }
        try (RouteSource.Routes answer = source.open(RouteQuery.ALL)) {
            while (answer.next() != null) {}
            assertThat(answer.gaps()).isEmpty();
        }
    }

    /**
     * @param changed dumps during which a route comes
     */
    private Ascending<floof.linux.netlink.Route> sliced(int changed) {
        int[] left = {changed};
        return new SlicedAscending(
                () -> {
                    RouteDump dump =
                            NetworkNamespace.call(
                                    dataplane,
                                    () ->
                                            RouteDump.open(
                                                    Family.IP6,
                                                    floof.linux.netlink.Route.RT_TABLE_MAIN));
                    if (left[0]-- > 0) {
                        Netns.run(
                                dataplane,
                                "ip route add proto 99 blackhole "
                                        + Prefix.of(
                                                IpAddress.ip6(0x20010db8_77770000L | left[0], 0),
                                                64));
                    }
                    return dump;
                },
                route -> true,
                SlicedAscending.SLICE);
    }

    @Test
    @DisplayName("without BIRD the kernel's routes are shown, and the reader is told first")
    void withoutBird() throws Exception {
        try (RouteSource.Routes answer = source.open(RouteQuery.ALL)) {
            assertThat(answer.warnings()).singleElement().asString().contains("BIRD");
            assertThat(answer.next()).isNotNull();
        }
        assertThat(Files.exists(sandbox.instance.birdSocket())).isFalse();
    }
}
