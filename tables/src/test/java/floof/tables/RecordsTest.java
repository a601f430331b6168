package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.memory.Memory;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private static final MacAddress OURS = MacAddress.parse("02:11:22:33:44:55");
    private static final MacAddress THEIRS = MacAddress.parse("06:aa:bb:cc:dd:ee");

    private SharedMemory memory;
    private TableWriter writer;
    private Tables tables;

    @BeforeEach
    void open() throws Exception {
        memory = new SharedMemory(Limits.SMALL);
        writer = memory.writer(Limits.SMALL);
        tables = writer.tables();
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private long adjacency(int index) {
        return tables.adjacency(tables.generation(), index);
    }

    @Test
    void fixedAdjacenciesSayTheirReasons() {
        Reason[] reasons = {
            Reason.NO_ROUTE,
            Reason.LOCAL,
            Reason.ROUTE_BLACKHOLE,
            Reason.ROUTE_UNREACHABLE,
            Reason.ROUTE_PROHIBIT,
            Reason.UNSUPPORTED_ROUTE
        };
        for (int i = 0; i < reasons.length; i++) {
            long action = Adjacency.action(adjacency(i));
            assertThat(Adjacency.kind(action)).isEqualTo(Adjacency.LEAVE);
            assertThat(Adjacency.reason(action)).isEqualTo(reasons[i].ordinal());
        }
    }

    @Test
    void anAdjacencyIsReadAsItWasWritten() {
        IpAddress hop = IpAddress.parse("2001:db8::7");
        int index = writer.addAdjacency(5, 3, hop, Reason.NEIGHBOUR_UNRESOLVED);
        long at = adjacency(index);
        assertThat(Adjacency.reason(Adjacency.action(at)))
                .isEqualTo(Reason.NEIGHBOUR_UNRESOLVED.ordinal());
        writer.forward(index, THEIRS, OURS, 9, 1400);
        long action = Adjacency.action(at);
        assertThat(Adjacency.kind(action)).isEqualTo(Adjacency.FORWARD);
        assertThat(Adjacency.port(action)).isEqualTo(9);
        assertThat(Adjacency.mtu(action)).isEqualTo(1400);
        assertThat(Adjacency.iface(at)).isEqualTo(5);
        assertThat(Adjacency.vrf(at)).isEqualTo(3);
        assertThat(Adjacency.nextHop(at)).isEqualTo(hop);
        assertThat(Adjacency.destinationMac(at)).isEqualTo(THEIRS);
        assertThat(Adjacency.sourceMac(at)).isEqualTo(OURS);
        byte[] rewrite = new byte[12];
        Memory.copy(at + Adjacency.REWRITE, rewrite, 0, 12);
        assertThat(Arrays.copyOf(rewrite, 6)).isEqualTo(THEIRS.bytes());
        assertThat(Arrays.copyOfRange(rewrite, 6, 12)).isEqualTo(OURS.bytes());
        writer.forward(index, THEIRS, MacAddress.parse("02:00:00:00:00:09"), 9, 1400);
        assertThat(Adjacency.sourceMac(at)).hasToString("02:00:00:00:00:09");
        writer.except(index, Reason.UNSUPPORTED_ROUTE);
        assertThat(Adjacency.kind(Adjacency.action(at))).isEqualTo(Adjacency.LEAVE);
    }

    @Test
    void aReusedAdjacencyHasFreshCountersAndComesAfterItsReaders() {
        int index = writer.addAdjacency(1, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        long row = tables.adjacencyCounters(tables.generation(), 2);
        Counters.add(Counters.adjacency(row, index) + Counters.PACKETS, 5);
        assertThat(Counters.adjacencyTotal(tables, tables.generation(), index, Counters.PACKETS))
                .isEqualTo(5);
        Readers.online(tables, 0);
        writer.removeAdjacency(index);
        writer.awaitReaders(10);
        assertThat(writer.addAdjacency(1, 0, null, Reason.LOCAL)).isNotEqualTo(index);
        Readers.quiescent(tables, 0);
        writer.reclaim();
        assertThat(writer.addAdjacency(1, 0, null, Reason.LOCAL)).isEqualTo(index);
        assertThat(Counters.adjacencyTotal(tables, tables.generation(), index, Counters.PACKETS))
                .isZero();
    }

    @Test
    void anAdjacencyInUseIsNotRemoved() {
        int index = writer.addAdjacency(1, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        Prefix prefix = Prefix.parse("10.0.0.0/8");
        writer.putRoute(0, prefix, 1, index, 0);
        assertThatThrownBy(() -> writer.removeAdjacency(index))
                .hasMessage("adjacency " + index + " has 1 references");
        writer.removeRoute(0, prefix);
        writer.removeAdjacency(index);
    }

    @Test
    void adjacenciesRunOut() {
        int last = 0;
        for (int i = Adjacency.FIXED; i < Limits.SMALL.adjacencies(); i++) {
            last = writer.addAdjacency(1, 0, null, Reason.LOCAL);
        }
        assertThat(last).isEqualTo(Limits.SMALL.adjacencies() - 1);
        assertThat(writer.addAdjacency(1, 0, null, Reason.LOCAL)).isEqualTo(TableWriter.FULL);
    }

    @Test
    void whatWasRemovedIsThereAtOnceWhenItIsNeeded() {
        for (int round = 0; round < 3; round++) {
            int[] taken = new int[Limits.SMALL.adjacencies() - Adjacency.FIXED];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = writer.addAdjacency(1, 0, null, Reason.LOCAL);
                assertThat(taken[i]).isPositive();
            }
            for (int index : taken) {
                writer.removeAdjacency(index);
                assertThat(writer.hasAdjacency(index)).isFalse();
            }
        }
    }

    @Test
    void aNewWriterDoesNotAdoptWhatWasRemoved() throws Exception {
        IpAddress hop = IpAddress.parse("192.0.2.1");
        int removed = writer.addAdjacency(1, 0, hop, Reason.LOCAL);
        int kept = writer.addAdjacency(1, 0, hop, Reason.LOCAL);
        writer.removeAdjacency(removed);
        int iface = writer.addInterface(0, 9);
        writer.setInterface(iface, "gone", OURS, 1500, 0, -1);
        Counters.add(tables.interfaceCounters(1, iface), 7);
        writer.removeInterface(iface);
        writer = memory.writer(Limits.SMALL);
        assertThat(writer.hasAdjacency(removed)).isFalse();
        assertThat(writer.hasAdjacency(kept)).isTrue();
        assertThat(writer.addAdjacency(1, 0, hop, Reason.LOCAL)).isEqualTo(removed);
        assertThat(writer.hasAdjacency(removed)).isTrue();
        assertThat(writer.addInterface(0, 10)).isEqualTo(iface);
        assertThat(Counters.interfaceTotal(tables, iface, Counters.RX_PACKETS)).isZero();
    }

    @Test
    void aGroupSharesByWeightAndGoesWithItsLastRoute() {
        int[] members = {10, 11, 12};
        int leaf = writer.group(members, new int[] {1, 2, 5});
        assertThat(leaf & Tables.GROUP).isNotZero();
        int[] hits = new int[16];
        for (int hash = 0; hash < 1024; hash++) {
            hits[tables.adjacencyIndex(tables.generation(), leaf, hash)]++;
        }
        assertThat(hits[10]).isEqualTo(128);
        assertThat(hits[11]).isEqualTo(256);
        assertThat(hits[12]).isEqualTo(640);
        assertThat(writer.group(members, new int[] {2, 4, 10})).isEqualTo(leaf);
        Prefix one = Prefix.parse("10.0.0.0/8");
        Prefix two = Prefix.parse("2001:db8::/32");
        writer.putRoute(0, one, 1, leaf, 0);
        writer.putRoute(0, two, 1, leaf, 0);
        writer.putRoute(0, one, 1, leaf, 0);
        assertThat(writer.references(12)).isEqualTo(40);
        writer.removeRoute(0, one);
        assertThat(writer.references(12)).isEqualTo(40);
        writer.putRoute(0, two, 1, 9, 0);
        assertThat(writer.references(12)).isZero();
    }

    @Test
    void everyMemberHasABucketWhateverTheWeights() {
        int[] buckets = Shares.buckets(new int[] {1, 2, 3}, new int[] {65536, 1, 1});
        assertThat(buckets).hasSize(64).contains(2, 3);
        int[] all = new int[64];
        int[] weights = new int[64];
        for (int i = 0; i < 64; i++) {
            all[i] = i;
            weights[i] = 1 + i * 1000;
        }
        assertThat(Shares.buckets(all, weights)).containsExactly(all);
    }

    @Test
    void anInterfaceIsReadAsItWasWritten() {
        int index = writer.addInterface(2, 17);
        writer.setInterface(index, "a-15-bytes-name", OURS, 9000, Interface.UP, 4);
        long at = tables.iface(tables.generation(), index);
        assertThat(Interface.name(at)).isEqualTo("a-15-bytes-name");
        assertThat(Interface.flags(at)).isEqualTo(Interface.USED | Interface.UP);
        assertThat(Interface.mac(at)).isEqualTo(OURS);
        assertThat(Interface.mtu(at)).isEqualTo(9000);
        assertThat(Interface.port(at)).isEqualTo(4);
        assertThat(Interface.vrf(at)).isEqualTo(2);
        assertThat(Interface.ifindex(at)).isEqualTo(17);
        byte[] frame = Arrays.copyOf(OURS.bytes(), 8);
        Memory.copy(frame, 0, adjacency(100), 8);
        assertThat(Interface.macBits(at))
                .isEqualTo(Memory.getLong(adjacency(100)) & 0xffff_ffff_ffffL);
        assertThat(tables.interfaceOfPort(tables.generation(), 4)).isEqualTo(index);
        writer.setInterface(index, "a-15-bytes-name", OURS, 9000, Interface.UP, -1);
        assertThat(tables.interfaceOfPort(tables.generation(), 4)).isZero();
        assertThat(Interface.port(at)).isEqualTo(-1);
        writer.removeInterface(index);
        assertThat(writer.hasInterface(index)).isFalse();
    }

    @Test
    void countersAddUpOverWorkers() {
        for (int worker = 0; worker < Limits.SMALL.workers(); worker++) {
            Counters.add(tables.interfaceCounters(worker, 3) + Counters.TX_BYTES, 100);
            long row = tables.reasonCounters(worker);
            Counters.add(Counters.reason(row, Reason.OVERSIZED.ordinal()) + Counters.POLICED, 7);
            assertThat(row % 128).isZero();
        }
        assertThat(Counters.interfaceTotal(tables, 3, Counters.TX_BYTES)).isEqualTo(400);
        assertThat(Counters.interfaceTotal(tables, 3, Counters.RX_BYTES)).isZero();
        assertThat(Counters.reasonTotal(tables, Reason.OVERSIZED, Counters.POLICED)).isEqualTo(28);
        assertThat(Counters.reasonTotal(tables, Reason.OVERSIZED, Counters.PASSED)).isZero();
    }

    @Test
    void aRebuiltGenerationKeepsTheIndicesOfInterfaces() throws Exception {
        int first = writer.addInterface(0, 5);
        int second = writer.addInterface(0, 6);
        writer.setInterface(first, "a", OURS, 1500, 0, -1);
        writer.setInterface(second, "b", OURS, 1500, 0, -1);
        Memory.putInt(memory.region.address() + Header.WRITING, 1);
        TableWriter next = memory.writer(Limits.SMALL);
        assertThat(next.addInterface(0, 6)).isEqualTo(second);
        assertThat(next.addInterface(0, 7))
                .as("not that of a link which may still come")
                .isNotIn(first, second);
    }

    @Test
    void exceptAllIsAFlagOfTheVrf() {
        assertThat(writer.exceptAll(1, true)).isEqualTo(Outcome.NOT_FOUND);
        writer.createVrf(1);
        writer.exceptAll(1, true);
        assertThat(Vrf.flags(tables.vrf(tables.generation(), 1)))
                .isEqualTo(Vrf.USED | Vrf.EXCEPT_ALL);
        writer.exceptAll(1, false);
        assertThat(Vrf.flags(tables.vrf(tables.generation(), 1))).isEqualTo(Vrf.USED);
    }
}
