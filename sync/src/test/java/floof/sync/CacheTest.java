package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.fpc.Feature;
import floof.fpc.Message;
import floof.fpc.MessageType;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.linux.netlink.Route;
import floof.linux.netlink.Rtnetlink;
import floof.linux.netlink.RtnetlinkEvent;
import floof.linux.netlink.Rule;
import floof.linux.system.NetworkNamespace;
import floof.testkit.Netns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CacheTest {
    /** Of a manager that leaves nothing to Linux by itself. */
    private static final long FEATURES = Feature.all() & ~(1L << Feature.OVERFLOW.ordinal());

    private static final Prefix PREFIX = Prefix.parse("10.1.0.0/16");

    private final Outbox outbox = new Outbox();
    private Cache cache = emptyCache();

    private Cache emptyCache() {
        synchronized (outbox) {
            return new Cache(0, outbox);
        }
    }

    @BeforeEach
    void begin() {
        synchronized (outbox) {
            outbox.restart(FEATURES);
            cache.restart();
        }
        acknowledge(takeAll(), Reply.ok());
    }

    private void tell(boolean present, Prefix prefix, String gateway) {
        IpAddress address = IpAddress.parse(gateway);
        Route.NextHop hop = new Route.NextHop(address, 3, 1, 0, false);
        int main = Route.RT_TABLE_MAIN;
        int type = Route.RTN_UNICAST;
        Route route = new Route(prefix, main, type, 12, 0, 0, 0, 0, null, 0, 0, List.of(hop));
        synchronized (outbox) {
            cache.on(new RtnetlinkEvent(present, 0x100, route));
        }
    }

    private List<Outbox.Sending> takeAll() {
        List<Outbox.Sending> all = new ArrayList<>();
        synchronized (outbox) {
            while (outbox.hasQueued()) {
                all.addAll(outbox.take(1));
            }
        }
        return all;
    }

    private void acknowledge(List<Outbox.Sending> sendings, Reply reply) {
        sendings.forEach(sending -> outbox.acknowledged(sending, reply));
    }

    private static String gateway(Outbox.Sending sending) {
        return "" + ((Message.Route) sending.message()).nextHops().getFirst().gateway();
    }

    @Test
    void theLastWriteWins() {
        tell(true, PREFIX, "192.0.2.2");
        tell(true, PREFIX, "192.0.2.3");
        tell(true, PREFIX, "192.0.2.4");
        assertThat(takeAll()).singleElement().satisfies(s -> is(s, "192.0.2.4"));
        tell(true, PREFIX, "192.0.2.4");
        assertThat(takeAll()).isEmpty();
        tell(false, PREFIX, "192.0.2.4");
        tell(true, PREFIX, "192.0.2.4");
        assertThat(takeAll()).isEmpty();
    }

    private static void is(Outbox.Sending sending, String gateway) {
        assertThat(gateway(sending)).isEqualTo(gateway);
    }

    @Test
    void whatComesAndGoesUnsentLeavesNothing() {
        tell(true, PREFIX, "192.0.2.2");
        tell(false, PREFIX, "192.0.2.2");
        assertThat(takeAll()).isEmpty();
        synchronized (outbox) {
            assertThat(cache.entries()).noneMatch(entry -> entry.type == MessageType.ROUTE);
            assertThat("" + outbox.counts()).contains("ROUTE={PENDING=0, INSTALLED=0");
        }
    }

    @Test
    void aRefusalOfWhatChangedMeanwhileIsNotTheLastWord() {
        tell(true, PREFIX, "192.0.2.2");
        List<Outbox.Sending> first = takeAll();
        tell(true, PREFIX, "192.0.2.3");
        tell(true, PREFIX, "192.0.2.2");
        acknowledge(first, Reply.refused(Report.BUSY, "later"));
        List<Outbox.Sending> second = takeAll();
        assertThat(second).singleElement().satisfies(s -> is(s, "192.0.2.2"));
        acknowledge(second, Reply.ok());
        synchronized (outbox) {
            assertThat(outbox.isIdle()).isTrue();
        }
    }

    @Test
    void whatWasRefusedIsTakenAwayAllTheSame() {
        tell(true, PREFIX, "192.0.2.2");
        acknowledge(takeAll(), Reply.ok());
        tell(true, PREFIX, "192.0.2.3");
        List<Outbox.Sending> refused = takeAll();
        acknowledge(refused, Reply.refused(Report.FULL, "no room"));
        assertThat(takeAll())
                .extracting(Outbox.Sending::message)
                .containsExactly(new Message.Policy(0, 1));
        tell(false, PREFIX, "192.0.2.3");
        List<Outbox.Sending> removal = takeAll();
        assertThat(removal)
                .extracting(Outbox.Sending::message)
                .filteredOn(message -> message instanceof Message.Route)
                .singleElement()
                .matches(message -> !((Message.Route) message).present());
    }

    @Test
    void aResyncDoesNotForgetThatTablesAreFullBeforeItsEnd() {
        tell(true, PREFIX, "192.0.2.2");
        acknowledge(takeAll(), Reply.refused(Report.FULL, "no room"));
        acknowledge(takeAll(), Reply.ok());
        synchronized (outbox) {
            outbox.restart(FEATURES);
            cache.restart();
        }
        assertThat(takeAll())
                .extracting(Outbox.Sending::message)
                .containsExactly(new Message.Policy(0, 1));
        synchronized (outbox) {
            cache.restarted();
        }
        assertThat(takeAll())
                .extracting(Outbox.Sending::message)
                .containsExactly(new Message.Policy(0, 0));
    }

    @Test
    void repliesOfAnEarlierLifeCountForNothing() {
        tell(true, PREFIX, "192.0.2.2");
        List<Outbox.Sending> old = takeAll();
        synchronized (outbox) {
            outbox.restart(FEATURES);
            cache.restart();
        }
        acknowledge(old, Reply.ok());
        synchronized (outbox) {
            assertThat(outbox.pending()).isEqualTo(1); // the policy
        }
    }

    @Test
    void linksGoBeforeRoutes() {
        for (int i = 0; i < 100; i++) {
            tell(true, Prefix.host(IpAddress.ip4(i)), "192.0.2.2");
        }
        synchronized (outbox) {
            cache.on(
                    new RtnetlinkEvent(
                            true, 0, new Rule(Family.IP4, 9, 100, Rule.FR_ACT_TO_TBL, true, "")));
            assertThat(outbox.take(1))
                    .extracting(Outbox.Sending::message)
                    .containsExactly(new Message.Policy(0, 1));
        }
    }

    /** The cache is told of a route that Linux lacks, and not of one that it has. */
    @Test
    void aComparisonFindsWhatDiffersAndADumpRepairsIt() throws IOException {
        try (Netns network = Netns.withPair().addressed();
                Rtnetlink linux =
                        NetworkNamespace.call(
                                MirrorScene.mirrored(network, 0).path(),
                                () -> Rtnetlink.open("test"))) {
            new Dump(linux, cache, outbox, () -> {}).all();
            acknowledge(takeAll(), Reply.ok());
            network.ip("route add 10.2.0.0/16 via 192.0.2.2");
            tell(true, PREFIX, "192.0.2.2");
            acknowledge(takeAll(), Reply.ok());

            synchronized (outbox) {
                cache.beginComparing();
            }
            new Dump(linux, cache, outbox, () -> {}).all();
            Prefix touched = Prefix.parse("10.3.0.0/16");
            tell(true, touched, "192.0.2.2");
            acknowledge(takeAll(), Reply.ok());
            synchronized (outbox) {
                assertThat(cache.endComparing())
                        .containsExactlyInAnyOrder(PREFIX, Prefix.parse("10.2.0.0/16"));
            }

            Dump repair = new Dump(linux, cache, outbox, () -> {});
            repair.all();
            Collection<Entry> news = repair.news();
            assertThat(news)
                    .extracting(entry -> entry.key)
                    .containsExactlyInAnyOrder(PREFIX, touched, Prefix.parse("10.2.0.0/16"));
            assertThat(takeAll()).hasSize(3);
        }
    }

    @Test
    @DisplayName("IPv6 routes that stay are read, however often others come and go meanwhile")
    void noRouteThatStaysIsLost() {
        try (Netns network = Netns.withPair().addressed();
                Rtnetlink linux =
                        NetworkNamespace.call(
                                MirrorScene.mirrored(network, 0).path(),
                                () -> Rtnetlink.open("test"))) {
            network.batch(
                    IntStream.range(0, 3000)
                            .mapToObj(i -> "route add blackhole " + host(i) + "\n")
                            .collect(Collectors.joining()));
            AtomicInteger gone = new AtomicInteger();
            Dump dump =
                    new Dump(
                            linux,
                            cache,
                            outbox,
                            () -> {
                                // A removal shifts the place at which an addition makes it go on.
                                int i = gone.getAndIncrement();
                                network.ip("route del blackhole " + host(i));
                                network.ip("route add blackhole " + host(5000 + i));
                            });
            dump.routes(Family.IP6, 0);
            assertThat(gone.get()).isPositive();
            assertThat(dump.news())
                    .extracting(entry -> entry.key)
                    .containsAll(
                            IntStream.range(gone.get(), 3000).mapToObj(CacheTest::host).toList());
        }
    }

    private static Prefix host(int i) {
        return Prefix.host(IpAddress.ip6(0x20010db8_00000000L, i));
    }
}
