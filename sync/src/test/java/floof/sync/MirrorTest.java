package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.fpc.Feature;
import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.fpc.NeighbourState;
import floof.fpc.Report;
import floof.fpc.RouteType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the running kernel, ip(8) as the oracle and a manager that records. */
@Timeout(60)
class MirrorTest {
    /** What a change in Linux may take to be acknowledged. */
    private static final int SOON_MS = 1000;

    @TempDir Path folder;
    private final Network network = new Network();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        network.close();
    }

    private RecordingManager manager() throws IOException {
        RecordingManager manager = new RecordingManager(folder.resolve("fpc.sock"));
        open.add(manager);
        return manager;
    }

    private MirrorSettings settings() {
        return new MirrorSettings(
                folder.resolve("fpc.sock"), 8 << 20, 512, 3_600_000, 3_600_000, 50);
    }

    private MirrorSettings settings(int bufferBytes, int hitMs, int auditMs) {
        return new MirrorSettings(folder.resolve("fpc.sock"), bufferBytes, 512, hitMs, auditMs, 50);
    }

    private Mirror mirror(MirrorSettings settings) {
        Mirror mirror = new Mirror(List.of(network.mirrored(0)), settings);
        open.add(mirror);
        mirror.start();
        eventually(10_000, () -> isSettled(mirror));
        return mirror;
    }

    private static boolean isSettled(Mirror mirror) {
        MirrorState state = mirror.state();
        return state.phase() == MirrorState.Phase.LIVE && state.pending() == 0;
    }

    private static void eventually(int withinMs, BooleanSupplier condition) {
        long endNs = System.nanoTime() + withinMs * 1_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in " + withinMs + " ms").isLessThan(endNs);
            pause(5);
        }
    }

    private static void pause(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the manager has the routes that ip(8) tells, and says the difference if not. */
    private void routesEqual(RecordingManager manager, int withinMs) {
        Map<Prefix, String> expected = network.routes();
        long endNs = System.nanoTime() + withinMs * 1_000_000L;
        while (System.nanoTime() < endNs && !manager.routes().equals(expected)) {
            pause(10);
        }
        assertThat(manager.routes()).isEqualTo(expected);
    }

    private static <T extends Message.Request> boolean has(
            RecordingManager manager, Class<T> kind, java.util.function.Predicate<T> which) {
        return manager.all(kind).stream().anyMatch(which);
    }

    @Test
    void everythingThereIsAndEveryChangeArrive() throws IOException {
        network.ip("route add 10.0.0.0/8 via 192.0.2.2");
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        routesEqual(manager, SOON_MS);
        assertThat(manager.all(Message.Link.class))
                .extracting(Message.Link::name)
                .containsExactlyInAnyOrder("lo", "e0", "e1");
        assertThat(has(manager, Message.Vrf.class, vrf -> vrf.id() == 0)).isTrue();
        assertThat(manager.all(Message.Policy.class)).containsExactly(new Message.Policy(0, 0));
        assertThat(mirror.state().count(MessageType.LINK, Status.INSTALLED)).isEqualTo(3);

        network.ip("link set e0 mtu 1400");
        eventually(SOON_MS, () -> has(manager, Message.Link.class, link -> link.mtu() == 1400));
        network.ip("link set e1 address 02:00:00:00:00:77");
        eventually(
                SOON_MS,
                () ->
                        has(
                                manager,
                                Message.Link.class,
                                link -> link.mac().value() == 0x20000000077L));
        network.ip("link add name e2 type veth peer name e3");
        eventually(
                SOON_MS, () -> has(manager, Message.Link.class, link -> link.name().equals("e3")));
        network.ip("link del e2");
        eventually(SOON_MS, () -> manager.count(Message.Link.class) == 3);

        network.ip("addr add 198.51.100.1/24 dev e0");
        IpAddress broadcast = IpAddress.parse("198.51.100.255");
        eventually(
                SOON_MS,
                () -> has(manager, Message.Address.class, a -> broadcast.equals(a.broadcast())));
        routesEqual(manager, SOON_MS);
        network.ip("addr del 198.51.100.1/24 dev e0");
        eventually(
                SOON_MS,
                () -> !has(manager, Message.Address.class, a -> broadcast.equals(a.broadcast())));

        for (String address : List.of("192.0.2.7", "2001:db8::7")) {
            network.ip("neigh add " + address + " lladdr 02:00:00:00:00:07 dev e0");
            eventually(SOON_MS, () -> has(manager, Message.Neighbour.class, n -> is(n, address)));
            network.ip("neigh del " + address + " dev e0");
            eventually(SOON_MS, () -> !has(manager, Message.Neighbour.class, n -> is(n, address)));
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
            routesEqual(manager, SOON_MS);
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
            eventually(
                    SOON_MS,
                    () ->
                            has(
                                    manager,
                                    Message.Route.class,
                                    route ->
                                            route.prefix().equals(wanted)
                                                    && route.type() == RouteType.UNSUPPORTED));
        }
        network.ip("rule add from 10.0.0.0/8 table 100");
        network.ip("route add local 10.5.0.0/16 dev lo");
        eventually(
                SOON_MS,
                () -> manager.all(Message.Policy.class).contains(new Message.Policy(0, 2)));
        assertThat(mirror.state().unsupportedRules()).isEqualTo(2);
        network.ip("rule del from 10.0.0.0/8 table 100");
        network.ip("route del local 10.5.0.0/16 dev lo");
        eventually(
                SOON_MS,
                () -> manager.all(Message.Policy.class).contains(new Message.Policy(0, 0)));
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
        routesEqual(manager, SOON_MS);
        network.ip("link set e1 down");
        routesEqual(manager, SOON_MS);
        assertThat(manager.routes()).doesNotContainKey(Prefix.parse("10.1.0.0/16"));
        assertThat(manager.routes().get(Prefix.parse("10.2.0.0/16")))
                .isEqualTo("via 192.0.2.2 dev e0,via 203.0.113.2 dev e1 dead");
        network.ip("link set e1 up");
        routesEqual(manager, SOON_MS);
        network.ip("addr del 203.0.113.1/24 dev e1");
        routesEqual(manager, SOON_MS);
        assertThat(manager.routes()).doesNotContainKey(Prefix.parse("10.3.0.0/16"));
        network.ip("nexthop add id 7 via 192.0.2.2 dev e0");
        network.ip("nexthop add id 8 via 192.0.2.3 dev e0");
        network.ip("route add 10.4.0.0/16 nhid 7");
        network.ip("route add 10.5.0.0/16 nhid 8");
        routesEqual(manager, SOON_MS);
        network.ip("nexthop replace id 7 via 192.0.2.4 dev e0");
        routesEqual(manager, SOON_MS);
        network.ip("nexthop del id 8");
        routesEqual(manager, SOON_MS);
        assertThat(manager.routes())
                .containsEntry(Prefix.parse("10.4.0.0/16"), "via 192.0.2.4 dev e0")
                .doesNotContainKey(Prefix.parse("10.5.0.0/16"));
        network.ip("link del e1");
        routesEqual(manager, SOON_MS);
    }

    @Test
    void closingDoesNotWaitForAManagerThatHangs() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        manager.delay(3000);
        network.ip("route add 10.1.0.0/16 via 192.0.2.2");
        eventually(SOON_MS, () -> mirror.state().pending() > 0 && mirror.state().lagMs() > 50);
        long startNs = System.nanoTime();
        mirror.close();
        assertThat(System.nanoTime() - startNs).isLessThan(1_000_000_000L);
        assertThat(mirror.state().phase()).isEqualTo(MirrorState.Phase.STOPPED);
    }

    @Test
    void anotherEpochThanOursMakesUsBeginAgain() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        manager.refuse(
                Report.STALE,
                m -> m instanceof Message.Route route && route.prefix().length() == 20);
        network.ip("route add 10.1.0.0/20 via 192.0.2.2");
        eventually(SOON_MS, () -> mirror.state().resyncs() > 1);
        manager.refuse(Report.STALE, m -> false);
        eventually(SOON_MS, () -> isSettled(mirror));
        routesEqual(manager, SOON_MS);
    }

    @Test
    void aRouteWithoutItsLinkWaitsForIt() throws IOException {
        RecordingManager manager = manager();
        manager.refuse(Report.NOT_FOUND, m -> m instanceof Message.Route);
        Mirror mirror = mirror(settings());
        assertThat(mirror.state().count(MessageType.ROUTE, Status.FAILED)).isEqualTo(2);
        assertThat(manager.all(Message.Policy.class)).containsExactly(new Message.Policy(0, 0));
        manager.refuse(Report.NOT_FOUND, m -> false);
        network.ip("link add name e2 type veth peer name e3");
        eventually(SOON_MS, () -> isSettled(mirror));
        routesEqual(manager, SOON_MS);
        assertThat(mirror.state().count(MessageType.ROUTE, Status.FAILED)).isZero();
    }

    @Test
    void aRestartedManagerGetsAllAgain() throws IOException {
        RecordingManager first = manager();
        Mirror mirror = mirror(settings());
        network.ip("route add 10.1.0.0/16 via 192.0.2.2");
        routesEqual(first, SOON_MS);
        first.close();
        network.ip("route add 10.2.0.0/16 via 192.0.2.2");
        network.ip("route del 10.1.0.0/16");
        eventually(SOON_MS, () -> mirror.state().phase() == MirrorState.Phase.CONNECTING);
        RecordingManager second = manager();
        eventually(SOON_MS, () -> isSettled(mirror));
        routesEqual(second, SOON_MS);
        assertThat(second.sweeps()).isEqualTo(1);
        assertThat(mirror.state().resyncs()).isEqualTo(2);
    }

    @Test
    void anOverrunEndsEqual() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings(4096, 3_600_000, 3_600_000));
        StringBuilder add = new StringBuilder();
        StringBuilder remove = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            String prefix = "10." + (i >> 8) + "." + (i & 255) + ".0/24";
            add.append("route add " + prefix + " via 192.0.2." + (2 + i % 7) + "\n");
            if (i % 2 == 0) {
                remove.append("route del " + prefix + "\n");
            }
        }
        network.batch(add);
        network.batch(remove);
        eventually(20_000, () -> isSettled(mirror) && manager.routes().size() < 10_100);
        routesEqual(manager, 5000);
        assertThat(manager.routes()).hasSize(10_002);
        assertThat(mirror.state().overruns()).isPositive();
        assertThat(mirror.state().resyncs()).isGreaterThan(1);
    }

    @Test
    void burstsAreCoalescedByObject() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        manager.delay(2);
        int before = manager.received();
        StringBuilder flaps = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            flaps.append("route replace 10.1.0.0/16 via 192.0.2." + (2 + i % 200) + "\n");
        }
        network.batch(flaps);
        eventually(10_000, () -> isSettled(mirror));
        routesEqual(manager, SOON_MS);
        assertThat(manager.received() - before).isLessThan(2000);
        assertThat(mirror.state().overruns()).isZero();
    }

    @Test
    void refusedRoutesMakeTheNamespaceLinuxs() throws IOException {
        RecordingManager manager = manager();
        manager.refuse(
                Report.FULL,
                m -> m instanceof Message.Route route && route.prefix().length() == 20);
        network.ip("route add 10.1.0.0/20 via 192.0.2.2");
        Mirror mirror = mirror(settings(8 << 20, 3_600_000, 300));
        assertThat(mirror.state().count(MessageType.ROUTE, Status.FAILED)).isEqualTo(1);
        assertThat(manager.all(Message.Policy.class)).containsExactly(new Message.Policy(0, 1));
        assertThat(mirror.objects(0, MessageType.ROUTE))
                .anyMatch(route ->
                        route.status() == Status.FAILED && route.fault().equals("FULL: no room"));
        manager.refuse(Report.FULL, m -> false);
        eventually(2000, () -> mirror.state().count(MessageType.ROUTE, Status.FAILED) == 0);
        routesEqual(manager, SOON_MS);
        eventually(
                SOON_MS,
                () -> manager.all(Message.Policy.class).contains(new Message.Policy(0, 0)));
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
        routesEqual(manager, SOON_MS);
        eventually(2000, () -> mirror.state().audits() > 1);
        assertThat(mirror.state().repairs()).isZero();
        network.ip("route del 10.1.0.0/16");
        routesEqual(manager, SOON_MS);
        assertThat(mirror.state().repairs()).isZero();
    }

    @Test
    void severalNamespacesAreKeptApart() throws IOException {
        RecordingManager manager = manager();
        try (Network other = new Network()) {
            other.ip("route add 10.1.0.0/16 via 192.0.2.9");
            network.ip("route add 10.1.0.0/16 via 192.0.2.2");
            Mirror mirror = new Mirror(List.of(network.mirrored(0), other.mirrored(5)), settings());
            open.add(mirror);
            mirror.start();
            eventually(5000, () -> isSettled(mirror));
            Prefix prefix = Prefix.parse("10.1.0.0/16");
            assertThat(manager.all(Message.Route.class))
                    .filteredOn(route -> route.prefix().equals(prefix))
                    .extracting(route -> route.vrf() + " " + route.nextHops().getFirst().gateway())
                    .containsExactlyInAnyOrder("0 192.0.2.2", "5 192.0.2.9");
        }
    }

    @Test
    void eventsDuringADumpAreNotLost() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            many.append("route add 10." + (i >> 8) + "." + (i & 255) + ".0/24 dev e0\n");
        }
        network.batch(many);
        RecordingManager manager = manager();
        Mirror mirror = new Mirror(List.of(network.mirrored(0)), settings());
        open.add(mirror);
        mirror.start();
        for (int i = 0; i < 30; i++) {
            network.ip("route replace 10.0." + (i * 8) + ".0/24 via 192.0.2.2");
            network.ip("route del 10.1." + (i * 8) + ".0/24");
        }
        eventually(10_000, () -> isSettled(mirror));
        routesEqual(manager, SOON_MS);
        assertThat(mirror.state().resyncs()).isEqualTo(1);
    }

    /** A station behind e0 that answers ARP for 192.0.2.2 and 192.0.2.3; silent about IPv6. */
    private Network station() {
        Network station = new Network();
        open.add(station);
        for (Network each : List.of(network, station)) {
            each.sysctl("ipv6/conf/all/disable_ipv6", 1);
            each.sysctl("ipv6/conf/default/disable_ipv6", 1);
        }
        station.ip("link del e0");
        network.ip("link set e1 netns " + station.mirrored(0).name());
        station.ip("link set e1 up");
        station.ip("addr add 192.0.2.2/24 dev e1");
        station.ip("addr add 192.0.2.3/24 dev e1");
        eventually(SOON_MS, () -> network.ip("link show e0").contains("LOWER_UP"));
        return station;
    }

    @Test
    void neighboursInUseAreProbedOncePerIntervalAndOthersNot() throws IOException {
        Network station = station();
        int intervalMs = 500;
        // At its shortest, half of this, longer than the delay: else Linux goes on probing.
        network.sysctl("ipv4/neigh/e0/base_reachable_time_ms", 2400);
        network.sysctl("ipv4/neigh/e0/delay_first_probe_time", 1);
        network.sysctl("ipv4/neigh/e0/retrans_time_ms", 100);
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings(8 << 20, intervalMs, 3_600_000));
        network.run("ping -c 1 -W 1 192.0.2.2");
        network.run("ping -c 1 -W 1 192.0.2.3");
        int ifindex = network.ipJson("link show e0").get(0).get("ifindex").asInt();
        IpAddress used = IpAddress.parse("192.0.2.2");
        IpAddress unused = IpAddress.parse("192.0.2.3");
        eventually(5000, () -> isStale(manager, used) && isStale(manager, unused));
        assertThat(mirror.state().probes()).isZero();

        long receivedBefore = received(station);
        int lossesBefore = manager.removals();
        manager.hits(List.of(new Message.Hit(0, ifindex, used)));
        long startNs = System.nanoTime();
        int refreshed = 0;
        boolean wasStale = true;
        while (refreshed < 2) {
            NeighbourState state = state(manager, used);
            refreshed += wasStale && state == NeighbourState.REACHABLE ? 1 : 0;
            wasStale = wasStale ? state != NeighbourState.REACHABLE : state == NeighbourState.STALE;
            assertThat(state(manager, unused)).isEqualTo(NeighbourState.STALE);
            assertThat(System.nanoTime() - startNs).isLessThan(15_000_000_000L);
            pause(5);
        }
        long intervals = (System.nanoTime() - startNs) / 1_000_000 / intervalMs + 1;
        assertThat(mirror.state().probes()).isBetween(2L, intervals);
        assertThat(received(station) - receivedBefore).isBetween(2L, intervals);
        assertThat(manager.removals()).isEqualTo(lossesBefore);

        // A station that went away fails its probes, and its entry goes.
        station.ip("addr flush dev e1");
        eventually(10_000, () -> state(manager, used) == null);
        assertThat(state(manager, unused)).isEqualTo(NeighbourState.STALE);
    }

    private static boolean isStale(RecordingManager manager, IpAddress address) {
        return state(manager, address) == NeighbourState.STALE;
    }

    private static @Nullable NeighbourState state(RecordingManager manager, IpAddress address) {
        return manager.all(Message.Neighbour.class).stream()
                .filter(neighbour -> neighbour.address().equals(address))
                .map(Message.Neighbour::state)
                .findFirst()
                .orElse(null);
    }

    private static long received(Network station) {
        return station.ipJson("-s link show e1").get(0).at("/stats64/rx/packets").asLong();
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
            eventually(SOON_MS, () -> isSettled(mirror));
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
        Map<Prefix, String> expected = network.routes();
        long endNs = System.nanoTime() + SOON_MS * 1_000_000L;
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

    /** Prints what it measures; the bound is for a busy machine. */
    @Test
    void manyRoutesAreFollowed() throws IOException {
        int count = Integer.getInteger("floof.sync.routes", 20_000);
        RecordingManager manager = manager();
        Mirror mirror = mirror(MirrorSettings.of(folder.resolve("fpc.sock")));
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < count; i++) {
            batch.append("route add " + (11 + (i >> 16)) + "." + (i >> 8 & 255) + "." + (i & 255));
            batch.append(".0/24 via 192.0.2." + (2 + i % 7) + "\n");
        }
        long startNs = System.nanoTime();
        network.batch(batch);
        long addedNs = System.nanoTime();
        eventually(20_000, () -> manager.count(Message.Route.class) > count && isSettled(mirror));
        long followedNs = System.nanoTime();
        assertThat(mirror.state().overruns()).isZero();
        manager.close();
        RecordingManager second = manager();
        eventually(SOON_MS, () -> mirror.state().phase() != MirrorState.Phase.LIVE);
        long againNs = System.nanoTime();
        eventually(20_000, () -> second.sweeps() == 1 && isSettled(mirror));
        assertThat(second.count(Message.Route.class)).isGreaterThan(count);
        System.out.printf(
                "%d routes: ip -batch %d ms, acknowledged %d ms later; mark, dump, sweep %d ms%n",
                count,
                (addedNs - startNs) / 1_000_000,
                (followedNs - addedNs) / 1_000_000,
                (System.nanoTime() - againNs) / 1_000_000);
    }
}
