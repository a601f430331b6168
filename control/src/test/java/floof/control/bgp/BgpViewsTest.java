package floof.control.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.network.BgpSession;
import floof.api.network.BgpSession.Direction;
import floof.base.alarm.Alarm;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.control.TestSchema;
import floof.control.bird.BirdException;
import floof.control.bird.BirdLab;
import floof.control.plan.Intent;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Eventually;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators read of sessions with a stock BIRD. */
class BgpViewsTest {

    private BirdLab lab;
    private SessionWatch watch;
    private BgpViews views;
    private volatile Branch running = TestSchema.EMPTY;

    @BeforeEach
    void open() throws Exception {
        lab = new BirdLab();
        Rtnetlink dataplane =
                NetworkNamespace.call(lab.ours, () -> Rtnetlink.open("test: bgp views"));
        lab.sandbox.atEnd(dataplane::close);
        watch = lab.watch(() -> Intent.bgpOf(running));
        views = new BgpViews(lab.bird, dataplane, watch);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void run(String statements) throws Exception {
        String text =
                """
                interfaces { v1 { driver tap; address 192.0.1.1/24; } }
                bgp { asn 65000; router-id 192.0.1.1; %s }
                """
                        .formatted(statements);
        lab.run(text);
        running = TextParser.load(TestSchema.EMPTY, text).tree();
    }

    private static String peer(int number, String more) {
        return """
        router id 192.0.%1$d.2;
        protocol device {}
        protocol static { ipv4; route 203.0.113.0/24 blackhole; route 10.%1$d.0.0/16 blackhole; }
        protocol bgp r {
            local as 6500%1$d; neighbor 192.0.%1$d.1 as 65000; %2$s
            graceful restart on; connect delay time 1; error wait time 1, 2;
            ipv4 { import none; export all; next hop self; };
        }
        """
                .formatted(number, more);
    }

    private BgpSession await(int number, Predicate<BgpSession> isSo) throws Exception {
        @Nullable BgpSession[] last = new @Nullable BgpSession[1];
        assertThat(
                        Eventually.holds(() -> {
                            BgpSession now = session(number);
                            last[0] = now;
                            return now != null && isSo.test(now);
                        }))
                .as(() -> "" + last[0])
                .isTrue();
        return Objects.requireNonNull(last[0]);
    }

    private @Nullable BgpSession session(int number) {
        try {
            return views.sessions(running).stream()
                    .filter(it -> it.peer().equals("p" + number))
                    .findFirst()
                    .orElse(null);
        } catch (IOException | BirdException e) {
            return null;
        }
    }

    private long active(int number) {
        BgpSession session = session(number);
        BgpSession.Counts counts = session == null ? null : session.counts();
        return counts == null ? 0 : counts.active();
    }

    private static boolean isUp(BgpSession session) {
        return session.state().equals("Established");
    }

    @Test
    void theLastErrorOutlivesTheNextSession() throws Exception {
        BirdLab.Neighbour peer = lab.neighbour(1).start(peer(1, ""));
        run(
                "peer p1 { remote-as 65001; neighbor 192.0.1.2; session { hold-time 30; keepalive"
                        + " 7; } }");
        BgpSession up = await(1, BgpViewsTest::isUp);
        assertThat(up.holdTimeSeconds()).isEqualTo(30);
        assertThat(up.keepaliveSeconds()).isEqualTo(7);
        peer.birdc("disable r");
        BgpSession down = await(1, it -> !isUp(it) && !it.lastError().isEmpty());
        assertThat(down.lastError()).contains("Administrative shutdown");
        assertThat(down.lastErrorDirection()).isEqualTo(Direction.RECEIVED);
        assertThat(down.staleSince()).as("a peer that says goodbye is not waited for").isNull();
        peer.birdc("enable r");
        BgpSession again = await(1, BgpViewsTest::isUp);
        // An attempt to connect while the peer was away may have failed since.
        assertThat(again.lastError()).isIn(down.lastError(), "Connection closed");
        assertThat(again.lastErrorTime())
                .isAfterOrEqualTo(Objects.requireNonNull(down.lastErrorTime()));
    }

    @Test
    void whatEndedASessionIsKnownThoughAnAttemptToConnectFailedSince() throws Exception {
        BirdLab.Neighbour peer = seenUp();
        synchronized (watch) { // held up
            peer.birdc("disable r \"bye\"");
            assertThat(Eventually.holds(this::hasFailedToConnect)).isTrue();
        }
        BgpSession down = await(1, it -> !isUp(it) && !it.lastError().isEmpty());
        assertThat(down.lastError()).isEqualTo("Administrative shutdown");
        assertThat(down.lastErrorDirection()).isEqualTo(Direction.RECEIVED);
    }

    @Test
    void whatEndedASessionIsKnownThoughItIsUpAgain() throws Exception {
        BirdLab.Neighbour peer = seenUp();
        synchronized (watch) { // held up
            peer.birdc("restart r");
            assertThat(Eventually.holds(() -> !isEstablished())).isTrue();
            assertThat(Eventually.holds(this::isEstablished)).isTrue();
        }
        BgpSession again = await(1, it -> isUp(it) && !it.lastError().isEmpty());
        assertThat(again.lastError()).isEqualTo("Administrative reset");
    }

    private BirdLab.Neighbour seenUp() throws Exception {
        BirdLab.Neighbour peer = lab.neighbour(1).start(peer(1, ""));
        run("peer p1 { remote-as 65001; neighbor 192.0.1.2; }");
        await(1, BgpViewsTest::isUp);
        assertThat(Eventually.holds(() -> watch.known("bgp_p1_1") != SessionWatch.Known.NOTHING))
                .isTrue();
        return peer;
    }

    private boolean isEstablished() {
        try {
            return lab.bird.summaries().stream()
                    .anyMatch(it -> it.info().startsWith("Established"));
        } catch (IOException | BirdException e) {
            return false;
        }
    }

    private boolean hasFailedToConnect() {
        try {
            return lab.bird.protocols().stream()
                    .anyMatch(it -> it.detail("Last error").startsWith("Socket: "));
        } catch (IOException | BirdException e) {
            return false;
        }
    }

    @Test
    void routesOfAPeerThatIsAwayAreStaleAndAnAlarm() throws Exception {
        BirdLab.Neighbour peer = lab.neighbour(1).start(peer(1, ""));
        run("peer p1 { remote-as 65001; neighbor 192.0.1.2; session { max-stale 600; } }");
        await(1, BgpViewsTest::isUp);
        peer.kill();
        BgpSession stale = await(1, it -> it.staleSince() != null);
        assertThat(stale.lastErrorDirection()).isEqualTo(Direction.TRANSPORT);
        assertThat(lab.sandbox.alarms.active())
                .extracting(Alarm::text)
                .singleElement()
                .asString()
                .contains("session with 192.0.1.2 (peer p1, AS 65001) is down");
        peer.start(peer(1, ""));
        BgpSession again = await(1, BgpViewsTest::isUp);
        await(1, it -> it.staleSince() == null);
        assertThat(again.lastError()).isNotEmpty();
        assertThat(Eventually.holds(() -> lab.sandbox.alarms.active().isEmpty())).isTrue();
    }

    @Test
    void whatIsRefusedCountsAsReceived() throws Exception {
        lab.neighbour(1)
                .start(
                        peer(1, "")
                                .replace(
                                        "route 203.0.113.0/24 blackhole;",
                                        "route 203.0.113.0/24 blackhole; route 169.254.7.0/24"
                                                + " blackhole;"));
        run("peer p1 { remote-as 65001; neighbor 192.0.1.2; }");
        await(1, it -> new BgpSession.Counts(3, 2, 2, 0).equals(it.counts()));
    }

    @Test
    void aWrongPasswordIsNamed() throws Exception {
        lab.neighbour(1).start(peer(1, "password \"theirs\";"));
        lab.neighbour(2).start(peer(2, "password \"theirs\";"));
        lab.neighbour(3).start(peer(3, ""));
        run(
                """
                peer p1 { remote-as 65001; neighbor 192.0.1.2; authentication-key ours; }
                peer p2 { remote-as 65002; neighbor 192.0.2.2; }
                """);
        assertThat(await(1, it -> it.lastError().contains("key is another")).lastErrorDirection())
                .isEqualTo(Direction.TRANSPORT);
        await(2, it -> it.lastError().contains("no authentication-key is set"));
        run("peer p3 { remote-as 65003; neighbor 192.0.3.2; authentication-key ours; }");
        await(3, it -> it.lastError().contains("does not sign"));
        run("peer p3 { remote-as 65003; neighbor 192.0.3.2; }");
        await(3, BgpViewsTest::isUp);
    }

    @Test
    void activeIsWhatForwards() throws Exception {
        lab.neighbour(1).start(peer(1, ""));
        lab.neighbour(2).start(peer(2, ""));
        String peers =
                """
                peer p1 { remote-as 65001; neighbor 192.0.1.2; }
                peer p2 { remote-as 65002; neighbor 192.0.2.2; }
                """;
        run(peers);
        await(1, it -> it.counts() instanceof BgpSession.Counts counts && counts.accepted() == 2);
        await(2, it -> it.counts() instanceof BgpSession.Counts counts && counts.accepted() == 2);
        assertThat(lab.kernel("203.0.113.0/24").lines()).as("one way by default").hasSize(1);
        assertThat(active(1) + active(2)).isEqualTo(3);
        Instant since = await(1, BgpViewsTest::isUp).since();

        run("merge-paths; " + peers);
        await(1, it -> it.counts() instanceof BgpSession.Counts counts && counts.active() == 2);
        await(2, it -> it.counts() instanceof BgpSession.Counts counts && counts.active() == 2);
        assertThat(lab.kernel("203.0.113.0/24")).contains("192.0.1.2").contains("192.0.2.2");
        assertThat(await(1, BgpViewsTest::isUp).since())
                .as("no session ends for it")
                .isEqualTo(since);

        run(peers);
        assertThat(Eventually.holds(() -> lab.kernel("203.0.113.0/24").lines().count() == 1))
                .isTrue();
        assertThat(active(1) + active(2)).isEqualTo(3);
    }
}
