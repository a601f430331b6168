package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.control.fastpath.FastPathProcess;
import floof.control.instance.Processes;
import floof.linux.system.PidFd;
import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Processes that are stopped, replaced and restarted as planned, under traffic. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DaemonsTest {

    @AutoClose private final Peering lab = new Peering(Network.unique("dm"));
    private Router router;

    @BeforeAll
    void build() {
        router = lab.router(Peering.CONFIGURATION);
    }

    @BeforeEach
    void settle() {
        assertThat(Eventually.holds(this::isSettled)).as(router::log).isTrue();
    }

    private boolean isSettled() {
        return router.ctl("show version").isGood()
                && lab.awaitRoutes(router)
                && alarms().isEmpty()
                && lab.peerBird("show protocols").split("Established", -1).length == 3
                && router.must("show fast-path sync")
                        .startsWith("State: synchronized, 0 objects pending");
    }

    private static void assertNothingLost(Pinger pinger, String event) {
        Pinger.Result result = pinger.stop();
        System.out.println(event + ": " + result);
        assertThat(result.lost()).isZero();
    }

    private List<String> alarms() {
        List<String> texts = new ArrayList<>();
        for (JsonNode row : router.json("show system alarms")) {
            texts.add(row.toString());
        }
        return texts;
    }

    private long bird() {
        try {
            return Long.parseLong(Files.readString(router.runFolder().resolve("bird.pid")).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private boolean isAlarm(String part) {
        return router.ctl("show version").isGood()
                && alarms().stream().anyMatch(it -> it.contains(part));
    }

    private Pinger pinger(String label) {
        Pinger pinger = new Pinger(lab, "client", Peering.SERVER4, label);
        assertThat(pinger.awaitAnswers(50)).as(router::log).isTrue();
        return pinger;
    }

    @Test
    void aStoppedFastPathIsToldAndReplaced() {
        Pinger pinger = pinger("stopped-fast-path");
        long pid = router.fastPath().pid();
        PidFd.kill(pid, PidFd.SIGSTOP);
        assertThat(Eventually.holds(() -> isAlarm("fast-path (process " + pid + ")")))
                .as(router::log)
                .isTrue();
        assertThat(pinger.awaitAnswers(50)).as(router::log).isTrue();
        Pinger.Result result = pinger.stop();
        System.out.println("fast path stopped by a signal: " + result);
        assertThat(router.fastPath().pid()).isNotEqualTo(pid);
        assertThat(router.log()).contains("does not answer: a signal has stopped it");
        assertThat(Eventually.holds(() -> alarms().isEmpty())).isTrue();
    }

    @Test
    @Tag("slow")
    void aStoppedBirdIsToldAndReplacedAndNothingIsLost() {
        Pinger pinger = pinger("stopped-bird");
        long pid = bird();
        PidFd.kill(pid, PidFd.SIGSTOP);
        assertThat(Eventually.holds(() -> isAlarm("bird (process " + pid + ")"))).isTrue();
        assertThat(Eventually.holds(() -> bird() != pid && bird() != 0)).isTrue();
        settle();
        assertNothingLost(pinger, "BIRD stopped by a signal");
    }

    @Test
    @Tag("slow")
    void aStoppedFloofdIsToldAndReplacedAndNothingIsLost() throws Exception {
        Pinger pinger = pinger("stopped-floofd");
        long pid = router.floofd().pid();
        PidFd.kill(pid, PidFd.SIGSTOP);
        Process client =
                lab.start(
                        "client-of-a-stopped",
                        Command.of(
                                Router.repository().resolve("floof").toString(),
                                "ctl",
                                "--instance",
                                router.instance(),
                                "-c",
                                "show version"));
        assertThat(
                        Eventually.holds(
                                () -> lab.log("client-of-a-stopped").contains("does not answer")))
                .isTrue();
        assertThat(Eventually.holds(() -> ProcessHandle.of(pid).isEmpty() && isSettled()))
                .as(router::log)
                .isTrue();
        assertNothingLost(pinger, "floofd stopped by a signal");
        assertThat(router.log()).contains("floofd (process " + pid + ") does not answer");
        client.destroy();
    }

    @Test
    @Tag("slow")
    void aKilledSupervisorIsReplacedWithoutAnOutage() throws Exception {
        Pinger pinger = pinger("killed-supervisor");
        long fastPath = router.fastPath().pid();
        long bird = bird();
        long floofd = router.floofd().pid();
        long supervisor =
                Long.parseLong(
                        Files.readString(router.runFolder().resolve("supervisor.lock")).strip());
        kill(supervisor);
        router.restart();
        assertThat(router.floofd().pid()).as("taken over").isEqualTo(floofd);
        PidFd.kill(floofd, PidFd.SIGKILL);
        assertThat(Eventually.holds(() -> ProcessHandle.of(floofd).isEmpty() && isSettled()))
                .as("the new supervisor watches it; %s", router.log())
                .isTrue();
        assertThat(router.fastPath().pid()).isEqualTo(fastPath);
        assertThat(bird()).isEqualTo(bird);
        assertNothingLost(pinger, "supervisor and then floofd killed");
    }

    /** As after an upgrade whose supervisor was killed. */
    @Test
    @Tag("slow")
    void aFloofdOfAnotherBuildIsReplacedWithoutAnOutage() throws Exception {
        Pinger pinger = pinger("another-build");
        long fastPath = router.fastPath().pid();
        List<String> words = Processes.words(router.floofd().pid());
        List<String> others =
                words.stream()
                        .map(word -> word.replaceFirst("^(-Dfloof.build=).*", "$1other"))
                        .toList();
        assertThat(others).isNotEqualTo(words);
        kill(
                Long.parseLong(
                        Files.readString(router.runFolder().resolve("supervisor.lock")).strip()));
        kill(router.floofd().pid());
        lab.start("another-floofd", lab.in("router", others.toArray(String[]::new)));
        router.awaitReady();
        long other = router.floofd().pid();
        router.restart();
        assertThat(Eventually.holds(() -> ProcessHandle.of(other).isEmpty()))
                .as(router::log)
                .isTrue();
        router.awaitReady();
        assertThat(router.log())
                .contains("another build; replacing its floofd (process " + other + ")");
        assertThat(router.fastPath().pid()).isEqualTo(fastPath);
        assertThat(pinger.stop().lost()).isZero();
    }

    private static void kill(long pid) {
        PidFd.kill(pid, PidFd.SIGKILL);
        assertThat(Eventually.holds(() -> ProcessHandle.of(pid).isEmpty())).isTrue();
    }

    /** A planned change, and whether no packet may be lost by it. */
    private record Change(String what, boolean isLossless, Runnable action) {}

    private Change command(String command, boolean isLossless) {
        return new Change(command, isLossless, () -> router.must(command));
    }

    private Change commit(String what, boolean isLossless, String... lines) {
        return new Change("commit of " + what, isLossless, () -> router.commit(List.of(lines)));
    }

    /** What each planned restart and reconfiguration costs. */
    @Test
    @Tag("slow")
    void whatIsPlannedLosesNoMoreThanACrash() {
        List<Change> changes =
                List.of(
                        command("restart routing", true),
                        command("restart control-plane", true),
                        commit("session timers", false, "set bgp peer transit session keepalive 9"),
                        commit("an address", true, "set interfaces ge-0 address 10.88.0.1/24"),
                        commit("an MTU", true, "set interfaces ge-0 mtu 1400"),
                        commit("another port", true, "set interfaces lab7 driver tap"),
                        commit("a driver", false, "set interfaces ge-1 driver af-xdp"),
                        commit(
                                "a route",
                                true,
                                "set routing static route 10.77.0.0/16 next-hop 198.51.100.2"),
                        commit(
                                "a peer",
                                true,
                                "set bgp peer other remote-as 65099",
                                "set bgp peer other neighbor 192.0.2.9"),
                        command("restart fast-path", false),
                        commit("fast-path workers", false, "set fast-path workers 1"));
        for (Change change : changes) {
            assertThat(Eventually.holds(() -> router.ctl("show version").isGood())).isTrue();
            Pinger pinger = pinger("planned-" + change.what().replace(' ', '-'));
            change.action().run();
            assertThat(pinger.awaitAnswers(300)).as(router::log).isTrue();
            if (change.what().equals("restart routing")) {
                // Past BIRD's graceful wait, in which it keeps what it found.
                assertThat(pinger.awaitAnswers(3_300)).isTrue();
            }
            Pinger.Result result = pinger.stop();
            System.out.println(change.what() + ": " + result);
            if (change.isLossless()) {
                assertThat(result.lost()).as(change.what()).isZero();
            }
        }
        router.must("configure", "rollback " + (changes.size() - 3), "commit and-quit");
    }

    /** Medians of three, taken in turn: the machine is shared. */
    @Test
    @Tag("slow")
    void aPlannedRestartOfTheFastPathLosesLessThanItsDeath() {
        List<Double> planned = new ArrayList<>();
        List<Double> crashed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            planned.add(gapS("restart fast-path", () -> router.must("restart fast-path")));
            crashed.add(gapS("fast path killed", () -> router.fastPath().destroyForcibly()));
        }
        assertThat(median(planned)).isLessThan(median(crashed));
    }

    /** Nobody would give the next fast path its ports. */
    @Test
    @Tag("slow")
    void aFloofdThatDiesWhileTheNextFastPathWarmsUpLosesNothing() {
        settle();
        long before = router.fastPath().pid();
        Pinger pinger = pinger("floofd-killed-in-a-succession");
        Thread.ofVirtual().start(() -> router.ctl("restart fast-path"));
        AtomicReference<ProcessHandle> successor = new AtomicReference<>();
        assertThat(
                        Eventually.holds(() -> {
                            successors().findFirst().ifPresent(successor::set);
                            return successor.get() != null;
                        }))
                .isTrue();
        router.floofd().destroyForcibly();
        assertThat(Eventually.holds(() -> !successor.get().isAlive())).as(router::log).isTrue();
        assertThat(Eventually.holds(this::isSettled)).as(router::log).isTrue();
        assertThat(router.fastPath().pid()).isEqualTo(before);
        assertNothingLost(pinger, "floofd killed in a succession");
    }

    private Stream<ProcessHandle> successors() {
        return ProcessHandle.allProcesses()
                .filter(it -> {
                    String line = it.info().commandLine().orElse("");
                    return line.contains(FastPathProcess.SUCCESSOR)
                            && line.contains("--instance " + router.instance() + " ");
                });
    }

    private static double median(List<Double> three) {
        return three.stream().sorted().toList().get(1);
    }

    /** The longest pause between two answers while another fast path takes over. */
    private double gapS(String what, Runnable action) {
        settle();
        Pinger pinger = pinger(what.replace(' ', '-'));
        long before = router.fastPath().pid();
        action.run();
        assertThat(Eventually.holds(this::isSettled)).as(router::log).isTrue();
        assertThat(pinger.awaitAnswers(50)).as(router::log).isTrue();
        assertThat(router.fastPath().pid()).isNotEqualTo(before);
        Pinger.Result result = pinger.stop();
        System.out.println(what + ": " + result);
        return result.longestGapS();
    }

    /**
     * The peer's network comes from a BIRD without graceful restart. A planned restart interrupts
     * the traffic to it as a crash does, and the operator is told so; routes of other peers lose
     * nothing.
     */
    @Test
    @Tag("slow")
    void aPeerWithoutGracefulRestartIsNamed() {
        String network = "198.51.100.0/24";
        lab.ip("client", "route add blackhole " + network + " metric 5000");
        String files = lab.folder() + "/plain";
        lab.write(
                "plain.conf",
                """
                router id 192.0.2.2;
                protocol device {}
                protocol kernel { ipv4 { export all; }; }
                protocol bgp plain {
                    local as 65020; neighbor 192.0.2.1 as 65000; graceful restart off;
                    connect retry time 2; connect delay time 1; error wait time 1, 2;
                    ipv4 { import all; export none; };
                }
                """);
        Process plain =
                lab.start(
                        "plain",
                        lab.in(
                                "client",
                                "bird",
                                "-f",
                                "-c",
                                files + ".conf",
                                "-s",
                                files + ".sock"));
        router.commit(
                List.of(
                        "set bgp prefixes " + network,
                        "set bgp peer plain remote-as 65020",
                        "set bgp peer plain neighbor 192.0.2.2"));
        try {
            double plannedS =
                    withoutBirdS(
                            "restart routing",
                            () ->
                                    assertThat(router.must("restart routing"))
                                            .contains("peer plain (192.0.2.2) has no graceful")
                                            .doesNotContain("transit"));
            double crashedS =
                    withoutBirdS(
                            "BIRD killed",
                            () -> ProcessHandle.of(bird()).orElseThrow().destroyForcibly());
            assertThat(plannedS).isLessThan(2 * crashedS);
        } finally {
            plain.destroy();
            router.commit(List.of("delete bgp prefixes " + network, "delete bgp peer plain"));
            lab.ip("client", "route del blackhole " + network + " metric 5000");
        }
    }

    /** How long the client has no way to the peer's network while another BIRD takes over. */
    private double withoutBirdS(String what, Runnable action) {
        String label = what.replace(' ', '-');
        assertThat(Eventually.holds(() -> isLearnt() && isSettled())).as(router::log).isTrue();
        Process monitor = lab.start("routes-" + label, lab.in("client", "ip", "monitor", "route"));
        assertThat(Eventually.holds(() -> hears(label))).isTrue();
        Pinger other = pinger(label);
        Pinger through = new Pinger(lab, "client", "198.51.100.2", label + "-plain");
        assertThat(through.awaitAnswers(50)).as(router::log).isTrue();
        action.run();
        assertThat(
                        Eventually.holds(() ->
                                lab.log("routes-" + label).contains("Deleted 198.51.100.0/24")
                                        && isLearnt()))
                .as(router::log)
                .isTrue();
        assertThat(through.awaitAnswers(50)).as(router::log).isTrue();
        monitor.destroy();
        Pinger.Result result = through.stop();
        System.out.println(what + ", to a peer without graceful restart: " + result);
        assertThat(other.stop().lost()).as("to a peer with it").isZero();
        return result.longestGapS();
    }

    /** Whether the monitor of the client's routes is there yet. */
    private boolean hears(String label) {
        lab.ip("client", "route add blackhole 198.18.0.0/24");
        lab.ip("client", "route del blackhole 198.18.0.0/24");
        return lab.log("routes-" + label).contains("198.18.0.0/24");
    }

    private boolean isLearnt() {
        return lab.ip("client", "route show 198.51.100.0/24").contains("bird");
    }

    @Test
    void memoryIsTakenFromWhatForwardsLast() throws IOException {
        int floofd = score(router.floofd().pid());
        assertThat(score(router.fastPath().pid())).isLessThan(floofd);
        assertThat(score(bird())).isLessThan(floofd);
        assertThat(router.must("start shell command \"cat /proc/self/oom_score_adj\"").strip())
                .isEqualTo("500");
    }

    private static int score(long pid) throws IOException {
        return Integer.parseInt(
                Files.readString(Path.of("/proc", Long.toString(pid), "oom_score_adj")).strip());
    }
}
