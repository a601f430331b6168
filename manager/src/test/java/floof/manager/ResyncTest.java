package floof.manager;

import static floof.manager.Fixture.THEIRS;
import static floof.manager.Fixture.on;
import static floof.manager.Fixture.via;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.IpAddress;
import floof.base.Reason;
import floof.base.alarm.Alarm;
import floof.fpc.CounterKind;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.fpc.NeighbourState;
import floof.fpc.Refused;
import floof.fpc.Report;
import floof.fpc.RouteType;
import floof.memory.Memory;
import floof.tables.Counters;
import floof.tables.Limits;
import floof.tables.Readers;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks, sweeps, restarts, and what is asked of the tables. */
class ResyncTest {

    private static final String FORWARDED = THEIRS + "@3";

    @TempDir Path directory;
    private Fixture linux;

    @BeforeEach
    void open() throws Exception {
        linux = new Fixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        linux.close();
    }

    private void everything() throws IOException {
        linux.connected();
        linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
        linux.neighbour(7, "192.0.2.11", NeighbourState.STALE);
        linux.route("10.0.0.0/8", via("192.0.2.10", 7));
        linux.route("11.0.0.0/8", via("192.0.2.10", 7), via("192.0.2.11", 7));
        linux.route("2001:db8:99::/48", via("2001:db8:1::9", 7));
    }

    private void extra() throws IOException {
        linux.link(8, "eth2");
        linux.address(8, "198.51.100.1/24", true);
        linux.route("198.51.100.0/24", on(8));
        linux.route("12.0.0.0/8", via("198.51.100.9", 8));
        linux.neighbour(7, "192.0.2.12", NeighbourState.REACHABLE);
    }

    @Test
    void aSweepRemovesWhatWasNotSentAgainAndNothingElse() throws Exception {
        assertThat(linux.resync(5, this::everything)).isEqualTo(new Message.Swept(0, 0, 0, 0));
        Message.Filling before =
                linux.client.ask(new Message.FillingRequest(), Message.Filling.class);
        extra();
        assertThat(linux.fate("192.0.2.12")).isEqualTo(FORWARDED);
        Message.Swept swept = linux.resync(6, this::everything);
        assertThat(swept).isEqualTo(new Message.Swept(1, 1, 1, 2));
        assertThat(linux.client.ask(new Message.FillingRequest(), Message.Filling.class))
                .isEqualTo(before);
        assertEverythingIsThere();
        assertThat(linux.fate("12.1.1.1")).isEqualTo("NO_ROUTE");
        assertThat(linux.fate("198.51.100.1")).isEqualTo("NO_ROUTE");
        assertThat(linux.fate("192.0.2.12")).isEqualTo("NEIGHBOUR_UNRESOLVED");
    }

    private void assertEverythingIsThere() {
        assertThat(linux.fate("10.1.1.1")).isEqualTo(FORWARDED);
        assertThat(linux.fates("11.1.1.1")).containsOnly(FORWARDED);
        assertThat(linux.fate("192.0.2.11")).isEqualTo(FORWARDED);
        assertThat(linux.fate("192.0.2.1")).isEqualTo("LOCAL");
        assertThat(linux.fate("2001:db8:99::1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
    }

    @Test
    void aRestartedManagerAdoptsAndSweepsWhatWentMeanwhile() throws Exception {
        linux.resync(5, this::everything);
        extra();
        Message.Filling all = linux.client.ask(new Message.FillingRequest(), Message.Filling.class);
        linux.restart();
        assertEverythingIsThere();
        assertThat(linux.fate("192.0.2.12")).isEqualTo(FORWARDED);
        assertThat(linux.client.ask(new Message.FillingRequest(), Message.Filling.class))
                .isEqualTo(all);
        int leaf = linux.leaf(0, "11.1.1.1");
        Message.Hello hello = linux.client.ask(new Message.Hello(1, 0, 0, 1), Message.Hello.class);
        assertThat(hello.resync()).isEqualTo(5);
        Message.Swept swept = linux.resync(6, this::everything);
        assertThat(swept.routes()).isEqualTo(2);
        assertThat(swept.links()).isEqualTo(1);
        assertThat(swept.neighbours()).isEqualTo(1);
        assertEverythingIsThere();
        assertThat(linux.leaf(0, "11.1.1.1")).isEqualTo(leaf);
        assertThat(linux.fate("198.51.100.1")).isEqualTo("NO_ROUTE");
        assertThat(linux.fate("192.0.2.12")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        assertThat(linux.used("interfaces")).isEqualTo(1);
    }

    @Test
    void aStaleRouteThatWaitedBehindAnAddressDoesNotOutliveIt() throws Exception {
        linux.resync(
                5,
                () -> {
                    everything();
                    linux.address(7, "192.0.2.9/24", true);
                    linux.route("192.0.2.9/32", RouteType.BLACKHOLE);
                });
        assertThat(linux.fate("192.0.2.9")).isEqualTo("LOCAL");
        Message.Swept swept = linux.resync(6, this::everything);
        assertThat(swept.addresses()).isEqualTo(1);
        assertThat(linux.fate("192.0.2.9")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        assertEverythingIsThere();
    }

    @Test
    void changesReachWhatWasAdoptedWithoutAResync() throws Exception {
        linux.resync(5, this::everything);
        linux.restart();
        linux.noNeighbour(7, "192.0.2.10");
        assertThat(linux.fate("10.1.1.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
        linux.noRoute("10.0.0.0/8");
        assertThat(linux.fate("10.1.1.1")).isEqualTo("NO_ROUTE");
        linux.address(7, "192.0.2.1/24", false);
        assertThat(linux.fate("192.0.2.1")).isEqualTo("NEIGHBOUR_UNRESOLVED");
    }

    /** The port's name, the links, neighbours and routes are sent again; a kept route stays. */
    @Test
    void aKeptRouteIsThereAtEveryMomentOfResyncsAndRestarts() throws Exception {
        linux.resync(1, this::everything);
        AtomicBoolean isDone = new AtomicBoolean();
        AtomicReference<String> gap = new AtomicReference<>();
        Thread reader = Thread.ofPlatform().name("reader").start(() -> lookOn(isDone, gap));
        try {
            for (int resync = 2; resync < 40; resync++) {
                extra();
                linux.resync(resync, this::everything);
                if (resync % 10 == 0) {
                    linux.restart();
                }
            }
        } finally {
            isDone.set(true);
            reader.join();
        }
        assertThat(gap.get()).isNull();
    }

    /** As a worker does: what is unlinked waits for it. */
    private void lookOn(AtomicBoolean isDone, AtomicReference<String> gap) {
        Readers.online(linux.tables, 0);
        while (!isDone.get() && gap.get() == null) {
            look("10.1.1.1", gap);
            look("11.1.1.1", gap);
            look("192.0.2.10", gap);
            Readers.quiescent(linux.tables, 0);
        }
        Readers.offline(linux.tables, 0);
    }

    private void look(String address, AtomicReference<String> gap) {
        String fate = linux.fate(address);
        if (!fate.equals(FORWARDED)) {
            gap.set(address + " was " + fate);
        }
    }

    @Test
    void anInterruptedWriteIsReplacedByASecondGenerationAtTheSweep() throws Exception {
        linux.resync(5, this::everything);
        long generation = linux.tables.generation();
        // The mark that a write was under way; see the header's layout.
        Memory.putInt(linux.region.address() + 136, 1);
        linux.restart();
        assertEverythingIsThere();
        linux.client.tell(new Message.Mark(6));
        linux.connected();
        assertThat(linux.tables.generation()).isEqualTo(generation);
        assertEverythingIsThere();
        everything();
        linux.client.ask(new Message.Sweep(6), Message.Swept.class);
        assertThat(linux.tables.generation()).isNotEqualTo(generation);
        assertEverythingIsThere();
    }

    @Test
    void aWriteThatFailsHalfwayDropsTheClientsAndBuildsAnotherGeneration() throws Exception {
        linux.resync(5, this::everything);
        long generation = linux.tables.generation();
        FpcClient other = FpcClient.connect(linux.socket, "other-client", 4);
        other.ask(new Message.Hello(1, 0, 0, 1), Message.Hello.class);
        int last = fillAdjacencies();
        linux.noNeighbour(7, "192.0.2.12");
        linux.tears = true; // the next neighbour has to wait for what was removed
        assertThatThrownBy(() -> neighbour(last + 1)).hasMessageContaining("rebuilt");
        other.lost().get(120, TimeUnit.SECONDS);
        other.close();
        linux.client.lost().get(120, TimeUnit.SECONDS);

        linux.connect();
        assertThat(linux.alarms.active()).extracting(Alarm::id).containsExactly(TableServer.TORN);
        assertThat(linux.tables.generation()).isEqualTo(generation);
        assertEverythingIsThere();
        linux.resync(
                6,
                () -> {
                    linux.link(7, "eth1"); // whose port nobody names again
                    linux.address(7, "192.0.2.1/24", true);
                    linux.route("192.0.2.0/24", on(7));
                    linux.neighbour(7, "192.0.2.10", NeighbourState.REACHABLE);
                    linux.route("10.0.0.0/8", via("192.0.2.10", 7));
                });
        assertThat(linux.alarms.active()).isEmpty();
        assertThat(linux.tables.generation()).isNotEqualTo(generation);
        assertThat(linux.fate("10.1.1.1")).isEqualTo(FORWARDED);
        assertThat(linux.fate("192.0.2.11")).isEqualTo("NEIGHBOUR_UNRESOLVED");
    }

    /** The number of the first neighbour that did not fit. */
    private int fillAdjacencies() throws IOException {
        for (int number = 0; ; number++) {
            try {
                neighbour(number);
            } catch (Refused e) {
                assertThat(e.report()).isEqualTo(Report.FULL);
                return number;
            }
        }
    }

    private void neighbour(int number) throws IOException {
        String address = "192.0." + (2 + (number + 12) / 256) + "." + (number + 12) % 256;
        linux.neighbour(7, address, NeighbourState.REACHABLE);
    }

    @Test
    void staleEpochsAreRefused() throws Exception {
        linux.resync(5, this::everything);
        assertStale(() -> linux.client.tell(new Message.Mark(5)));
        assertStale(() -> linux.client.tell(new Message.Sweep(4)));
        Message.NextHop hop = on(7);
        linux.client.tell(new Message.Mark(6));
        linux.route("14.0.0.0/8", hop);
        try (FpcClient other = FpcClient.connect(linux.socket, "other-client", 4)) {
            other.tell(new Message.Mark(9));
        }
        assertStale(() -> linux.route("15.0.0.0/8", hop));
        assertThat(linux.fate("15.0.0.1")).isEqualTo("NO_ROUTE");
    }

    private static void assertStale(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.report()).isEqualTo(Report.STALE));
    }

    @Test
    void hitsAreTheNeighboursThatCarriedPacketsSinceTheLastQuestion() throws Exception {
        everything();
        assertThat(hits()).isEmpty();
        count("10.1.1.1");
        assertThat(hits()).containsExactly(new Message.Hit(0, 7, IpAddress.parse("192.0.2.10")));
        assertThat(hits()).isEmpty();
        count("192.0.2.11");
        linux.restart();
        assertThat(hits()).isEmpty();
        count("192.0.2.11");
        assertThat(hits()).containsExactly(new Message.Hit(0, 7, IpAddress.parse("192.0.2.11")));
    }

    private List<Message.Hit> hits() throws IOException {
        return linux.client.ask(new Message.HitsRequest(0), Message.Hits.class).hits();
    }

    private void count(String address) {
        int index = linux.leaf(0, address);
        long row = linux.tables.adjacencyCounters(linux.tables.generation(), 1);
        Counters.add(Counters.adjacency(row, index) + Counters.PACKETS, 3);
        Counters.add(Counters.adjacency(row, index) + Counters.BYTES, 300);
    }

    @Test
    void countersNameWhatTheyCount() throws Exception {
        everything();
        count("10.1.1.1");
        int index = linux.tables.interfaceOfPort(linux.tables.generation(), 3);
        Counters.add(linux.tables.interfaceCounters(0, index) + Counters.RX_PACKETS, 8);
        Counters.add(linux.tables.interfaceCounters(2, index) + Counters.TX_BYTES, 9);
        Counters.add(linux.tables.interfaceCounters(2, index) + Counters.FROM_LINUX, 5);
        Counters.add(linux.tables.interfaceCounters(1, index) + Counters.DROPPED, 2);
        long reasons = linux.tables.reasonCounters(1);
        Counters.add(Counters.reason(reasons, 1) + Counters.POLICED, 6);
        assertThat(rows(CounterKind.INTERFACE))
                .containsExactly(
                        new Message.CounterRow("eth1", List.of(8L, 0L, 0L, 9L, 5L, 0L, 2L)));
        assertThat(rows(CounterKind.REASON))
                .hasSize(Reason.values().length)
                .contains(new Message.CounterRow("arp", List.of(0L, 6L)));
        assertThat(rows(CounterKind.ADJACENCY))
                .contains(new Message.CounterRow("192.0.2.10@eth1", List.of(3L, 300L)));
        assertThat(rows(CounterKind.MESSAGE)).isNotEmpty();
    }

    /** By removal, by the index's next owner, by a manager's restart and by a new generation. */
    @Test
    void noTotalOfInterfacesEverGoesBack() throws Exception {
        linux.resync(5, this::everything);
        long row = linux.tables.interfaceCounters(1, 0);
        Counters.add(row + Counters.RX_PACKETS, 1); // before its port had an interface
        discard(0, 1);
        int index = linux.tables.interfaceOfPort(linux.tables.generation(), 3);
        long counted = linux.tables.interfaceCounters(1, index) + Counters.RX_PACKETS;
        for (int turn = 1; turn <= 4; turn++) {
            Counters.add(counted, 10);
            discard(index, 10);
            assertReceivedAndDiscarded(10, 10 * turn - 9);
            linux.resync(10 * turn, () -> {}); // Linux has nothing any more
            linux.client.ask(new Message.FillingRequest(), Message.Filling.class); // reclaims
            assertReceivedAndDiscarded(0, 10 * turn + 1);
            if (turn == 2) {
                linux.restart();
            } else if (turn == 3) {
                Memory.putInt(linux.region.address() + 136, 1); // a write was under way
                linux.restart();
            }
            linux.resync(10 * turn + 1, this::everything);
            assertThat(linux.tables.interfaceOfPort(linux.tables.generation(), 3)).isEqualTo(index);
        }
    }

    /** A link that comes first when the tables are built anew takes no index of another. */
    @Test
    void aNewGenerationGivesNoIndexThatAnotherLinkCountsUnder() throws Exception {
        linux.resync(5, this::everything);
        int index = linux.tables.interfaceOfPort(linux.tables.generation(), 3);
        Counters.add(linux.tables.interfaceCounters(1, index) + Counters.RX_PACKETS, 10);
        Memory.putInt(linux.region.address() + 136, 1); // a write was under way
        linux.restart();
        linux.resync(
                6,
                () -> {
                    linux.link(5, "eth0");
                    everything();
                });
        assertThat(linux.tables.interfaceOfPort(linux.tables.generation(), 3)).isEqualTo(index);
        assertReceived(10, 0);
    }

    /** Also when the interfaces fill their last page. */
    @Test
    void removedInterfacesHaveAPageOfTheirOwn() throws Exception {
        Limits limits = new Limits(20_000, 20_000, 8L << 20, 512, 64, 256, 16, 16, 4, 16, 13);
        Path other = Files.createDirectory(directory.resolve("other"));
        try (Fixture large = new Fixture(other, limits)) {
            for (int i = 1; i <= Message.MAX_PAGE; i++) {
                large.link(i, "eth" + i);
            }
            Counters.add(large.tables.interfaceCounters(1, 0) + Counters.RX_PACKETS, 1);
            Message.Counters first = page(large, 0);
            assertThat(first.rows()).hasSize(Message.MAX_PAGE);
            Message.Counters second = page(large, first.next());
            assertThat(second.rows()).hasSize(1);
            assertThat(second.rows().getFirst().name()).isEqualTo(Readings.REMOVED);
            assertThat(second.next()).isEqualTo(Message.END);
        }
    }

    private static Message.Counters page(Fixture linux, int from) throws IOException {
        return linux.client.ask(
                new Message.CountersRequest(CounterKind.INTERFACE, from), Message.Counters.class);
    }

    private static final Reason DISCARDED = Reason.MARTIAN_SOURCE;

    /** As worker 1 counts it. */
    private void discard(int index, long packets) {
        Counters.add(linux.tables.interfaceCounters(1, index) + Counters.DROPPED, packets);
        Counters.add(Counters.drop(linux.tables.drops(1, index), DISCARDED.ordinal()), packets);
        Counters.add(Counters.reason(linux.tables.reasonCounters(1), DISCARDED.ordinal()), packets);
    }

    /** And as many discarded, which is what the router's reasons count. */
    private void assertReceivedAndDiscarded(long byPresent, long byRemoved) throws IOException {
        assertReceived(byPresent, byRemoved);
        assertThat(byPresent(CounterKind.DROP, DISCARDED.ordinal())).isEqualTo(byPresent);
        assertThat(byRemoved(CounterKind.DROP, DISCARDED.ordinal())).isEqualTo(byRemoved);
        assertThat(rows(CounterKind.REASON).get(DISCARDED.ordinal()).values().getFirst())
                .isEqualTo(byPresent + byRemoved);
    }

    private long byPresent(CounterKind kind, int column) throws IOException {
        return rows(kind).stream().mapToLong(row -> row.values().get(column)).sum()
                - byRemoved(kind, column);
    }

    private long byRemoved(CounterKind kind, int column) throws IOException {
        return rows(kind).stream()
                .filter(row -> row.name().equals(Readings.REMOVED))
                .mapToLong(row -> row.values().get(column))
                .sum();
    }

    private void assertReceived(long byPresent, long byRemoved) throws IOException {
        assertThat(byPresent(CounterKind.INTERFACE, 0)).isEqualTo(byPresent);
        assertThat(byRemoved(CounterKind.INTERFACE, 0)).isEqualTo(byRemoved);
        assertThat(rows(CounterKind.WORKER).getFirst().values().getFirst())
                .isEqualTo(byPresent + byRemoved);
    }

    private List<Message.CounterRow> rows(CounterKind kind) throws IOException {
        return linux.client
                .ask(new Message.CountersRequest(kind, 0), Message.Counters.class)
                .rows();
    }

    @Test
    void longListsComeInPages() throws Exception {
        linux.connected();
        for (int i = 2; i < 202; i++) {
            linux.neighbour(7, "192.0.2." + i, NeighbourState.REACHABLE);
        }
        Message.Counters first =
                linux.client.ask(
                        new Message.CountersRequest(CounterKind.ADJACENCY, 0),
                        Message.Counters.class);
        assertThat(first.rows()).hasSize(Message.MAX_PAGE);
        Message.Counters second =
                linux.client.ask(
                        new Message.CountersRequest(CounterKind.ADJACENCY, first.next()),
                        Message.Counters.class);
        assertThat(second.next()).isEqualTo(Message.END);
        assertThat(first.rows().size() + second.rows().size()).isEqualTo(200);
    }

    @Test
    void aMalformedMessageEndsItsConnectionOnly() throws Exception {
        everything();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(linux.socket))) {
            channel.write(ByteBuffer.wrap(new byte[64]));
            ByteBuffer answer = ByteBuffer.allocate(64);
            assertThat(channel.read(answer)).isLessThan(0);
        }
        assertEverythingIsThere();
        linux.route("16.0.0.0/8", via("192.0.2.10", 7));
        assertThat(linux.fate("16.0.0.1")).isEqualTo(FORWARDED);
    }
}
