package floof.manager;

import static floof.manager.Fixture.THEIRS;
import static floof.manager.Fixture.on;
import static floof.manager.Fixture.repeated;
import static floof.manager.Fixture.via;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.fpc.LinkKind;
import floof.fpc.Message;
import floof.fpc.NeighbourState;
import floof.fpc.Refused;
import floof.fpc.Report;
import floof.fpc.RouteType;
import floof.tables.Adjacency;
import floof.tables.Interface;
import floof.tables.Limits;
import floof.tables.Vrf;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rule of what Linux's objects become, over a real socket and read back as a worker does. */
class RoutesTest {

    private static final String FORWARDED = THEIRS + "@3";

    private static final MacAddress VIRTUAL = MacAddress.parse("00:00:5e:00:01:33");

    @TempDir Path directory;
    private Fixture linux;

    @BeforeEach
    void open() throws Exception {
        linux = new Fixture(directory);
        linux.connected();
    }

    @AfterEach
    void close() throws Exception {
        linux.close();
    }

    @Test
    void aConnectedPrefixAwaitsItsNeighbours() throws Exception {
        assertThat(linux.fate("192.0.2.77")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        assertThat(linux.fate("2001:db8:1::77")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        assertThat(linux.fate("198.51.100.1")).isEqualTo("NO_ROUTE");
        linux.noRoute("192.0.2.0/24");
        assertThat(linux.fate("192.0.2.77")).isEqualTo("NO_ROUTE");
    }

    @ParameterizedTest
    @EnumSource(NeighbourState.class)
    void aNeighbourInAnyUsableStateIsForwardedTo(NeighbourState state) throws Exception {
        linux.neighbour(7, "192.0.2.10", state);
        assertThat(linux.fate("192.0.2.10")).isEqualTo(FORWARDED);
        long at = linux.adjacency(linux.leaf(0, "192.0.2.10"));
        assertThat(Adjacency.sourceMac(at)).isEqualTo(Fixture.OURS);
        assertThat(Adjacency.mtu(Adjacency.action(at))).isEqualTo(1500);
        assertThat(linux.fate("192.0.2.11")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        linux.noNeighbour(7, "192.0.2.10");
        assertThat(linux.fate("192.0.2.10")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        assertThat(linux.leaf(0, "192.0.2.10")).isEqualTo(linux.leaf(0, "192.0.2.11"));
    }

    @Test
    void aNeighbourBeforeItsConnectedRouteGetsItsHostEntryLater() throws Exception {
        linux.neighbour(7, "203.0.113.5", NeighbourState.REACHABLE);
        assertThat(linux.fate("203.0.113.5")).isEqualTo("NO_ROUTE");
        linux.route("203.0.113.0/24", on(7));
        assertThat(linux.fate("203.0.113.5")).isEqualTo(FORWARDED);
        linux.noRoute("203.0.113.0/24");
        assertThat(linux.fate("203.0.113.5")).isEqualTo("NO_ROUTE");
    }

    @Test
    void aRouteInsideAConnectedPrefixWinsOverNeighboursThere() throws Exception {
        linux.neighbour(7, "192.0.2.200", NeighbourState.REACHABLE);
        assertThat(linux.fate("192.0.2.200")).isEqualTo(FORWARDED);
        linux.route("192.0.2.128/25", RouteType.BLACKHOLE);
        assertThat(linux.fate("192.0.2.200")).isEqualTo("ROUTE_BLACKHOLE");
        linux.noRoute("192.0.2.128/25");
        assertThat(linux.fate("192.0.2.200")).isEqualTo(FORWARDED);
        linux.route("192.0.2.200/32", RouteType.PROHIBIT);
        assertThat(linux.fate("192.0.2.200")).isEqualTo("ROUTE_PROHIBIT");
        linux.noRoute("192.0.2.200/32");
        assertThat(linux.fate("192.0.2.200")).isEqualTo(FORWARDED);
    }

    @Test
    void anOnLinkRouteToOneHostLeadsToThatNeighbour() throws Exception {
        linux.route("198.51.100.9/32", on(7));
        assertThat(linux.fate("198.51.100.9")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        linux.neighbour(7, "198.51.100.9", NeighbourState.REACHABLE);
        assertThat(linux.fate("198.51.100.9")).isEqualTo(FORWARDED);
    }

    @Test
    void aGatewayResolvesInPlaceForAllItsRoutes() throws Exception {
        for (int i = 0; i < 50; i++) {
            linux.route("10." + i + ".0.0/16", via("192.0.2.10", 7));
        }
        assertThat(linux.fate("10.3.1.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        int leaf = linux.leaf(0, "10.3.1.1");
        assertThat(leaf).isEqualTo(linux.leaf(0, "10.49.1.1"));
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        assertThat(linux.fate("10.3.1.1")).isEqualTo(FORWARDED);
        assertThat(linux.leaf(0, "10.3.1.1")).isEqualTo(leaf);
        linux.noNeighbour(7, "192.0.2.10");
        assertThat(linux.fate("10.3.1.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        long before = linux.used("adjacencies");
        for (int i = 0; i < 50; i++) {
            linux.noRoute("10." + i + ".0.0/16");
        }
        assertThat(linux.fate("10.3.1.1")).isEqualTo("NO_ROUTE");
        assertThat(linux.used("adjacencies")).isEqualTo(before - 1);
    }

    @Test
    void anIp4RouteTakesAnIp6Gateway() throws Exception {
        linux.route("10.0.0.0/8", via("fe80::5", 7));
        assertThat(linux.fate("10.1.1.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        linux.neighbour(7, "fe80::5", NeighbourState.STALE);
        assertThat(linux.fate("10.1.1.1")).isEqualTo(FORWARDED);
        assertThat(linux.leaf(0, "fe80::5")).isZero();
    }

    @Test
    void severalNextHopsShareByWeight() throws Exception {
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        linux.route("10.0.0.0/8", via("192.0.2.10", 7, 3), via("192.0.2.11", 7, 1));
        assertThat(linux.fates("10.1.1.1"))
                .isEqualTo(repeated(FORWARDED + " x48", "NEIGHBOUR_UNRESOLVED x16"));
        linux.neighbour(7, "192.0.2.11", NeighbourState.REACHABLE);
        assertThat(linux.fates("10.1.1.1")).isEqualTo(repeated(FORWARDED + " x64"));
        linux.route("10.0.0.0/8", via("192.0.2.10", 7));
        assertThat(linux.fate("10.1.1.1")).isEqualTo(FORWARDED);
        assertThat(linux.used("groups")).isZero();
    }

    @Test
    void aGroupWaitsBehindAnAddressOfOurs() throws Exception {
        linux.route("192.0.2.1/32", via("192.0.2.10", 7), via("192.0.2.11", 7));
        assertThat(linux.fate("192.0.2.1")).isEqualTo("LOCAL");
        assertThat(linux.used("groups")).isEqualTo(1);
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        linux.address(7, "192.0.2.1/24", false);
        assertThat(linux.fates("192.0.2.1"))
                .isEqualTo(repeated(FORWARDED + " x32", "NEIGHBOUR_UNRESOLVED x32"));
        linux.noRoute("192.0.2.1/32");
        assertThat(linux.used("groups")).isZero();
    }

    @Test
    void ofMoreThan64NextHopsTheFirst64CarryAll() throws Exception {
        Message.NextHop[] hops = new Message.NextHop[70];
        for (int i = 0; i < hops.length; i++) {
            hops[i] = via("192.0.2." + (100 + i), 7);
        }
        linux.route("10.0.0.0/8", hops);
        for (int i = 0; i < 64; i++) {
            linux.neighbour(7, "192.0.2." + (100 + i), NeighbourState.REACHABLE);
        }
        assertThat(linux.fates("10.1.1.1")).isEqualTo(repeated(FORWARDED + " x64"));
    }

    @Test
    void deadNextHopsCarryNothing() throws Exception {
        IpAddress gateway = IpAddress.parse("192.0.2.11");
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        Message.NextHop dead = new Message.NextHop(gateway, 7, 1, false, true);
        linux.route("10.0.0.0/8", via("192.0.2.10", 7), dead);
        assertThat(linux.fate("10.1.1.1")).isEqualTo(FORWARDED);
        linux.route("10.0.0.0/8", dead);
        assertThat(linux.fate("10.1.1.1")).isEqualTo("UNSUPPORTED_ROUTE");
    }

    @Test
    void typesOfRoutesBecomeReasons() throws Exception {
        linux.route("10.1.0.0/16", RouteType.BLACKHOLE);
        linux.route("10.2.0.0/16", RouteType.UNREACHABLE);
        linux.route("10.3.0.0/16", RouteType.PROHIBIT);
        linux.route("10.4.0.0/16", RouteType.UNSUPPORTED);
        linux.route("10.5.0.0/16", RouteType.LOCAL);
        linux.route("2001:db8:2::/48", RouteType.UNREACHABLE);
        assertThat(linux.fate("10.1.0.1")).isEqualTo("ROUTE_BLACKHOLE");
        assertThat(linux.fate("10.2.0.1")).isEqualTo("ROUTE_UNREACHABLE");
        assertThat(linux.fate("10.3.0.1")).isEqualTo("ROUTE_PROHIBIT");
        assertThat(linux.fate("10.4.0.1")).isEqualTo("UNSUPPORTED_ROUTE");
        assertThat(linux.fate("10.5.0.1")).isEqualTo("LOCAL");
        assertThat(linux.fate("2001:db8:2::1")).isEqualTo("ROUTE_UNREACHABLE");
    }

    @Test
    void aWayThroughWhatIsNoPortIsLinuxs() throws Exception {
        linux.client.tell(Fixture.linkMessage(0, 9, "wg0", LinkKind.OTHER, true));
        linux.link(8, "eth2");
        linux.route("10.0.0.0/8", on(9));
        linux.route("11.0.0.0/8", via("198.51.100.2", 8));
        linux.neighbour(8, "198.51.100.2", NeighbourState.REACHABLE);
        assertThat(linux.fate("10.1.1.1")).isEqualTo("UNSUPPORTED_ROUTE");
        assertThat(linux.fate("11.1.1.1")).isEqualTo("UNSUPPORTED_ROUTE");
        linux.port(5, "eth2");
        assertThat(linux.fate("11.1.1.1")).isEqualTo(THEIRS + "@5");
        linux.client.tell(new Message.Port(5, "eth2", false));
        assertThat(linux.fate("11.1.1.1")).isEqualTo("UNSUPPORTED_ROUTE");
    }

    @Test
    void aRouteThroughAnUnknownLinkIsLinuxsAndSaidSo() {
        assertThatThrownBy(() -> linux.route("10.0.0.0/8", on(99)))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.report()).isEqualTo(Report.NOT_FOUND))
                .hasMessageContaining("route 10.0.0.0/8: no link 99");
        assertThat(linux.fate("10.1.1.1")).isEqualTo("UNSUPPORTED_ROUTE");
    }

    @Test
    void ourAddressesAndBroadcastsAreLocal() throws Exception {
        assertThat(linux.fate("192.0.2.1")).isEqualTo("LOCAL");
        assertThat(linux.fate("192.0.2.255")).isEqualTo("LOCAL");
        assertThat(linux.fate("2001:db8:1::1")).isEqualTo("LOCAL");
        assertThat(linux.fate("2001:db8:1::")).isEqualTo("LOCAL");
        linux.address(7, "192.0.2.1/24", false);
        assertThat(linux.fate("192.0.2.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        assertThat(linux.fate("192.0.2.255")).isEqualTo("NEIGHBOUR_UNRESOLVED");
    }

    @Test
    void anAddressOnTwoLinksIsLocalUntilTheLastGoes() throws Exception {
        linux.link(8, "eth2");
        linux.address(8, "192.0.2.1/24", true);
        linux.address(7, "192.0.2.1/24", false);
        assertThat(linux.fate("192.0.2.1")).isEqualTo("LOCAL");
        linux.address(8, "192.0.2.1/24", false);
        assertThat(linux.fate("192.0.2.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
    }

    @Test
    void anAddressOfOursWinsOverANeighbourWithIt() throws Exception {
        linux.neighbour(7, "192.0.2.1", NeighbourState.REACHABLE);
        assertThat(linux.fate("192.0.2.1")).isEqualTo("LOCAL");
        linux.address(7, "192.0.2.1/24", false);
        assertThat(linux.fate("192.0.2.1")).isEqualTo(FORWARDED);
        linux.address(7, "192.0.2.1/24", true);
        assertThat(linux.fate("192.0.2.1")).isEqualTo("LOCAL");
    }

    @Test
    void aLinkSaysWhetherItIsUp() throws Exception {
        int ethernet = Interface.USED | Interface.ETHERNET;
        int all = ethernet | Interface.UP | Interface.RUNNING;
        assertThat(linux.flags(3)).isEqualTo(all);
        linux.client.tell(
                new Message.Link(
                        0,
                        7,
                        "eth1",
                        Fixture.OURS,
                        1400,
                        false,
                        false,
                        LinkKind.ETHERNET,
                        List.of(VIRTUAL),
                        false,
                        true));
        int index = linux.tables.interfaceOfPort(linux.tables.generation(), 3);
        long iface = linux.tables.iface(linux.tables.generation(), index);
        assertThat(Interface.otherMacs(iface)).containsExactly(VIRTUAL);
        linux.restart();
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE); // writes the link's adjacencies
        assertThat(Interface.otherMacs(iface)).containsExactly(VIRTUAL);
        assertThat(linux.flags(3)).isEqualTo(ethernet);
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        long at = linux.adjacency(linux.leaf(0, "192.0.2.10"));
        assertThat(Adjacency.mtu(Adjacency.action(at))).isEqualTo(1400);
    }

    @Test
    void aLinkThatGoesLeavesItsRoutesToLinuxAndComesBack() throws Exception {
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        linux.route("10.0.0.0/8", via("192.0.2.10", 7));
        linux.client.tell(Fixture.linkMessage(0, 7, "eth1", LinkKind.ETHERNET, false));
        assertThat(linux.fate("10.1.1.1")).isEqualTo("UNSUPPORTED_ROUTE");
        assertThat(linux.fate("192.0.2.10")).isEqualTo("UNSUPPORTED_ROUTE");
        assertThat(linux.fate("192.0.2.1")).isEqualTo("UNSUPPORTED_ROUTE");
        assertThat(linux.flags(3)).isZero();
        assertThat(linux.used("interfaces")).isEqualTo(1);
        linux.link(7, "eth1");
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        assertThat(linux.fate("10.1.1.1")).isEqualTo(FORWARDED);
        linux.client.tell(Fixture.linkMessage(0, 7, "eth1", LinkKind.ETHERNET, false));
        linux.noRoute("10.0.0.0/8");
        linux.noRoute("192.0.2.0/24");
        linux.noRoute("2001:db8:1::/64");
        assertThat(linux.used("interfaces")).isZero();
        assertThat(linux.used("adjacencies")).isZero();
        assertThat(linux.used("ip4-routes")).isZero();
        assertThat(linux.used("ip6-routes")).isZero();
    }

    @Test
    void vrfsAreApartAndGoWithTheirRoutes() throws Exception {
        Message.Route blackhole =
                Fixture.routeMessage(4, "192.0.2.0/24", RouteType.BLACKHOLE, true);
        assertThatThrownBy(() -> linux.client.tell(blackhole))
                .hasMessageContaining("VRF 4 does not exist");
        linux.client.tell(new Message.Vrf(4, "red", true));
        linux.client.tell(blackhole);
        linux.client.tell(Fixture.linkMessage(4, 7, "eth1", LinkKind.ETHERNET, true));
        assertThat(linux.fate(4, "192.0.2.9")).isEqualTo("ROUTE_BLACKHOLE");
        assertThat(linux.fate(0, "192.0.2.9")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        linux.client.tell(new Message.Vrf(4, "red", false));
        assertThat(linux.fate(4, "192.0.2.9")).isEqualTo("NO_ROUTE");
        assertThat(linux.used("interfaces")).isEqualTo(1);
    }

    @Test
    void policiesThatTheFastPathLacksExceptTheVrf() throws Exception {
        long vrf = linux.tables.vrf(linux.tables.generation(), 0);
        linux.client.tell(new Message.Policy(0, 2));
        assertThat(Vrf.flags(vrf) & Vrf.EXCEPT_ALL).isNotZero();
        linux.client.tell(new Message.Policy(0, 0));
        assertThat(Vrf.flags(vrf) & Vrf.EXCEPT_ALL).isZero();
    }

    @Test
    void whatTheFastPathOwnsIsUnsupportedHere() {
        assertThatThrownBy(() -> linux.client.tell(new Message.TraceAdd(3)))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.report()).isEqualTo(Report.UNSUPPORTED));
    }

    @Test
    void aFullTableIsReportedByObjectAndNothingElseSuffers(@TempDir Path other) throws Exception {
        Limits limits = new Limits(4, 4, 1 << 20, 11, 1, 3, 8, 2, 1, 8, 7);
        try (Fixture small = new Fixture(other, limits)) {
            small.port(3, "eth1");
            small.link(7, "eth1");
            small.route("10.0.0.0/8", via("192.0.2.1", 7));
            small.route("11.0.0.0/8", via("192.0.2.2", 7));
            small.route("12.0.0.0/8", via("192.0.2.3", 7));
            assertFull(() -> small.route("13.0.0.0/8", via("192.0.2.4", 7)));
            small.route("13.0.0.0/8", via("192.0.2.1", 7));
            assertFull(() -> small.route("14.0.0.0/8", via("192.0.2.1", 7)));
            assertThat(small.fate("14.0.0.1")).isEqualTo("NO_ROUTE");
            assertThat(small.isLeftToLinux("14.255.0.1")).isTrue();
            assertThat(small.isLeftToLinux("13.0.0.1")).as("it has room now").isFalse();
            small.route("10.0.0.0/8", via("192.0.2.1", 7), via("192.0.2.2", 7));
            assertFull(() -> small.route("13.0.0.0/8", via("192.0.2.1", 7), via("192.0.2.3", 7)));
            assertThat(small.fate("13.0.0.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
            assertThat(small.isLeftToLinux("13.0.0.1")).as("by its former next hop").isTrue();
            assertThat(small.refused("ip4-routes")).isEqualTo(2);
            assertThat(small.refused("ip6-routes")).isZero();
            small.link(8, "eth2");
            assertFull(() -> small.link(9, "eth3"));
            assertFull(() -> small.port(8, "eth9"));
            assertFull(() -> small.client.tell(new Message.Vrf(2, "red", true)));
            small.noRoute("12.0.0.0/8");
            small.route("14.0.0.0/8", via("192.0.2.1", 7));
            assertThat(small.isLeftToLinux("14.0.0.1")).isFalse();
            small.noRoute("13.0.0.0/8");
            assertThat(small.isLeftToLinux("13.0.0.1")).isFalse();
            assertThat(small.refused("ip4-routes")).isZero();
        }
    }

    /** A new manager asks again before it forgets what found no room. */
    @Test
    void whatFoundNoRoomStaysLinuxsUntilTheNextManagerHasBeenTold(@TempDir Path other)
            throws Exception {
        Limits limits = new Limits(2, 4, 1 << 20, 11, 1, 3, 8, 2, 1, 8, 7);
        try (Fixture small = new Fixture(other, limits)) {
            small.link(7, "eth1");
            small.route("10.0.0.0/8", via("192.0.2.1", 7));
            small.route("11.0.0.0/8", via("192.0.2.1", 7));
            assertFull(() -> small.route("12.0.0.0/8", via("192.0.2.1", 7)));
            assertFull(() -> small.route("13.0.0.0/8", via("192.0.2.1", 7)));
            small.restart();
            assertThat(small.isLeftToLinux("12.0.0.1")).isTrue();
            small.client.tell(new Message.Mark(5));
            small.link(7, "eth1");
            small.route("10.0.0.0/8", via("192.0.2.1", 7));
            assertFull(() -> small.route("13.0.0.0/8", via("192.0.2.1", 7)));
            assertThat(small.isLeftToLinux("12.0.0.1")).isTrue();
            assertThat(small.sweeps).isZero();
            small.client.ask(new Message.Sweep(5), Message.Swept.class);
            assertThat(small.sweeps).isOne();
            assertThat(small.isLeftToLinux("12.0.0.1")).isFalse();
            assertThat(small.isLeftToLinux("13.0.0.1")).isTrue();
            small.route("13.0.0.0/8", via("192.0.2.1", 7));
            assertThat(small.isLeftToLinux("13.0.0.1")).isFalse();
        }
    }

    private static void assertFull(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.report()).isEqualTo(Report.FULL));
    }

    @Test
    void sendingAgainChangesNothing() throws Exception {
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        linux.route("10.0.0.0/8", via("192.0.2.10", 7), via("192.0.2.11", 7));
        List<Object> before = state();
        linux.connected();
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        linux.route("10.0.0.0/8", via("192.0.2.10", 7), via("192.0.2.11", 7));
        linux.noRoute("77.0.0.0/8");
        linux.noNeighbour(7, "192.0.2.99");
        assertThat(state()).isEqualTo(before);
    }

    private List<Object> state() throws Exception {
        return List.of(
                linux.client.ask(new Message.FillingRequest(), Message.Filling.class),
                linux.leaf(0, "10.1.1.1"),
                linux.leaf(0, "192.0.2.10"),
                linux.fates("10.1.1.1"));
    }
}
