package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Each part killed with -9 under traffic, or stormed: forwarding resumes, and where it can, never
 * stops.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurvivalTest {

    @AutoClose private final Peering lab = new Peering(Network.unique("sv"));
    private Router router;

    /** The router's devices before it took them. */
    private String devices;

    @BeforeAll
    void build() {
        lab.address("router", "eth0", "10.9.9.9/24");
        lab.ip("router", "link set eth1 mtu 1400");
        devices = devices();
        router = lab.router(Peering.CONFIGURATION);
    }

    /** The tests share a router, which one may have ended; each finds it settled. */
    @BeforeEach
    void settle() {
        if (!router.supervisor().isAlive()) {
            router.restart();
        }
        lab.announce(List.of("10.66.1.0/24", "10.66.2.0/24"));
        assertThat(Eventually.holds(this::isSettled))
                .as("%s; log: %s", lab.peerBird("show protocols"), router.log())
                .isTrue();
    }

    /** Just the peer's routes are in the kernel and in the tables. */
    private boolean isSettled() {
        List<String> routes =
                router.inDataplane("ip", "route", "show", "proto", "bird")
                        .run()
                        .output()
                        .lines()
                        .map(line -> line.split(" ")[0])
                        .sorted()
                        .toList();
        return routes.equals(List.of("10.66.1.0/24", "10.66.2.0/24", "203.0.113.0/24"))
                && lab.awaitRoutes(router)
                && sessions().size() == 2
                && router.must("show fast-path sync")
                        .startsWith("State: synchronized, 0 objects pending");
    }

    private String devices() {
        // Link-local addresses are made from the MAC some time after the link comes up.
        return (lab.ip("router", "-o link show type veth") + lab.ip("router", "-4 -o address"))
                // Said when the namespace of another test's device is just being deleted.
                .replace("Error: Peer netns reference is invalid.\n", "")
                .replaceAll("link-netns.*", "");
    }

    /** As they were; the kernel takes a moment to call a link up. */
    private void awaitDevices() {
        Eventually.holds(() -> devices().equals(devices));
        assertThat(devices()).isEqualTo(devices);
    }

    private long pid(String mainClass) {
        String found =
                Command.of("pgrep", "-f", mainClass + ".*--instance " + router.instance() + "( |$)")
                        .mustRun()
                        .strip();
        assertThat(found).as("processes of %s", mainClass).doesNotContain("\n");
        return Long.parseLong(found);
    }

    private long bird() throws IOException {
        return Long.parseLong(Files.readString(router.runFolder().resolve("bird.pid")).strip());
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    /** The time at which each session of the peer came up. */
    private Map<String, LocalTime> sessions() {
        return lab.peerBird("show protocols")
                .lines()
                .filter(line -> line.startsWith("router") && line.contains("Established"))
                .map(line -> line.split("\\s+"))
                .collect(Collectors.toMap(words -> words[0], words -> LocalTime.parse(words[4])));
    }

    /**
     * Checks that no session restarted. BIRD computes the times from their age, so they jitter by 1
     * ms.
     */
    private void assertSessionsStayed(Map<String, LocalTime> before) {
        Map<String, LocalTime> now = sessions();
        assertThat(now.keySet()).as("BGP sessions").isEqualTo(before.keySet());
        now.forEach((name, since) ->
                assertThat(since)
                        .as("%s is up since", name)
                        .isCloseTo(before.get(name), within(500, ChronoUnit.MILLIS)));
    }

    @Test
    void fastPathKilled() {
        Pinger four = new Pinger(lab, "client", Peering.SERVER4, "ping4");
        Pinger six = new Pinger(lab, "client", Peering.SERVER6, "ping6");
        assertThat(four.awaitAnswers(50)).as(router::log).isTrue();
        assertThat(six.awaitAnswers(50)).isTrue();
        Pinger beside = new Pinger(lab, "peer", Peering.SERVER4, "beside");
        Process monitor =
                lab.start(
                        "monitor",
                        router.inDataplane("ip", "-ts", "monitor", "link", "address", "route"));
        // The monitor hears what happens from some moment on: then it hears the last of it, too.
        assertThat(Eventually.holds(() -> isHeard("10.9.8.0/24"))).isTrue();
        isHeard("10.9.9.0/24");
        assertThat(Eventually.holds(() -> lab.log("monitor").contains("Deleted 10.9.9.0/24")))
                .isTrue();
        long heard = events();
        Map<String, LocalTime> sessions = sessions();
        long before = pid("floof.app.FastPath");
        long routesBefore = messages("route");

        kill(before);
        assertThat(four.awaitAnswers(50)).as("IPv4 flows again").isTrue();
        assertThat(six.awaitAnswers(50)).as("IPv6 flows again").isTrue();
        six.stop();
        Pinger.Result result = four.stop();
        System.out.println("fast path killed: " + result);
        assertThat(result.longestGapS()).isLessThan(5 + beside.stop().longestGapS());
        assertThat(pid("floof.app.FastPath")).isNotEqualTo(before);
        assertThat(messages("route")).as("no route was sent anew").isEqualTo(routesBefore);
        assertThat(events()).as("events on the twins: %s", lab.log("monitor")).isEqualTo(heard);
        assertSessionsStayed(sessions);
        monitor.destroy();
    }

    /** Whether the monitor has heard of a route that came and went before; it comes and goes. */
    private boolean isHeard(String prefix) {
        router.inDataplane("ip", "route", "add", prefix, "via", "198.51.100.2").mustRun();
        router.inDataplane("ip", "route", "del", prefix).mustRun();
        return lab.log("monitor").contains("Deleted " + prefix);
    }

    private long events() {
        return lab.log("monitor").lines().filter(line -> !line.contains("ime")).count();
    }

    /** Messages of this type that the manager has been sent. */
    private long messages(String type) {
        for (JsonNode row : router.json("show fast-path fpc")) {
            if (row.get("end").asString().equals("manager")
                    && row.get("type").asString().equals(type)) {
                return row.get("received").asLong();
            }
        }
        throw new AssertionError("no counter of " + type);
    }

    @Test
    void floofdKilled() throws IOException {
        Pinger four = new Pinger(lab, "client", Peering.SERVER4, "ping4");
        assertThat(four.awaitAnswers(50)).as(router::log).isTrue();
        long fastPath = pid("floof.app.FastPath");
        long bird = bird();
        Map<String, LocalTime> sessions = sessions();
        long floofd = pid("floof.app.Floofd");

        kill(floofd);
        assertThat(Eventually.holds(() -> !ProcessHandle.of(floofd).isPresent())).isTrue();
        router.awaitReady();
        // A route changed after the return arrives: the new floofd really mirrors.
        lab.announce(List.of("10.66.2.0/24", "10.66.3.0/24"));
        assertThat(
                        Eventually.holds(() ->
                                router.must("show route 10.66.3.0/24").contains("10.66.3.0/24")))
                .isTrue();
        assertThat(four.awaitAnswers(50)).isTrue();
        Pinger.Result result = four.stop();
        System.out.println("floofd killed: " + result);
        assertThat(result.lost()).isZero();
        assertThat(pid("floof.app.FastPath")).as("the fast path was adopted").isEqualTo(fastPath);
        assertThat(bird()).as("BIRD was adopted").isEqualTo(bird);
        assertSessionsStayed(sessions);
    }

    /** Killed while it writes: the next one trusts nothing half-written, and forwarding goes on. */
    @Test
    @Tag("slow")
    void floofdKilledWhileRoutesPourIn() {
        Pinger four = new Pinger(lab, "client", Peering.SERVER4, "ping4");
        assertThat(four.awaitAnswers(50)).as(router::log).isTrue();
        long before = routes();
        List<String> many = new ArrayList<>(List.of("10.66.1.0/24", "10.66.2.0/24"));
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            many.add("20." + i / 256 + "." + i % 256 + ".0/24");
        }
        lab.announce(many);
        assertThat(Eventually.holds(() -> routes() > before + 100)).isTrue();
        kill(pid("floof.app.Floofd"));
        router.awaitReady();
        assertThat(Eventually.holds(() -> routes() == before + count))
                .as(() -> routes() + " routes; expected " + (before + count) + "\n" + router.log())
                .isTrue();
        Pinger.Result result = four.stop();
        System.out.println("floofd killed while writing: " + result);
        assertThat(result.lost()).isZero();
    }

    /** IPv4 routes in the shared tables; 0 while nobody answers. */
    private long routes() {
        if (!router.ctl("show version").isGood()) {
            return 0;
        }
        for (JsonNode row : router.json("show fast-path memory").get("tables")) {
            if (row.get("table").asString().equals("ip4-routes")) {
                return row.get("used").asLong();
            }
        }
        return 0;
    }

    @Test
    void birdKilled() throws IOException {
        Pinger four = new Pinger(lab, "client", Peering.SERVER4, "ping4");
        Pinger six = new Pinger(lab, "client", Peering.SERVER6, "ping6");
        assertThat(four.awaitAnswers(50)).as(router::log).isTrue();
        assertThat(six.awaitAnswers(50)).isTrue();
        Process monitor =
                lab.start("routes", router.inDataplane("ip", "-ts", "-o", "monitor", "route"));
        long bird = bird();

        kill(bird);
        lab.announce(List.of("10.66.2.0/24")); // 10.66.1.0/24 withdrawn while nobody listens
        assertThat(
                        Eventually.holds(() ->
                                !router.inDataplane("ip", "route", "show", "10.66.1.0/24")
                                        .run()
                                        .output()
                                        .contains("via")))
                .as("the prefix withdrawn meanwhile is gone; %s", router.log())
                .isTrue();
        assertThat(bird()).isNotEqualTo(bird);
        assertThat(four.awaitAnswers(50)).isTrue();
        assertThat(four.stop().lost()).as("IPv4 never stopped").isZero();
        assertThat(six.stop().lost()).as("IPv6 never stopped").isZero();
        monitor.destroy();
        assertThat(lab.log("routes").lines().filter(line -> line.contains("Deleted")))
                .isNotEmpty()
                .allMatch(line -> line.contains("10.66.1.0/24"));
    }

    /**
     * At line rate to a next hop that nobody answers for: BGP, ARP and the others' packets do not
     * notice, and another neighbour is learnt meanwhile.
     */
    @Test
    @Tag("slow")
    void aStormOnAnUnresolvedNeighbourStarvesNobody() {
        Map<String, LocalTime> sessions = sessions();
        long policedBefore = reason("neighbour-unresolved", "policed");
        long heard = pingsBesideAnOrdinaryStorm() / 2;
        Process flood = lab.start("flood", lab.in("client", Flood.command("198.51.100.99", 120)));
        assertThat(
                        Eventually.holds(
                                () -> reason("neighbour-unresolved", "policed") > policedBefore))
                .as("the storm is policed")
                .isTrue();
        try {
            // The client has to ask the router's MAC again, in the middle of the storm.
            long arpBefore = reason("arp", "packets");
            lab.in("client", "ip", "neigh", "del", "192.0.2.1", "dev", "eth0").mustRun();
            assertThat(isHeard(heard)).as("the client asks the router's MAC").isTrue();
            assertThat(reason("arp", "packets")).as("ARP").isGreaterThan(arpBefore);
            // And Linux that of the peer, by the packets that wait for it.
            router.inDataplane("ip", "neigh", "del", "198.51.100.2", "dev", "ge-1").mustRun();
            assertThat(isHeard(heard)).as("the router asks the peer's MAC").isTrue();
            assertThat(flood.isAlive()).as("the storm lasted").isTrue();
        } finally {
            flood.destroy();
        }
        long policed = reason("neighbour-unresolved", "policed") - policedBefore;
        System.out.println("storm: " + policed + " policed");
        assertThat(policed).isGreaterThan(10_000);
        assertSessionsStayed(sessions);
    }

    /**
     * As many datagrams to a neighbour that is there fill the same rings of the same machine: what
     * comes back then is what to expect.
     */
    private long pingsBesideAnOrdinaryStorm() {
        Process flood = lab.start("ordinary", lab.in("client", Flood.command("198.51.100.2", 60)));
        try {
            long before = forwarded();
            Eventually.await(() -> forwarded() > before + 10_000);
            long heard = pings();
            System.out.println("an ordinary storm: " + heard + " of 40 pings");
            return Math.max(2, heard);
        } finally {
            flood.destroyForcibly();
        }
    }

    private long forwarded() {
        return router.json("show fast-path statistics").get("forwarded").asLong();
    }

    /** Neighbours of the machine may be noisy for one round, and not for three. */
    private boolean isHeard(long count) {
        return java.util.stream.LongStream.generate(this::pings)
                .limit(3)
                .anyMatch(pings -> pings >= count);
    }

    /** Of 40 within a second, to the server: how many came back. */
    private long pings() {
        return lab.in("client", "ping", "-n", "-c", "40", "-i", "0.025", "-W", "1", Peering.SERVER4)
                .run()
                .output()
                .lines()
                .filter(line -> line.contains(" bytes from "))
                .count();
    }

    private long reason(String reason, String counter) {
        for (JsonNode row : router.json("show fast-path statistics").get("reasons")) {
            if (row.get("reason").asString().equals(reason)) {
                return row.get(counter).asLong();
            }
        }
        return 0;
    }

    /** It costs its own port, no other, no processor time, and comes back by a commit. */
    @Test
    @Tag("slow")
    void aTwinDeletedByHand() throws Exception {
        long fastPath = pid("floof.app.FastPath");
        router.inDataplane("ip", "link", "del", "ge-1").mustRun();
        lab.ip("peer", "link set eth0 down"); // the port's link changes, and has no twin to show it
        assertThat(Eventually.holds(() -> router.log().contains("twin ge-1 was deleted")))
                .as(router::log)
                .isTrue();
        assertThat(
                        Eventually.holds(() -> {
                            long before = processorMs(fastPath);
                            Thread.sleep(2_000);
                            return processorMs(fastPath) - before < 1_000;
                        }))
                .as("processor time of two seconds")
                .isTrue();
        assertThat(pid("floof.app.FastPath")).isEqualTo(fastPath);
        assertThat(lab.in("client", "ping", "-c", "3", "-i", "0.2", "192.0.2.1").run().isGood())
                .as("the other port")
                .isTrue();
        lab.ip("peer", "link set eth0 up");
        lab.ip("peer", "-6 address replace 2001:db8:2::2/64 dev eth0 nodad");
        router.commit(List.of("set interfaces ge-1 description again"));
        Pinger four = new Pinger(lab, "client", Peering.SERVER4, "ping4");
        assertThat(four.awaitAnswers(50)).as(router::log).isTrue();
        four.stop();
    }

    private static long processorMs(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow()
                .toMillis();
    }

    @Test
    @Tag("slow")
    void everythingKilledAndReleased() {
        String namespace = lab.namespace("router");
        long floofd = pid("floof.app.Floofd");
        long fastPath = pid("floof.app.FastPath");
        router.supervisor().destroyForcibly();
        kill(floofd);
        kill(fastPath);
        Eventually.holds(() -> !ProcessHandle.of(floofd).isPresent());
        assertThat(Command.of("ip", "link", "show", "eth0").in(namespace).run().isGood()).isFalse();
        Command.of(Router.repository() + "/floof", "release", "--instance", router.instance())
                .mustRun();
        awaitDevices();
        assertThat(router.runFolder()).doesNotExist();
        assertThat(Command.of("ip", "netns", "list").mustRun()).doesNotContain(router.dataplane());
    }

    /** The next start goes on where the killed one was, and gives back what that had claimed. */
    @Test
    @Tag("slow")
    void everythingKilledAndStartedAgain() {
        long floofd = pid("floof.app.Floofd");
        router.supervisor().destroyForcibly();
        kill(floofd);
        kill(pid("floof.app.FastPath"));
        Eventually.holds(() -> !ProcessHandle.of(floofd).isPresent());
        router.restart();
        Pinger four = new Pinger(lab, "client", Peering.SERVER4, "ping4");
        assertThat(four.awaitAnswers(50)).as(router::log).isTrue();
        four.stop();
        router.stop();
        awaitDevices();
        assertThat(router.runFolder()).doesNotExist();
    }

    /** A moment of a commit: before the Nth call of its kind on this file. */
    private enum Moment {
        BEGUN("write:1", "/run/floof/%s/claims.jsonl"),
        OLD_PORT_GONE("openat:1", "/dev/net/tun"),
        NEW_PORT_THERE("ioctl:4", "/dev/net/tun"),
        RECORDED("write:1", "/var/lib/floof/%s/config");

        final String call;
        final String file;

        Moment(String call, String file) {
            this.call = call;
            this.file = file;
        }

        /** The name of the port that the commit adds. */
        String port() {
            return "lab" + ordinal();
        }
    }

    private boolean isLink(String name) {
        return router.inDataplane("ip", "link", "show", name).run().isGood();
    }

    /**
     * Killed at any moment of a commit: the next floofd has the old configuration until the new one
     * is recorded. {@link CommitSurvivalTest} does it at each write, without ports.
     */
    @ParameterizedTest
    @EnumSource(Moment.class)
    @Tag("slow")
    void floofdKilledInACommit(Moment moment) throws Exception {
        String configuration = router.must("show configuration | display set");
        ProcessHandle floofd = router.floofd();
        Path file = Path.of(moment.file.formatted(router.instance()));
        Process strace =
                Strace.killAt(lab, floofd, moment.call, List.of(file, Path.of(file + ".new")));
        router.ctl(
                "configure",
                "delete interfaces ge-1",
                "set interfaces " + moment.port() + " driver tap",
                "commit and-quit");
        assertThat(Eventually.holds(() -> !floofd.isAlive())).as("killed at %s", moment).isTrue();
        strace.waitFor();
        router.awaitReady();
        String now = router.must("show configuration | display set");
        boolean isNew = now.contains(moment.port());
        assertThat(isNew).as("configuration at %s", moment).isEqualTo(moment == Moment.RECORDED);
        assertThat(isNew || now.equals(configuration)).as(now).isTrue();
        assertThat(links("ge-1")).as("ge-1 at %s", moment).isEqualTo(!isNew);
        assertThat(links(moment.port())).isEqualTo(isNew);
        if (isNew) {
            router.must("configure", "rollback 1", "commit and-quit");
            assertThat(router.must("show configuration | display set")).isEqualTo(configuration);
        }
        Pinger four = new Pinger(lab, "client", Peering.SERVER4, "ping4-" + moment);
        assertThat(four.awaitAnswers(50)).as(router::log).isTrue();
        four.stop();
    }

    /** Whether the link is there as soon as what a start restores is restored. */
    private boolean links(String name) {
        Eventually.holds(() ->
                router.must("show interfaces terse").contains(name)
                        == router.must("show configuration | display set").contains(name));
        return isLink(name);
    }

    @Test
    @Tag("slow")
    void aStoppedRouterGivesEverythingBack() {
        router.stop();
        awaitDevices();
        assertThat(router.runFolder()).doesNotExist();
        router.restart();
        assertThat(lab.awaitRoutes(router))
                .as("the configuration was kept; %s", router.log())
                .isTrue();
    }
}
