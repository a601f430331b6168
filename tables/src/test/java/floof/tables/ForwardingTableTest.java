package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardingTableTest {

    @ParameterizedTest
    @CsvSource({"IP4,0,1", "IP4,3,2", "IP6,0,3", "IP6,3,4", "IP4,0,5", "IP6,0,6"})
    void answersAsTheOracleThroughChanges(Family family, int vrf, long seed) throws Exception {
        Random random = new Random(seed);
        Oracle oracle = new Oracle();
        List<Prefix> known = new ArrayList<>();
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            writer.createVrf(vrf);
            for (int round = 0; round < 6_000; round++) {
                if (known.isEmpty() || random.nextInt(100) < (round / 1500 % 2 == 0 ? 80 : 30)) {
                    boolean isNew = known.isEmpty() || random.nextInt(10) > 0;
                    Prefix prefix =
                            isNew
                                    ? Oracle.prefix(random, family)
                                    : known.get(random.nextInt(known.size()));
                    int leaf = 1 + random.nextInt(500);
                    assertThat(writer.putRoute(vrf, prefix, 1, leaf, 0)).isEqualTo(Outcome.DONE);
                    if (oracle.routes.put(prefix, leaf) == null) {
                        known.add(prefix);
                    }
                } else {
                    Prefix prefix = known.remove(random.nextInt(known.size()));
                    oracle.routes.remove(prefix);
                    assertThat(writer.removeRoute(vrf, prefix)).isEqualTo(Outcome.DONE);
                }
                check(
                        random,
                        writer.tables(),
                        vrf,
                        oracle,
                        known,
                        family,
                        round % 500 == 0 ? 500 : 6);
            }
            for (Prefix prefix : known) {
                writer.removeRoute(vrf, prefix);
            }
            assertNothingIsLeft(writer);
        }
    }

    private static void check(
            Random random,
            Tables tables,
            int vrf,
            Oracle oracle,
            List<Prefix> known,
            Family family,
            int count) {
        for (int i = 0; i < count; i++) {
            IpAddress address =
                    known.isEmpty() || random.nextInt(4) == 0
                            ? Oracle.address(random, family)
                            : Oracle.near(random, known.get(random.nextInt(known.size())));
            assertThat(Oracle.lookup(tables, vrf, address))
                    .as("%s", address)
                    .isEqualTo(oracle.leaf(address));
        }
    }

    private static void assertNothingIsLeft(TableWriter writer) {
        assertThat(writer.awaitReaders(1000)).isTrue();
        assertThat(writer.filling())
                .filteredOn(
                        row -> row.table().endsWith("routes") || row.table().startsWith("block"))
                .extracting(Filling::used)
                .containsOnly(0L);
    }

    @Test
    void theSameRoutesTakeTheSameBlocksInAnyOrder() throws Exception {
        Random random = new Random(7);
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            prefixes.add(upTo64Bits(random, i));
        }
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            prefixes.forEach(prefix -> writer.putRoute(0, prefix, 1, 9, 0));
            writer.awaitReaders(1000);
            List<Filling> first = writer.filling();
            List<Prefix> extra = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                Prefix prefix = upTo64Bits(random, i);
                if (writer.leaf(0, prefix) == 0) {
                    writer.putRoute(0, prefix, 1, 10, 0);
                    extra.add(prefix);
                }
            }
            extra.forEach(prefix -> writer.removeRoute(0, prefix));
            writer.awaitReaders(1000);
            assertThat(writer.filling()).isEqualTo(first);
        }
    }

    private static Prefix upTo64Bits(Random random, int i) {
        Prefix prefix = Oracle.prefix(random, i % 2 == 0 ? Family.IP4 : Family.IP6);
        return Prefix.of(prefix.address(), Math.min(64, prefix.length()));
    }

    @Test
    void vrfsAreApart() throws Exception {
        Prefix prefix = Prefix.parse("10.1.2.0/24");
        IpAddress inside = IpAddress.parse("10.1.2.3");
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            writer.createVrf(1);
            writer.createVrf(2);
            writer.putRoute(0, prefix, 1, 10, 0);
            writer.putRoute(1, prefix, 1, 11, 0);
            assertThat(Oracle.lookup(writer.tables(), 0, inside)).isEqualTo(10);
            assertThat(Oracle.lookup(writer.tables(), 1, inside)).isEqualTo(11);
            assertThat(Oracle.lookup(writer.tables(), 2, inside)).isZero();
            assertThat(writer.removeVrf(1)).isEqualTo(Outcome.DONE);
            assertThat(Oracle.lookup(writer.tables(), 0, inside)).isEqualTo(10);
            assertThat(writer.putRoute(1, prefix, 1, 11, 0)).isEqualTo(Outcome.NOT_FOUND);
            writer.createVrf(1);
            assertThat(Oracle.lookup(writer.tables(), 1, inside)).isZero();
        }
    }

    @Test
    void anEmptyVrfTakesItsRecordOnly() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            List<Filling> before = writer.filling();
            for (int vrf = 1; vrf < Limits.SMALL.vrfs(); vrf++) {
                writer.createVrf(vrf);
            }
            assertThat(writer.filling()).isEqualTo(before);
            assertThat(writer.createVrf(Limits.SMALL.vrfs())).isEqualTo(Outcome.FULL);
            assertThat(Vrf.SIZE_BYTES).isEqualTo(320);
        }
    }

    @Test
    void refusesRoutesBeyondTheRecordsAndKeepsWhatItHas() throws Exception {
        Limits limits = new Limits(10, 10, 1 << 20, 64, 4, 8, 4, 4, 2, 8, 7);
        try (SharedMemory memory = new SharedMemory(limits)) {
            TableWriter writer = memory.writer(limits);
            for (int i = 0; i < 10; i++) {
                Prefix prefix = Prefix.host(IpAddress.ip4(0x0a00_0000 + i));
                assertThat(writer.putRoute(0, prefix, 1, 20 + i, 0)).isEqualTo(Outcome.DONE);
            }
            Prefix eleventh = Prefix.parse("11.0.0.0/8");
            assertThat(writer.putRoute(0, eleventh, 1, 9, 0)).isEqualTo(Outcome.FULL);
            assertThat(Oracle.lookup(writer.tables(), 0, IpAddress.parse("11.0.0.1"))).isZero();
            Prefix sixth = Prefix.parse("10.0.0.5/32");
            assertThat(writer.putRoute(0, sixth, 1, 33, 0)).isEqualTo(Outcome.DONE);
            assertThat(Oracle.lookup(writer.tables(), 0, sixth.address())).isEqualTo(33);
            assertThat(writer.removeRoute(0, sixth)).isEqualTo(Outcome.DONE);
            assertThat(writer.putRoute(0, eleventh, 1, 9, 0)).isEqualTo(Outcome.DONE);
        }
    }

    @Test
    void fullBlocksRefuseNewRoutesAndStillLetGo() throws Exception {
        Limits limits = new Limits(20_000, 20_000, 64 << 10, 8_192, 4, 8, 4, 4, 2, 8, 7);
        Random random = new Random(11);
        Oracle oracle = new Oracle();
        try (SharedMemory memory = new SharedMemory(limits)) {
            TableWriter writer = memory.writer(limits);
            int refused = 0;
            for (int i = 0; i < 4_000; i++) {
                Prefix prefix = Oracle.prefix(random, Family.IP6);
                int before = writer.leaf(0, prefix);
                Outcome outcome = writer.putRoute(0, prefix, 1, 20 + i, 0);
                if (outcome == Outcome.DONE) {
                    oracle.routes.put(prefix, 20 + i);
                } else {
                    assertThat(outcome).isEqualTo(Outcome.FULL);
                    assertThat(before).isZero();
                    refused++;
                }
                assertThat(writer.leaf(0, prefix))
                        .isEqualTo(outcome == Outcome.DONE ? 20 + i : before);
            }
            assertThat(refused).isGreaterThan(100);
            assertThat(oracle.routes.size()).isGreaterThan(500);
            List<Prefix> known = new ArrayList<>(oracle.routes.keySet());
            check(random, writer.tables(), 0, oracle, known, Family.IP6, 5_000);
            for (Prefix prefix : known) {
                assertThat(writer.removeRoute(0, prefix)).isEqualTo(Outcome.DONE);
            }
            assertNothingIsLeft(writer);
        }
    }

    @Test
    void findsTheCoverOfAHost() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            Prefix host = Prefix.parse("10.1.2.3/32");
            writer.putRoute(0, host, 2, 12, 0);
            assertThat(writer.coveringLeaf(0, host)).isZero();
            writer.putRoute(0, Prefix.parse("0.0.0.0/0"), 1, 10, 0);
            assertThat(writer.coveringLeaf(0, host)).isEqualTo(10);
            writer.putRoute(0, Prefix.parse("10.1.2.0/25"), 1, 11, 0);
            assertThat(writer.coveringLeaf(0, host)).isEqualTo(11);
            Prefix six = Prefix.parse("2001:db8::1/128");
            writer.putRoute(0, Prefix.parse("2001:db8::/64"), 1, 13, 0);
            writer.putRoute(0, Prefix.parse("2001:db8::/127"), 1, 14, 0);
            assertThat(writer.coveringLeaf(0, six)).isEqualTo(14);
            assertThat(writer.source(0, host)).isEqualTo(2);
        }
    }
}
