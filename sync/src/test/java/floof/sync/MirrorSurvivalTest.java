package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Prefix;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.fpc.Feature;
import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.fpc.Report;
import floof.testkit.Netns;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restarts, overruns, refusals and bursts. */
class MirrorSurvivalTest extends MirrorScene {
    private static final int HANGS_MS = 20_000;

    @Test
    @Tag("slow")
    void closingDoesNotWaitForAManagerThatHangs() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        manager.delay(HANGS_MS);
        network.ip("route add 10.1.0.0/16 via 192.0.2.2");
        eventually(() -> mirror.state().pending() > 0 && mirror.state().lagMs() > 50);
        long startNs = System.nanoTime();
        mirror.close();
        assertThat(System.nanoTime() - startNs).isLessThan(HANGS_MS * 1_000_000L / 2);
        assertThat(mirror.state().phase()).isEqualTo(MirrorState.Phase.STOPPED);
    }

    /** The one that tells the fast path, and the one that listens to Linux. */
    @ParameterizedTest
    @ValueSource(strings = {"sync", "sync-"})
    void aTaskThatDiesIsAnAlarmAndGoesOn(String task) throws IOException {
        RecordingManager manager = manager();
        Alarms seen = new Alarms(InstantSource.system());
        MirroredNamespace namespace = MirrorScene.mirrored(network, 0);
        String name = task.equals("sync") ? task : task + namespace.name();
        try (Tasks tasks = new Tasks(seen, (line, fault) -> {}, () -> {});
                Mirror mirror = new Mirror(List.of(namespace), settings(), alarms, tasks)) {
            mirror.start();
            eventually(() -> isSettled(mirror));
            long resyncs = mirror.state().resyncs();
            tasks.fail(name);
            network.ip("route add 10.1.0.0/16 via 192.0.2.2"); // and something to do
            eventually(() -> !seen.active().isEmpty());
            assertThat(seen.active().getFirst().text()).contains("task " + name + " failed");
            network.ip("route add 10.2.0.0/16 via 192.0.2.2");
            eventually(() -> isSettled(mirror) && mirror.state().resyncs() > resyncs);
            routesEqual(manager);
        }
    }

    @Test
    void anotherEpochThanOursMakesUsBeginAgain() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings());
        manager.refuse(
                Report.STALE,
                m -> m instanceof Message.Route route && route.prefix().length() == 20);
        network.ip("route add 10.1.0.0/20 via 192.0.2.2");
        eventually(() -> mirror.state().resyncs() > 1);
        manager.refuse(Report.STALE, m -> false);
        eventually(() -> isSettled(mirror));
        routesEqual(manager);
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
        eventually(() -> isSettled(mirror));
        routesEqual(manager);
        assertThat(mirror.state().count(MessageType.ROUTE, Status.FAILED)).isZero();
    }

    @Test
    void aRestartedManagerGetsAllAgain() throws IOException {
        RecordingManager first = manager();
        Mirror mirror = mirror(settings());
        network.ip("route add 10.1.0.0/16 via 192.0.2.2");
        routesEqual(first);
        first.close();
        network.ip("route add 10.2.0.0/16 via 192.0.2.2");
        network.ip("route del 10.1.0.0/16");
        eventually(() -> mirror.state().phase() == MirrorState.Phase.CONNECTING);
        eventually(() -> mirror.state().error().contains("fpc.sock"));
        RecordingManager second = manager();
        eventually(() -> isSettled(mirror));
        routesEqual(second);
        assertThat(second.sweeps()).isEqualTo(1);
        assertThat(mirror.state().resyncs()).isEqualTo(2);
        assertThat(mirror.state().error()).isEmpty();
    }

    @Test
    @Tag("slow")
    void anOverrunEndsEqual() throws IOException {
        RecordingManager manager = manager();
        Mirror mirror = mirror(settings(4096, 3_600_000, 3_600_000));
        StringBuilder add = new StringBuilder();
        StringBuilder remove = new StringBuilder();
        // With this link the kernel removes, and tells, 2,000 routes in one go: no reader keeps up.
        network.ip("link add name e2 up type veth peer name e3");
        network.ip("link set e3 up");
        for (int i = 0; i < 2_000; i++) {
            add.append("route add 2001:db8:1:" + Integer.toHexString(i) + "::/64 dev e2\n");
        }
        for (int i = 0; i < 20_000; i++) {
            String prefix = "10." + (i >> 8) + "." + (i & 255) + ".0/24";
            add.append("route add " + prefix + " via 192.0.2." + (2 + i % 7) + "\n");
            if (i % 2 == 0) {
                remove.append("route del " + prefix + "\n");
            }
        }
        network.batch(add);
        eventually(() -> isSettled(mirror) && manager.routes().size() >= 22_000);
        long before = mirror.state().overruns();
        network.ip("link set e2 down");
        network.batch(remove);
        eventually(() -> isSettled(mirror) && manager.routes().size() < 10_100);
        routesEqual(manager);
        assertThat(manager.routes()).hasSize(10_002);
        assertThat(mirror.state().overruns()).isGreaterThan(before);
        assertThat(mirror.state().resyncs()).isGreaterThan(1);
        assertThat(mirror.state().error()).as("it is mended").isEmpty();
        assertThat(manager.sweeps()).as("nothing else is told again").isEqualTo(1);
    }

    /** One whose events are lost is read again alone; the other's changes arrive meanwhile. */
    @Test
    void anOverrunOfOneNamespaceIsNoneOfAnother() throws Exception {
        RecordingManager manager = manager();
        try (Netns other = Netns.withPair().addressed()) {
            Mirror mirror =
                    new Mirror(
                            List.of(
                                    MirrorScene.mirrored(network, 0),
                                    MirrorScene.mirrored(other, 1)),
                            settings(4096, 3_600_000, 3_600_000),
                            alarms,
                            Tasks.printing());
            open.add(mirror);
            mirror.start();
            eventually(() -> isSettled(mirror));
            StringBuilder routes = new StringBuilder();
            for (int i = 0; i < 2_000; i++) {
                routes.append("route add 2001:db8:1:" + Integer.toHexString(i) + "::/64 dev e2\n");
            }
            other.ip("link add name e2 up type veth peer name e3");
            other.ip("link set e3 up");
            other.batch(routes);
            eventually(() -> manager.count(Message.Route.class) > 2_000);
            eventually(() -> isSettled(mirror));
            long before = mirror.state().overruns();
            int removals = manager.removals();
            other.ip("link set e2 down");
            network.ip("route add 10.1.0.0/16 via 192.0.2.2");
            eventually(() -> isSettled(mirror) && manager.removals() >= removals + 2_000);
            assertThat(mirror.state().overruns()).isGreaterThan(before);
            eventually(() ->
                    has(
                            manager,
                            Message.Route.class,
                            route ->
                                    route.vrf() == 0
                                            && route.prefix().equals(Prefix.parse("10.1.0.0/16"))));
            assertThat(manager.sweeps()).isEqualTo(1);
            mirror.close();
        }
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
        eventually(() -> isSettled(mirror));
        routesEqual(manager);
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
        assertThat(mirror.fault(0, Prefix.parse("10.1.0.0/20"))).isEqualTo("FULL: no room");
        manager.refuse(Report.FULL, m -> false);
        eventually(() -> mirror.state().count(MessageType.ROUTE, Status.FAILED) == 0);
        routesEqual(manager);
        eventually(() -> manager.all(Message.Policy.class).contains(new Message.Policy(0, 0)));
    }

    /** Without an audit, and without a word to the namespace: the manager does what is needed. */
    @Test
    void routesThatFoundNoRoomAreSentAgainUntilTheyDo() throws IOException {
        RecordingManager manager = manager();
        manager.features(Feature.all());
        manager.refuse(
                Report.FULL,
                m -> m instanceof Message.Route route && route.prefix().length() == 26);
        StringBuilder many = new StringBuilder();
        int count = 500;
        for (int i = 0; i < count; i++) {
            many.append("route add 10.").append(2 + i / 250).append('.').append(i % 250);
            many.append(".0/26 via 192.0.2.2\n");
        }
        network.batch(many.toString());
        Mirror mirror = mirror(settings(8 << 20, 3_600_000, 3_600_000));
        assertThat(mirror.state().count(MessageType.ROUTE, Status.FAILED)).isEqualTo(count);
        assertThat(manager.all(Message.Policy.class)).containsExactly(new Message.Policy(0, 0));
        Prefix one = Prefix.parse("10.2.7.0/26");
        assertThat(mirror.fault(0, one)).isEqualTo("FULL: no room");
        int before = manager.received();
        eventually(() -> manager.received() >= before + 4);
        assertThat(manager.received() - before).as("one at a time").isLessThan(100);
        manager.refuse(Report.FULL, m -> false);
        eventually(() -> mirror.state().count(MessageType.ROUTE, Status.FAILED) == 0);
        assertThat(mirror.fault(0, one)).isEmpty();
        routesEqual(manager);
    }

    @Test
    @Tag("slow")
    void eventsDuringADumpAreNotLost() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            many.append("route add 10." + (i >> 8) + "." + (i & 255) + ".0/24 dev e0\n");
        }
        network.batch(many);
        RecordingManager manager = manager();
        Mirror mirror =
                new Mirror(
                        List.of(MirrorScene.mirrored(network, 0)),
                        settings(),
                        alarms,
                        Tasks.printing());
        open.add(mirror);
        mirror.start();
        for (int i = 0; i < 30; i++) {
            network.ip("route replace 10.0." + (i * 8) + ".0/24 via 192.0.2.2");
            network.ip("route del 10.1." + (i * 8) + ".0/24");
        }
        eventually(() -> isSettled(mirror));
        routesEqual(manager);
        assertThat(mirror.state().resyncs()).isEqualTo(1);
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
        eventually(() -> manager.count(Message.Route.class) > count && isSettled(mirror));
        long followedNs = System.nanoTime();
        assertThat(mirror.state().overruns()).isZero();
        manager.close();
        RecordingManager second = manager();
        eventually(() -> mirror.state().phase() != MirrorState.Phase.LIVE);
        long againNs = System.nanoTime();
        eventually(() -> second.sweeps() == 1 && isSettled(mirror));
        assertThat(second.count(Message.Route.class)).isGreaterThan(count);
        System.out.printf(
                "%d routes: ip -batch %d ms, acknowledged %d ms later; mark, dump, sweep %d ms%n",
                count,
                (addedNs - startNs) / 1_000_000,
                (followedNs - addedNs) / 1_000_000,
                (System.nanoTime() - againNs) / 1_000_000);
    }
}
