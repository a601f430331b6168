package floof.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import floof.api.AuditLog;
import floof.api.commit.CommitRequest;
import floof.api.commit.CommitResult;
import floof.api.commit.CommitTime;
import floof.api.commit.Origin;
import floof.api.commit.PendingCommit;
import floof.api.fastpath.SyncState;
import floof.api.network.BgpSession;
import floof.api.network.Route;
import floof.api.view.Arguments;
import floof.api.view.Reader;
import floof.api.view.View;
import floof.base.Plural;
import floof.base.Prefix;
import floof.base.alarm.Alarm;
import floof.config.access.Permissions;
import floof.config.candidate.Candidate;
import floof.config.edit.Edit;
import floof.config.store.History;
import floof.config.text.SetParser;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.value.StatementException;
import floof.control.bird.Bird;
import floof.control.bird.Routing;
import floof.control.commit.StoredConfiguration;
import floof.control.commit.Unconfirmed;
import floof.control.commit.Waiting;
import floof.control.fpc.ManagerConnection;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.port.Ports;
import floof.testkit.Eventually;
import floof.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commits and answers with a real kernel and BIRD; only the fast path is a stand-in. */
class LiveRouterTest {

    private static final Origin OPERATOR = new Origin("root", "cli", "");
    private static final SyncState SYNC =
            new SyncState("synchronized", 0, 0, 0, 0, 0, 0, 0, 0, null, List.of(), "");

    private final Sandbox sandbox = new Sandbox();

    /** What the time of day is. */
    private volatile Instant now = Instant.now();

    private final InstantSource clock = () -> now;
    private final Instance instance = sandbox.instance;
    private final List<AutoCloseable> live = new ArrayList<>();
    private StandInFastPath fastPath;
    private LiveRouter router;

    @SuppressWarnings("NullAway.Init") // by started()
    private Ports ports;

    private Path peer = Path.of("/");

    @BeforeEach
    void start() throws Exception {
        Namespaces.prepare(instance, 4 << 20);
        sandbox.atEnd(() -> Leftovers.giveBack(instance));
        fastPath = new StandInFastPath(instance);
        peer = sandbox.namespace("peer");
        Netns.run(
                instance.dataplane(),
                "ip link add v0 type veth peer name v0 netns " + peer.getFileName());
        Netns.run(instance.dataplane(), "ip address add 192.0.2.1/24 dev v0");
        Netns.run(instance.dataplane(), "ip link set v0 up");
        Netns.run(peer, "ip address add 192.0.2.2/24 dev v0");
        Netns.run(peer, "ip link set v0 up");
        router = started();
    }

    private LiveRouter started() throws Exception {
        History history =
                new History(instance.state(), TestSchema.EMPTY, line -> {}, sandbox.tasks);
        ManagerConnection manager = new ManagerConnection(instance.fastPathSocket());
        ports = new Ports(instance, manager, 8);
        ports.adopt(fastPath);
        Waiting waiting =
                new Waiting(
                        instance.state().resolve("pending"),
                        TestSchema.EMPTY,
                        clock,
                        sandbox.alarms);
        Branch unconfirmed = Unconfirmed.catchUp(history, waiting, clock);
        StoredConfiguration configuration = new StoredConfiguration(history);
        Bird bird = new Bird(instance, sandbox.alarms, sandbox.tasks);
        bird.start(
                Routing.accepted(
                        bird,
                        instance.log("bird"),
                        configuration::usable,
                        configuration::leaveOut));
        LiveRouter fresh =
                new LiveRouter(
                        instance,
                        history,
                        configuration,
                        TestSchema.VAULT,
                        sandbox.alarms,
                        sandbox.tasks,
                        ports,
                        fastPath,
                        bird,
                        manager,
                        waiting,
                        () -> SYNC,
                        prefix -> "",
                        router -> List.of());
        live.addAll(List.of(waiting, fresh, bird, ports, manager, history));
        fresh.restore(unconfirmed);
        return fresh;
    }

    private void stop() throws Exception {
        for (AutoCloseable part : live) {
            part.close();
        }
        live.clear();
    }

    @AfterEach
    void clean() throws Exception {
        stop();
        fastPath.close();
        sandbox.close();
    }

    private static Branch tree(String... lines) {
        return SetParser.load(TestSchema.EMPTY, String.join("\n", lines) + "\n").tree();
    }

    private CommitResult commit(String... lines) {
        return router.commit(CommitRequest.of(tree(lines), OPERATOR));
    }

    private String dataplane(String line) {
        return Netns.run(instance.dataplane(), line);
    }

    @Test
    void commitsAndForgetsNothing() throws Exception {
        assertThat(
                        commit(
                                        "set interfaces lan driver tap",
                                        "set interfaces lan address 10.1.0.1/24",
                                        "set routing static route 10.2.0.0/16 next-hop 10.1.0.2",
                                        "set routing static route 10.3.0.0/16 blackhole")
                                .errors())
                .isEmpty();
        assertThat(Eventually.holds(() -> dataplane("ip route").contains("10.2.0.0/16 via")))
                .isTrue();
        assertThat(router.history()).hasSize(1);
        assertThat(router.candidates().isModified()).isFalse();
        List<Route> routes = routes("route", Arguments.NONE);
        Route bySta =
                routes.stream()
                        .filter(route -> route.prefix().equals(Prefix.parse("10.2.0.0/16")))
                        .findFirst()
                        .orElseThrow();
        assertThat(bySta.protocol()).isEqualTo("Static");
        assertThat(bySta.preference()).isEqualTo(5);
        assertThat(bySta.since()).isNotNull();
        assertThat(routes)
                .filteredOn(route -> route.type() == Route.Type.BLACKHOLE)
                .extracting(route -> route.prefix().toString())
                .containsExactly("10.3.0.0/16");

        stop();
        String before = addresses();
        router = started();
        assertThat(addresses()).isEqualTo(before);
        assertThat(router.history()).hasSize(1);
        assertThat(commit("set interfaces lan driver tap").errors()).isEmpty();
        assertThat(Eventually.holds(() -> !dataplane("ip route").contains("10.2.0.0"))).isTrue();
        assertThat(dataplane("ip address show lan")).doesNotContain("10.1.0.1");
    }

    /** Of the port, however far the kernel is with duplicate detection. */
    private String addresses() throws Exception {
        return dataplane("ip address show lan").replace(" tentative", "");
    }

    @Test
    void aMissingDeviceChangesNothing() throws Exception {
        CommitResult result =
                commit(
                        "set interfaces lan driver tap",
                        "set interfaces ge-0 device nosuch0",
                        "set interfaces ge-0 address 10.1.0.1/24");
        assertThat(result.errors()).hasSize(1);
        assertThat(result.errors().getFirst().toString())
                .startsWith("interfaces ge-0 device: there is no device nosuch0");
        assertThat(dataplane("ip link")).doesNotContain("lan");
        assertThat(router.history()).isEmpty();
        assertThat(
                        router.check(
                                        CommitRequest.of(
                                                tree("set interfaces ge-0 device nosuch0"),
                                                OPERATOR))
                                .errors())
                .hasSize(1);
    }

    /** Each task of the router made to fail twice: the second time shows that it ran again. */
    @Test
    void aTaskThatDiesIsToldAndComesBack() throws Exception {
        List<String> names = sandbox.tasks.names();
        assertThat(names)
                .contains(
                        "audit-flush",
                        "bird-heartbeat",
                        "bird-watch",
                        "commit-timer",
                        "config-history");
        for (int time = 1; time <= 2; time++) {
            names.forEach(sandbox.tasks::fail);
            commit("set system host-name t" + time); // what the history waits for
            String failed = "failed " + Plural.of(time, "time") + " in a row: ";
            for (String name : names) {
                assertThat(Eventually.holds(() -> alarm("task/" + name).contains(failed)))
                        .as("%s %s", name, alarm("task/" + name))
                        .isTrue();
            }
        }
        assertThat(commit("set system host-name well").isDone()).isTrue();
    }

    private String alarm(String id) {
        return sandbox.alarms.active().stream()
                .filter(alarm -> alarm.id().equals(id))
                .map(Alarm::text)
                .findFirst()
                .orElse("");
    }

    /** {@link floof.api.Router} promises an answer within ten seconds. */
    @Test
    @Tag("slow")
    void nobodyWaitsLongForACommitThatWaits() throws Exception {
        fastPath.dawdle(Duration.ofSeconds(12));
        Thread commit = Thread.ofVirtual().start(() -> commit("set interfaces lan driver tap"));
        assertThat(Eventually.holds(fastPath::isDawdling)).isTrue();
        long startNs = System.nanoTime();
        assertThat(router.machine().hardware()).isNotEmpty();
        assertThat(System.nanoTime() - startNs).isLessThan(Duration.ofSeconds(5).toNanos());
        CommitResult plan = router.plan(tree("set interfaces lan driver tap"));
        assertThat(plan.errors()).asString().contains("a commit is under way");
        assertThat(router.clearPending()).as("it waits no longer either").isFalse();
        assertThat(System.nanoTime() - startNs).isLessThan(Duration.ofSeconds(20).toNanos());
        fastPath.dawdle(Duration.ZERO);
        commit.join();
    }

    /** As a port of DPDK has it start again, outside of any commit. */
    @Test
    void nobodyWaitsForAFastPathThatStartsAgain() throws Exception {
        assertThat(commit("set interfaces lan driver tap").errors()).isEmpty();
        CountDownLatch start = new CountDownLatch(1);
        fastPath.holdRestart(start);
        Thread attach = Thread.ofVirtual().start(this::attachLan);
        assertThat(Eventually.holds(() -> attach.getState() == Thread.State.WAITING)).isTrue();
        CompletableFuture<CommitResult> plan =
                CompletableFuture.supplyAsync(() -> router.plan(tree("set system host-name x")));
        try {
            assertThat(plan.get(10, TimeUnit.SECONDS).errors())
                    .asString()
                    .contains("fast-path is being restarted");
        } finally {
            fastPath.holdRestart(null);
            start.countDown();
            attach.join();
        }
    }

    private void attachLan() {
        try {
            ports.beginAttach("lan");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A device that went away while the router was off must not take the others with it. */
    @Test
    void aStartLeavesOutWhatIsGone() throws Exception {
        stop();
        store(tree("set interfaces lan driver tap", "set interfaces ge-0 device nosuch0"));
        router = started();
        assertThat(dataplane("ip link")).contains("lan").doesNotContain("ge-0");
        assertThat(router.interfaces())
                .filteredOn(it -> it.name().equals("ge-0"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.fault()).contains("there is no device nosuch0 here");
                    assertThat(it.running()).isFalse();
                });
        assertThat(router.alarms().active())
                .extracting(Alarm::id)
                .containsExactly("configuration/interfaces/ge-0");
        // What is missing already does not keep others from committing; what is new must be there.
        String[] both = {"set interfaces lan driver tap", "set interfaces ge-0 device nosuch0"};
        assertThat(commit(both[0], both[1], "set system host-name r9").errors()).isEmpty();
        assertThat(commit(both[0], both[1] + "1").errors().getFirst().message())
                .contains("there is no device nosuch01 here");
        assertThat(commit(both[0]).errors()).isEmpty();
        assertThat(router.alarms().active()).isEmpty();
    }

    /** What another version committed. */
    private void store(Branch tree) throws Exception {
        try (History history =
                new History(instance.state(), TestSchema.EMPTY, line -> {}, sandbox.tasks)) {
            history.add(tree, now, "root", "cli", "");
        }
    }

    private static final String STORED =
            """
            interfaces { lan { driver tap; address 10.1.0.1/24; } }
            routing { static { route 10.2.0.0/16 next-hop 10.1.0.2; } }
            bgp {
                asn 65000;
                peer good { remote-as 65001; neighbor 192.0.2.2; }
                peer far { remote-as 65002; neighbor 192.0.2.9; }
            }
            """;

    /** Nothing of the BIRD before is left, as after a restart of the machine. */
    private void boot(String stored) throws Exception {
        stop();
        Bird.end(instance);
        Files.deleteIfExists(instance.birdConfig());
        store(TextParser.loadStored(TestSchema.EMPTY, stored).tree());
        router = started();
        assertThat(dataplane("ip -o address show lan")).contains("10.1.0.1/24");
        assertThat(Eventually.holds(() -> dataplane("ip route").contains("10.2.0.0/16 via")))
                .isTrue();
    }

    private CommitRequest running(String... lines) {
        Branch tree = SetParser.load(router.running(), String.join("\n", lines) + "\n").tree();
        return CommitRequest.of(tree, OPERATOR);
    }

    private List<String> peers() throws Exception {
        return router.bgpSessions().stream().map(BgpSession::peer).toList();
    }

    /** A rule that came after the commit costs what it is about, and nothing else. */
    @Test
    void aStartLeavesOutWhatLacksARequiredStatement() throws Exception {
        boot(STORED);
        assertThat(router.alarms().active())
                .singleElement()
                .satisfies(alarm -> {
                    assertThat(alarm.id()).isEqualTo("configuration/refused/bgp/router-id");
                    assertThat(alarm.text()).contains("bgp router-id: is missing", "'bgp' is left");
                    assertThat(alarm.remedy()).startsWith("'set bgp router-id ...', then 'commit'");
                });
        assertThat(peers()).isEmpty();
        assertThat(router.check(running("set system host-name x")).errors())
                .asString()
                .contains("bgp router-id", "is missing");
        assertThat(router.commit(running("set bgp router-id 192.0.2.1")).errors()).isEmpty();
        assertThat(router.alarms().active()).isEmpty();
        assertThat(peers()).containsExactly("far", "good");
    }

    /** Of several sessions one, and the operator learns which. */
    @Test
    void aStartLeavesOutWhatBirdRefuses() throws Exception {
        boot(
                STORED.replace("asn 65000;", "asn 65000; router-id 192.0.2.1;")
                        .replace("192.0.2.9", "fe80::9"));
        assertThat(router.alarms().active())
                .singleElement()
                .satisfies(alarm -> {
                    assertThat(alarm.id()).isEqualTo("configuration/refused/bgp/peer/far");
                    assertThat(alarm.text())
                            .contains("BIRD refuses", "Link-local", "'bgp peer far' is left out");
                    assertThat(alarm.remedy()).startsWith("correct or 'delete bgp peer far'");
                });
        assertThat(peers()).containsExactly("good");
        assertThat(router.check(running("set system host-name x")).errors())
                .asString()
                .contains("bgp peer far", "BIRD refuses");
        CommitRequest mended =
                running("delete bgp peer far neighbor", "set bgp peer far neighbor 192.0.2.9");
        assertThat(router.commit(mended).errors()).isEmpty();
        assertThat(router.alarms().active()).isEmpty();
        assertThat(peers()).containsExactly("far", "good");
    }

    /** It is named in full, and the others of the group stay. */
    @Test
    void aStartLeavesOutWhatBirdRefusesOfAGroup() throws Exception {
        boot(
                STORED.replace("asn 65000;", "asn 65000; router-id 192.0.2.1;")
                                .replace("peer far { remote-as 65002; neighbor 192.0.2.9; }", "")
                        + "groups { g { bgp { peer far {"
                        + " remote-as 65002; neighbor fe80::9; } } } }\napply-groups g;\n");
        assertThat(router.alarms().active())
                .extracting(Alarm::id)
                .containsExactly("configuration/refused/bgp/peer/far");
        assertThat(peers()).containsExactly("good");
    }

    @Test
    void showsTheSessionAndItsRoutes() throws Exception {
        startPeer();
        assertThat(
                        commit(
                                        "set bgp asn 65000",
                                        "set bgp router-id 192.0.2.1",
                                        "set bgp peer up-1 remote-as 65001",
                                        "set bgp peer up-1 neighbor 192.0.2.2",
                                        "set bgp peer up-1 neighbor 192.0.2.3",
                                        "set bgp peer up-1 description \"a peer\"")
                                .errors())
                .isEmpty();
        assertThat(Eventually.holds(() -> dataplane("ip route").contains("172.16.1.0/24")))
                .isTrue();
        List<BgpSession> sessions = router.bgpSessions();
        assertThat(sessions)
                .extracting(session -> session.neighbor() + " " + session.state())
                .contains("192.0.2.2 Established")
                .hasSize(2);
        BgpSession session = sessions.getFirst();
        assertThat(session.peer()).isEqualTo("up-1");
        assertThat(session.description()).isEqualTo("a peer");
        assertThat(session.counts()).isEqualTo(new BgpSession.Counts(1, 1, 1, 0));
        assertThat(session.localAddress()).hasToString("192.0.2.1");
        assertThat(session.remoteRouterId()).hasToString("192.0.2.2");
        assertThat(session.holdTimeSeconds()).isEqualTo(90);
        Arguments learned = Arguments.NONE.with("prefix", "172.16.1.0/24");
        Route route = routes("route", learned).getFirst();
        assertThat(route.protocol()).isEqualTo("BGP");
        assertThat(route.asPath()).isEqualTo("65001 I");
        assertThat(route.localPreference()).isEqualTo(100);
        assertThat(route.nextHops().getFirst().gateway()).hasToString("192.0.2.2");
        assertThat(route.from()).isEqualTo("up-1, 192.0.2.2");
        assertThat(route.stale()).isFalse();
        Arguments peer = Arguments.NONE.with("bgp", "192.0.2.2");
        assertThat(routes("route receive-protocol", peer))
                .extracting(it -> it.prefix() + " " + it.active())
                .containsExactly("172.16.1.0/24 true");
        assertThat(routes("route advertising-protocol", peer)).isEmpty();
        assertThatThrownBy(() ->
                        routes("route receive-protocol", Arguments.NONE.with("bgp", "192.0.2.99")))
                .hasMessage("no BGP neighbor '192.0.2.99'");
    }

    @Test
    void whatWeOriginateIsShown() throws Exception {
        assertThat(
                        commit(
                                        "set bgp asn 65000",
                                        "set bgp router-id 192.0.2.1",
                                        "set bgp prefixes 198.18.0.0/16")
                                .errors())
                .isEmpty();
        Arguments own = Arguments.NONE.with("prefix", "198.18.0.0/16");
        Eventually.await(() -> routes("route", own).stream().anyMatch(Route::active));
        assertThat(routes("route", own))
                .singleElement()
                .satisfies(route -> {
                    assertThat(route.protocol()).isEqualTo("Aggregate");
                    assertThat(route.type()).isEqualTo(Route.Type.BLACKHOLE);
                });
    }

    private List<Route> routes(String path, Arguments arguments) throws Exception {
        View<?> view = (View<?>) requireNonNull(router.commands().find("show " + path));
        List<Route> routes = new ArrayList<>();
        try (View.Answer<?> answer = view.open(arguments, Reader.ROOT)) {
            for (Object route = answer.records().next();
                    route != null;
                    route = answer.records().next()) {
                routes.add((Route) route);
            }
        }
        return routes;
    }

    /** A change that ends a session names it; one that BIRD takes softly does not. */
    @Test
    void thePlanNamesTheSessionsThatEnd() throws Exception {
        startPeer();
        String peer = "set bgp peer up-1 ";
        assertThat(
                        commit(
                                        "set bgp asn 65000",
                                        "set bgp router-id 192.0.2.1",
                                        peer + "remote-as 65001",
                                        peer + "neighbor 192.0.2.2")
                                .errors())
                .isEmpty();
        assertThat(Eventually.holds(() -> dataplane("ip route").contains("172.16.1.0/24")))
                .isTrue();
        Instant since = router.bgpSessions().getFirst().since();
        for (String soft :
                List.of("description x", "reject-bogons", "session bfd", "session max-stale 5")) {
            assertThat(also(peer + soft)).as(soft).noneMatch(it -> it.contains("ends"));
        }
        assertThat(router.bgpSessions().getFirst().since()).isEqualTo(since);
        for (String hard :
                List.of(
                        "session hold-time 30",
                        "session keepalive 5",
                        "session graceful-restart off",
                        "authentication-key x")) {
            assertThat(also(peer + hard))
                    .as(hard)
                    .containsExactly("reconfigure BIRD; ends the BGP session with 192.0.2.2");
        }
        assertThat(router.bgpSessions().getFirst().state()).isNotEqualTo("Established");
    }

    /** Commits the running configuration with one more statement; the plan. */
    private List<String> also(String line) {
        Branch tree = SetParser.load(router.running(), line).tree();
        List<String> begun = new ArrayList<>();
        CommitResult result =
                router.commit(CommitRequest.of(tree, OPERATOR).reportingTo(begun::add));
        assertThat(result.errors()).isEmpty();
        assertThat(
                        begun.stream()
                                .filter(step ->
                                        step.endsWith(" of " + result.steps().size() + ")")))
                .as("steps reported as they began: %s", begun)
                .hasSameSizeAs(result.steps());
        return result.steps();
    }

    private String hostName() {
        Branch system = router.running().branch("system");
        return String.valueOf(system == null ? null : system.value("host-name", String.class));
    }

    private CommitRequest named(String name) {
        return CommitRequest.of(tree("set system host-name " + name), OPERATOR);
    }

    private void commitConfirmed(String name) {
        assertThat(router.commit(named(name).confirmed(Duration.ofMinutes(10))).errors()).isEmpty();
    }

    @Test
    @DisplayName("40, 42 a commit that nobody confirms is rolled back, and all are told")
    void rollsBackWhatNobodyConfirms() throws Exception {
        commit("set system host-name before");
        List<String> told = new CopyOnWriteArrayList<>();
        router.listen(message -> told.add(message.text()));
        commitConfirmed("after");
        assertThat(hostName()).isEqualTo("after");
        assertThat(router.pending())
                .extracting(PendingCommit::kind)
                .isEqualTo(PendingCommit.Kind.CONFIRMATION);
        now = now.plus(Duration.ofMinutes(11));
        assertThat(Eventually.holds(() -> !told.isEmpty())).isTrue();
        assertThat(router.pending()).isNull();
        assertThat(hostName()).isEqualTo("before");
        assertThat(told).containsExactly("Commit was not confirmed; automatic rollback complete.");
        assertThat(router.history()).hasSize(3);
        assertThat(router.history().getFirst().client()).isEqualTo("timer");
    }

    @Test
    @DisplayName("41 any commit or check confirms; another commit confirmed extends")
    void confirms() throws Exception {
        commit("set system host-name before");
        commitConfirmed("after");
        now = now.plus(Duration.ofMinutes(9));
        commitConfirmed("later");
        now = now.plus(Duration.ofMinutes(9));
        assertThat(router.pending()).isNotNull();
        assertThat(router.commit(named("later")).errors()).isEmpty();
        assertThat(router.pending()).isNull();
        commitConfirmed("last");
        assertThat(router.check(named("last")).errors()).isEmpty();
        assertThat(router.pending()).isNull();
        assertThat(hostName()).isEqualTo("last");
        stop();
        now = now.plus(Duration.ofDays(1));
        router = started();
        assertThat(hostName()).isEqualTo("last");
    }

    @Test
    @DisplayName("42 a floofd that starts too late rolls back first; one in time goes on waiting")
    void rollsBackAfterARestart() throws Exception {
        commit("set system host-name before");
        commitConfirmed("after");
        stop();
        router = started();
        assertThat(hostName()).isEqualTo("after");
        assertThat(router.pending()).isNotNull();
        stop();
        now = now.minus(Duration.ofDays(9999)); // a clock that lost the date
        router = started();
        assertThat(router.pending()).isNotNull();
        stop();
        now = now.plus(Duration.ofDays(9999)).plus(Duration.ofMinutes(10));
        router = started();
        assertThat(hostName()).isEqualTo("before");
        assertThat(router.pending()).isNull();
        assertThat(router.history().getFirst().comment()).contains("automatic rollback");
        assertThat(router.audit().last(2))
                .extracting(AuditLog.Entry::text)
                .first(STRING)
                .isEqualTo("set: system host-name \"after\" -> \"before\"");
    }

    @Test
    @DisplayName("42 a damaged record of what waits keeps nothing that nobody confirmed")
    void rollsBackThoughTheFileIsDamaged() throws Exception {
        commit("set system host-name before");
        commitConfirmed("after");
        stop();
        Path pending = instance.state().resolve("pending");
        for (byte[] damage :
                List.of(new byte[0], new byte[] {-1, 0, 10}, "x\ny\nz".getBytes(UTF_8))) {
            Files.write(pending, damage);
            router = started();
            assertThat(router.pending()).isNotNull();
            stop();
        }
        now = now.plus(Duration.ofMinutes(11));
        router = started();
        assertThat(hostName()).isEqualTo("before");
        assertThat(router.pending()).isNull();

        commitConfirmed("again");
        stop();
        Files.writeString(pending, "damaged");
        Files.writeString(copy(), "damaged, too");
        router = started();
        assertThat(hostName()).isEqualTo("before");
        assertThat(router.history().getFirst().comment()).contains("automatic rollback");
        assertThat(instance.state().resolve("pending.damaged")).hasContent("damaged");
        assertThat(copy()).doesNotExist();
        assertThat(sandbox.alarms.active()).isEmpty();
    }

    private Path copy() {
        return instance.state().resolve("pending.confirmation");
    }

    private void damagePending() throws Exception {
        stop();
        for (Path file : List.of(instance.state().resolve("pending"), copy())) {
            Files.writeString(file, "damaged");
        }
        router = started();
    }

    /** It recorded the rollback, and died before the waiting commit was off the disk. */
    @Test
    void aFloofdThatDiedInARollbackDoesNotRollBackTwice() throws Exception {
        commit("set system host-name older");
        commit("set system host-name before");
        commitConfirmed("after");
        stop();
        Path pending = instance.state().resolve("pending");
        byte[] waiting = Files.readAllBytes(pending);
        now = now.plus(Duration.ofMinutes(11));
        router = started();
        assertThat(hostName()).isEqualTo("before");
        for (byte[] left : List.of(waiting, "damaged".getBytes(UTF_8))) {
            stop();
            Files.write(pending, left);
            Files.write(copy(), left);
            router = started();
            assertThat(hostName()).isEqualTo("before");
            assertThat(router.history()).hasSize(4);
            assertThat(router.history().getFirst().client()).isEqualTo("timer");
            assertThat(router.pending()).isNull();
            assertThat(pending).doesNotExist();
            assertThat(copy()).doesNotExist();
            assertThat(sandbox.alarms.active()).isEmpty();
        }
    }

    /** Several that extend each other go back to what ran before the first. */
    @Test
    void whatIsLostGoesBackToWhatWasConfirmed() throws Exception {
        commit("set system host-name before");
        commitConfirmed("one");
        commitConfirmed("two");
        damagePending();
        assertThat(hostName()).isEqualTo("before");
        commitConfirmed("three");
        commit("set system host-name three"); // confirms it
        commitConfirmed("four");
        damagePending();
        assertThat(hostName()).isEqualTo("three");
        assertThat(sandbox.alarms.active()).isEmpty();
    }

    @Test
    void aCommitForLaterThatIsLostTakesNothingBack() throws Exception {
        commitConfirmed("kept");
        router.check(named("kept")); // confirms it
        CommitTime.At later = new CommitTime.At(now.plus(Duration.ofMinutes(5)));
        assertThat(router.commit(named("later").at(later)).errors()).isEmpty();
        stop();
        for (String file : List.of("pending", "pending.time")) {
            Files.writeString(instance.state().resolve(file), "damaged");
        }
        router = started();
        assertThat(hostName()).isEqualTo("kept");
        assertThat(alarm("commit/pending-lost")).contains("a scheduled commit cannot be read");
        assertThat(commit("set system host-name next").errors()).isEmpty();
        assertThat(sandbox.alarms.active()).isEmpty();
    }

    /** Its file cannot go: what runs is what was committed all the same, and that is the answer. */
    @Test
    void aCommitThatCannotConfirmIsNoRefusal() throws Exception {
        commit("set system host-name before");
        commitConfirmed("after");
        Path pending = instance.state().resolve("pending");
        byte[] kept = Files.readAllBytes(pending);
        Files.delete(pending);
        Files.createDirectories(pending.resolve("in-the-way"));
        CommitResult result = router.commit(named("last"));
        assertThat(result.errors()).isEmpty();
        assertThat(result.warnings()).asString().contains("not confirmed, and rolled back at");
        assertThat(hostName()).isEqualTo("last");
        assertThat(router.pending()).isNotNull();
        assertThat(router.check(named("last")).warnings()).asString().contains("not confirmed");
        Files.delete(pending.resolve("in-the-way"));
        Files.delete(pending);
        Files.write(pending, kept);
        assertThat(router.check(named("last")).warnings()).isEmpty();
        assertThat(router.pending()).isNull();
    }

    /** Committed by a version that had no such rule. */
    @Test
    void aRollbackThatIsRefusedEndsWithAnAlarm() throws Exception {
        String[] timers = {
            "set bgp asn 65000",
            "set bgp router-id 192.0.2.1",
            "set bgp peer up-1 remote-as 65001",
            "set bgp peer up-1 neighbor 192.0.2.2",
            "set bgp peer up-1 session hold-time 30",
            "set bgp peer up-1 session keepalive 60"
        };
        Branch old = tree(timers);
        assertThat(commit(timers).errors()).as("refused now").isNotEmpty();
        stop();
        store(old);
        router = started();
        List<String> told = new CopyOnWriteArrayList<>();
        router.listen(message -> told.add(message.text()));
        commitConfirmed("after");
        now = now.plus(Duration.ofMinutes(11));
        assertThat(Eventually.holds(() -> !alarm("commit/rollback").isEmpty())).isTrue();
        assertThat(alarm("commit/rollback")).contains("is not below hold-time");
        now = now.plus(Duration.ofDays(1));
        Thread.sleep(1_000); // four looks at the clock
        assertThat(told).containsExactly("automatic rollback failed:");
        assertThat(hostName()).isEqualTo("after");
        assertThat(router.commit(named("after")).errors()).isEmpty();
        assertThat(router.pending()).isNull();
        assertThat(sandbox.alarms.active()).isEmpty();
    }

    @Test
    void aDamagedLastRevisionIsAnAlarm() throws Exception {
        commit("set system host-name older");
        commit("set system host-name lost");
        stop();
        for (String file : List.of("config", "history/00000002")) {
            Files.writeString(instance.state().resolve(file), "damaged");
        }
        for (int start = 0; start < 2; start++) {
            router = started();
            assertThat(hostName()).isEqualTo("older");
            assertThat(alarm("configuration/stored")).contains("is damaged", "config");
            if (start == 0) {
                stop();
            }
        }
        assertThat(commit("set system host-name older").errors()).isEmpty();
        assertThat(sandbox.alarms.active()).isEmpty();
        stop();
        router = started();
        assertThat(hostName()).isEqualTo("older");
        assertThat(sandbox.alarms.active()).isEmpty();
    }

    /** What the instance has on disk, logs and what is mounted apart. */
    private SortedMap<Path, byte[]> files() throws Exception {
        SortedMap<Path, byte[]> all = new TreeMap<>();
        for (Path folder : List.of(instance.state(), instance.run())) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.startsWith(instance.namespaces())
                            && !file.startsWith(instance.log("x").getParent())) {
                        all.put(file, Files.readAllBytes(file));
                    }
                }
            }
        }
        return all;
    }

    @Test
    @Tag("slow")
    void itStartsWhateverFileIsDamaged() throws Exception {
        String[] port = {"set interfaces lan driver tap", "set system host-name r0"};
        commit(port);
        port[1] = "set system host-name r1";
        commit(port);
        port[1] = "set system host-name last";
        router.commit(CommitRequest.of(tree(port), OPERATOR).confirmed(Duration.ofMinutes(10)));
        stop();
        SortedMap<Path, byte[]> before = files();
        assertThat(before.keySet())
                .extracting(file -> file.getFileName().toString())
                .contains("config", "pending", "head", "claims.jsonl", "bird.conf", "bird.pid");
        boolean isEmpty = false;
        for (Path file : before.keySet()) {
            Bird.end(instance);
            Files.write(file, isEmpty ? new byte[0] : new byte[] {-1, 0, 10, 32, '{', 10, 'x'});
            isEmpty = !isEmpty;
            router = started();
            assertThat(List.of("last", "r1")).as(file.toString()).contains(hostName());
            port[1] = "set system host-name mended";
            assertThat(commit(port).errors()).as(file.toString()).isEmpty();
            assertThat(router.audit().last(1)).as(file.toString()).isNotEmpty();
            assertThat(dataplane("ip -o link show lan")).as(file.toString()).contains("UP");
            stop();
            for (Path made : files().keySet()) {
                Files.delete(made);
            }
            for (Map.Entry<Path, byte[]> old : before.entrySet()) {
                Files.write(old.getKey(), old.getValue());
            }
        }
    }

    @Test
    @DisplayName("46 commit at waits, over a restart, with the candidate read-only")
    void commitsAtItsTime() throws Exception {
        CommitRequest request =
                named("later").at(new CommitTime.At(now.plus(Duration.ofMinutes(5))));
        assertThat(router.commit(request).errors()).isEmpty();
        assertThat(router.commit(named("other")).errors()).isNotEmpty();
        stop();
        router = started();
        assertThat(hostName()).isEqualTo("null");
        assertThat(router.candidates().shared()).isEqualTo(request.tree());
        assertThat(router.commit(named("other")).errors().getFirst().message())
                .contains("a commit by root waits for");
        assertThat(router.clearPending()).isTrue();
        assertThat(router.clearPending()).isFalse();
        assertThat(router.commit(named("other")).errors()).isEmpty();
        assertThat(router.commit(request).errors()).isEmpty();
        now = now.plus(Duration.ofMinutes(5));
        assertThat(Eventually.holds(() -> hostName().equals("later"))).isTrue();
        assertThat(router.pending()).isNull();
        assertThat(router.commit(named("free")).errors()).isEmpty();
        takesBackNothingThatCameBetween();
    }

    /** A commit that waited for another, of the candidate that both share. */
    private void takesBackNothingThatCameBetween() throws Exception {
        try (Candidate one = shared();
                Candidate two = shared()) {
            one.edit(tree -> Edit.set(tree, List.of("system", "host-name", "one")));
            CommitRequest waiting = CommitRequest.of(one, OPERATOR);
            List<String> ann = List.of("system", "login", "user", "ann", "class", "operator");
            two.edit(tree -> Edit.set(tree, ann));
            assertThat(router.commit(CommitRequest.of(two, OPERATOR)).errors()).isEmpty();
            assertThat(router.commit(waiting).errors()).isEmpty();
            assertThat(router.running().toString()).contains("host-name one", "user ann");
        }
    }

    private Candidate shared() throws StatementException {
        Candidate.Owner owner = new Candidate.Owner("root", "-", "1");
        return router.candidates().open(Candidate.Mode.SHARED, owner, () -> Permissions.ALL);
    }

    private void startPeer() throws IOException {
        Path folder = instance.run();
        Path socket = folder.resolve("peer.sock");
        Files.writeString(
                folder.resolve("peer.conf"),
                """
                router id 192.0.2.2;
                protocol device {}
                protocol static { ipv4; route 172.16.1.0/24 blackhole; }
                protocol bgp { local as 65001; neighbor 192.0.2.1 as 65000;
                    connect delay time 1; ipv4 { import all; export all; }; }
                """);
        Netns.run(
                peer, "bird -c %1$s/peer.conf -s %2$s -P %1$s/peer.pid".formatted(folder, socket));
        sandbox.atEnd(() ->
                Processes.find(words -> words.contains(socket.toString()))
                        .forEach(found -> Processes.end(found, 1_000)));
    }
}
