package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.task.Tasks;
import floof.fpc.Feature;
import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.fpc.NeighbourState;
import floof.fpc.RouteType;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That what Linux has is what the manager gets, ip(8) being the oracle. */
class MirrorTest extends MirrorScene {
    @Test
    void everythingThereIsAndEveryChangeArrive() throws IOException {
        network.ip("route add 10.0.0.0/8 via 192.0.2.2");
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        routesEqual(manager);
        assertThat(manager.all(Message.Link.class))
                .extracting(Message.Link::name)
                .containsExactlyInAnyOrder("lo", "e0", "e1");
        assertThat(has(manager, Message.Vrf.class, vrf -> vrf.id() == 0)).isTrue();
        assertThat(manager.all(Message.Policy.class)).containsExactly(new Message.Policy(0, 0));
        assertThat(mirror.state().count(MessageType.LINK, Status.INSTALLED)).isEqualTo(3);

        network.ip("link set e0 mtu 1400");
        eventually(() -> has(manager, Message.Link.class, link -> link.mtu() == 1400));
        network.ip("link set e1 address 02:00:00:00:00:77");
        eventually(() ->
                has(manager, Message.Link.class, link -> link.mac().value() == 0x20000000077L));
        network.ip("link add name e2 type veth peer name e3");
        eventually(() -> has(manager, Message.Link.class, link -> link.name().equals("e3")));
        network.ip("link del e2");
        eventually(() -> manager.count(Message.Link.class) == 3);

        network.ip("addr add 198.51.100.1/24 dev e0");
        IpAddress broadcast = IpAddress.parse("198.51.100.255");
        eventually(() -> has(manager, Message.Address.class, a -> broadcast.equals(a.broadcast())));
        routesEqual(manager);
        network.ip("addr del 198.51.100.1/24 dev e0");
        eventually(
                () -> !has(manager, Message.Address.class, a -> broadcast.equals(a.broadcast())));

        for (String address : List.of("192.0.2.7", "2001:db8::7")) {
            network.ip("neigh add " + address + " lladdr 02:00:00:00:00:07 dev e0");
            eventually(() -> has(manager, Message.Neighbour.class, n -> is(n, address)));
            network.ip("neigh del " + address + " dev e0");
            eventually(() -> !has(manager, Message.Neighbour.class, n -> is(n, address)));
        }
        for (String family : List.of("", "-6 ")) {
            routesFollow(manager, family, family.isEmpty() ? "192.0.2." : "2001:db8::");
        }
        assertThat(mirror.state().resyncs()).isEqualTo(1);
    }

    private static boolean is(Message.Neighbour neighbour, String address) {
        return neighbour.address().equals(IpAddress.parse(address))
                && neighbour.state() == NeighbourState.PERMANENT
                && neighbour.mac().equals(MacAddress.parse("02:00:00:00:00:07"));
    }

    private void routesFollow(RecordingManager manager, String family, String gateway) {
        String prefix = family.isEmpty() ? "10.9.0.0/16" : "2001:db8:9::/48";
        String a = " via " + gateway + "2 ";
        String b = " via " + gateway + "3 ";
        String c = " via " + gateway + "4 ";
        for (String change :
                List.of(
                        "add " + prefix + a,
                        "replace " + prefix + b,
                        "add " + prefix + a + "metric 5000",
                        "append " + prefix + c,
                        "del " + prefix + b,
                        "replace " + prefix + " nexthop" + a + "nexthop" + b,
                        "append " + prefix + c,
                        "del " + prefix + a,
                        "del " + prefix,
                        "add blackhole " + prefix + " metric 7",
                        "del " + prefix,
                        "flush " + prefix,
                        "add unreachable " + prefix,
                        "replace prohibit " + prefix,
                        "flush " + prefix,
                        "add " + prefix + " dev e0",
                        "add default" + a,
                        "flush " + prefix,
                        "del default")) {
            try {
                network.ip(family + "route " + change.strip().replace("  ", " "));
            } catch (IllegalStateException e) {
                // ip(8) and kernels differ about what exists; whatever is left must be mirrored.
                assertThat(e).hasMessageContaining("RTNETLINK answers");
            }
            routesEqual(manager);
        }
    }

    @Test
    void whatTheFastPathCannotFollowIsLeftToLinux() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        network.ip("route add 10.1.0.0/16 via 192.0.2.2 mtu 1300");
        network.ip("route add 10.2.0.0/16 via 192.0.2.2 tos 0x10");
        network.ip("-6 route add 2001:db8:3::/48 from 2001:db8:4::/48 dev e0");
        network.ip("route add throw 10.4.0.0/16");
        for (String prefix :
                List.of("10.1.0.0/16", "10.2.0.0/16", "2001:db8:3::/48", "10.4.0.0/16")) {
            Prefix wanted = Prefix.parse(prefix);
            eventually(() ->
                    has(
                            manager,
                            Message.Route.class,
                            route ->
                                    route.prefix().equals(wanted)
                                            && route.type() == RouteType.UNSUPPORTED));
        }
        network.ip("rule add from 10.0.0.0/8 table 100");
        network.ip("route add local 10.5.0.0/16 dev lo");
        eventually(() -> manager.all(Message.Policy.class).contains(new Message.Policy(0, 2)));
        assertThat(mirror.state().obstacles())
                .containsExactly(
                        "ip rule 32765: from 10.0.0.0/8 lookup 100",
                        "ip route 10.5.0.0/16 table local");
        eventually(() -> !alarms.active().isEmpty());
        assertThat(alarms.active().getFirst().text())
                .contains("ip rule 32765: from 10.0.0.0/8 lookup 100; ip route 10.5.0.0/16");
        network.ip("rule del from 10.0.0.0/8 table 100");
        network.ip("route del local 10.5.0.0/16 dev lo");
        eventually(() -> manager.all(Message.Policy.class).contains(new Message.Policy(0, 0)));
        eventually(() -> alarms.active().isEmpty());
        network.ip("rule del priority 32766");
        network.ip("rule add priority 32766 table 254");
    }

    @Test
    void whatLinuxChangesSilentlyIsReadAgain() throws IOException {
        RecordingManager manager = manager();
        mirror(settings());
        network.ip("addr add 203.0.113.1/24 dev e1");
        network.ip("addr add 2001:db8:f::1/64 dev e1 nodad");
        network.ip("route add 10.1.0.0/16 via 203.0.113.2");
        network.ip("route add 10.2.0.0/16 nexthop via 192.0.2.2 nexthop via 203.0.113.2");
        network.ip(
                "-6 route add 2001:db8:2::/48 nexthop via 2001:db8::2 nexthop via 2001:db8:f::2");
        network.ip("route add 10.3.0.0/16 via 192.0.2.2 src 203.0.113.1");
        routesEqual(manager);
        network.ip("link set e1 down");
        routesEqual(manager);
        assertThat(manager.routes()).doesNotContainKey(Prefix.parse("10.1.0.0/16"));
        assertThat(manager.routes().get(Prefix.parse("10.2.0.0/16")))
                .isEqualTo("via 192.0.2.2 dev e0,via 203.0.113.2 dev e1 dead");
        network.ip("link set e1 up");
        routesEqual(manager);
        network.ip("addr del 203.0.113.1/24 dev e1");
        routesEqual(manager);
        assertThat(manager.routes()).doesNotContainKey(Prefix.parse("10.3.0.0/16"));
        network.ip("nexthop add id 7 via 192.0.2.2 dev e0");
        network.ip("nexthop add id 8 via 192.0.2.3 dev e0");
        network.ip("route add 10.4.0.0/16 nhid 7");
        network.ip("route add 10.5.0.0/16 nhid 8");
        routesEqual(manager);
        network.ip("nexthop replace id 7 via 192.0.2.4 dev e0");
        routesEqual(manager);
        network.ip("nexthop del id 8");
        routesEqual(manager);
        assertThat(manager.routes())
                .containsEntry(Prefix.parse("10.4.0.0/16"), "via 192.0.2.4 dev e0")
                .doesNotContainKey(Prefix.parse("10.5.0.0/16"));
        network.ip("link del e1");
        routesEqual(manager);
    }

    /** Links that come while the mirror runs; of their first time up Linux tells everything. */
    @Test
    void newLinksComeUpAndChangeSilentlyAgain() throws IOException {
        RecordingManager manager = manager();
        mirror(settings());
        for (String family : List.of("203.0.113.1/24", "2001:db8:f::1/64 nodad")) {
            network.ip("link add n0 type veth peer name n1");
            network.ip("addr add " + family + " dev n0");
            routesEqual(manager);
            network.ip("link set n0 up"); // without carrier
            routesEqual(manager);
            network.ip("link set n1 up");
            routesEqual(manager);
            boolean isIp6 = family.contains(":");
            network.ip(
                    isIp6
                            ? "-6 route add 2001:db8:2::/48 nexthop via 2001:db8::2 nexthop via"
                                    + " 2001:db8:f::2"
                            : "route add 10.2.0.0/16 nexthop via 192.0.2.2 nexthop via"
                                    + " 203.0.113.2");
            routesEqual(manager);
            network.ip("link set n0 down");
            routesEqual(manager);
            network.ip("link set n0 up");
            routesEqual(manager);
            network.ip("link set n0 down");
            network.ip("link set n1 down"); // the carrier goes while nobody looks
            network.ip("link set n1 up");
            network.ip("link set n0 up");
            routesEqual(manager);
            network.ip("link del n0");
            routesEqual(manager);
        }
    }

    @Test
    void aManagerWithoutIp6GetsNone() throws IOException {
        RecordingManager manager = manager();
        manager.features(Feature.bitmap(java.util.EnumSet.of(Feature.IP4)));
        network.ip("route add 10.1.0.0/16 nexthop via 192.0.2.2 nexthop via 192.0.2.3");
        Mirror mirror = mirror(settings());
        assertThat(manager.all(Message.Route.class))
                .noneMatch(route -> route.prefix().family() == floof.base.Family.IP6)
                .anyMatch(route -> route.type() == RouteType.UNSUPPORTED);
        assertThat(mirror.state().count(MessageType.ROUTE, Status.UNSUPPORTED)).isPositive();
    }

    @Test
    void anAuditOfTheTruthRepairsNothing() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings(8 << 20, 3_600_000, 200));
        network.ip("route add 10.1.0.0/16 via 192.0.2.2");
        routesEqual(manager);
        eventually(() -> mirror.state().audits() > 1);
        assertThat(mirror.state().repairs()).isZero();
        network.ip("route del 10.1.0.0/16");
        routesEqual(manager);
        assertThat(mirror.state().repairs()).isZero();
    }

    /** Linux lets a neighbour that is not used grow stale without a word: normal, no repair. */
    @Test
    void anAuditTakesStatesOfNeighboursAsTheyAre() throws IOException {
        RecordingManager manager = manager();
        network.run("sysctl -qw net.ipv4.neigh.e0.base_reachable_time_ms=1000");
        network.run("sysctl -qw net.ipv4.neigh.e0.delay_first_probe_time=0");
        Mirror mirror = mirror(settings(8 << 20, 3_600_000, 200));
        network.ip("neigh replace 192.0.2.9 lladdr 02:00:00:00:00:09 dev e0 nud reachable");
        eventually(() ->
                has(manager, Message.Neighbour.class, it -> it.state() == NeighbourState.STALE));
        long audits = mirror.state().audits();
        eventually(() -> mirror.state().audits() > audits + 1);
        assertThat(mirror.state().repairs()).isZero();
    }

    @Test
    void severalNamespacesAreKeptApart() throws IOException {
        RecordingManager manager = manager();
        try (Netns other = Netns.withPair().addressed()) {
            other.ip("route add 10.1.0.0/16 via 192.0.2.9");
            network.ip("route add 10.1.0.0/16 via 192.0.2.2");
            Mirror mirror =
                    new Mirror(
                            List.of(
                                    MirrorScene.mirrored(network, 0),
                                    MirrorScene.mirrored(other, 5)),
                            settings(),
                            alarms,
                            Tasks.printing());
            open.add(mirror);
            mirror.start();
            eventually(() -> isSettled(mirror));
            Prefix prefix = Prefix.parse("10.1.0.0/16");
            assertThat(manager.all(Message.Route.class))
                    .filteredOn(route -> route.prefix().equals(prefix))
                    .extracting(route -> route.vrf() + " " + route.nextHops().getFirst().gateway())
                    .containsExactlyInAnyOrder("0 192.0.2.2", "5 192.0.2.9");
        }
    }

    /** Random changes of a few prefixes, so that they meet in every way Linux knows. */
    @Test
    void randomChangesEndEqual() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        network.ip("addr add 203.0.113.1/24 dev e1");
        network.ip("addr add 2001:db8:f::1/64 dev e1 nodad");
        Random random = new Random(7);
        for (int round = 0; round < 30; round++) {
            StringBuilder changes = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                changes.append(change(random));
            }
            network.tries(changes);
            eventually(() -> isSettled(mirror));
            routesEqualButUnclear(manager, round);
        }
        assertThat(mirror.state().resyncs()).isEqualTo(1);
    }

    private static String change(Random random) {
        boolean isIp6 = random.nextBoolean();
        String prefix = isIp6 ? "2001:db8:9::/48" : "10.9.0.0/16";
        String[] ways =
                isIp6
                        ? new String[] {"2001:db8::2", "2001:db8::3", "2001:db8:f::2"}
                        : new String[] {"192.0.2.2", "192.0.2.3", "203.0.113.2"};
        String verb =
                new String[] {"add", "replace", "append", "prepend", "change", "del", "del"}
                        [random.nextInt(7)];
        String first = ways[random.nextInt(3)];
        String way =
                switch (random.nextInt(4)) {
                    case 0 -> " nexthop via " + first + " nexthop via " + ways[random.nextInt(3)];
                    case 1 -> verb.equals("del") ? "" : " via " + first;
                    default -> " via " + first;
                };
        return (isIp6 ? "-6 " : "")
                + "route "
                + verb
                + " "
                + prefix
                + way
                + " metric "
                + (10 + random.nextInt(2))
                + "\n";
    }

    /** As {@link #routesEqual}, but for what Linux chooses by the state of neighbours. */
    private void routesEqualButUnclear(RecordingManager manager, int round) {
        Map<Prefix, String> expected = LinuxRoutes.of(network);
        long endNs = System.nanoTime() + Eventually.LIMIT.toNanos();
        boolean isEqual = false;
        while (!isEqual && System.nanoTime() < endNs) {
            Map<Prefix, String> told = manager.routes();
            isEqual = told.keySet().equals(expected.keySet());
            for (Map.Entry<Prefix, String> route : told.entrySet()) {
                isEqual &=
                        route.getValue().equals("unsupported")
                                || route.getValue().equals(expected.get(route.getKey()));
            }
            pause(5);
        }
        if (!isEqual) {
            assertThat(manager.routes()).as("round " + round).isEqualTo(expected);
        }
    }
}
