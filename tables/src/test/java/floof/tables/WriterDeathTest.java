package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.memory.Memory;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriterDeathTest {

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aWriterAtRestIsAdoptedWithAllItHad() throws Exception {
        Random random = new Random(31);
        Oracle oracle = new Oracle();
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter first = memory.writer(Limits.SMALL);
            fill(first, random, oracle);
            int iface = first.addInterface(0, 7);
            first.setInterface(iface, "eth7", MacAddress.ZERO, 1500, Interface.UP, 3);
            int adjacency = first.addAdjacency(iface, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
            int group = first.group(new int[] {adjacency, 5}, new int[] {1, 3});
            first.putRoute(0, Prefix.parse("10.9.0.0/16"), 1, group, 0);
            first.mark(42);
            first.awaitReaders(1000);
            List<Filling> filling = first.filling();
            int references = first.references(adjacency);
            assertThat(references).isGreaterThanOrEqualTo(16);

            TableWriter second = memory.writer(Limits.SMALL);
            assertThat(second.isBuilding()).isFalse();
            assertThat(second.filling()).isEqualTo(filling);
            assertThat(second.mark()).isEqualTo(42);
            assertThat(second.references(adjacency)).isEqualTo(references);
            assertThat(second.group(new int[] {adjacency, 5}, new int[] {1, 3})).isEqualTo(group);
            assertThat(second.hasInterface(iface)).isTrue();
            checkAll(second, oracle);
            fill(second, random, oracle);
            checkAll(second, oracle);
            for (Prefix prefix : oracle.routes.keySet()) {
                assertThat(second.removeRoute(0, prefix)).isEqualTo(Outcome.DONE);
            }
            second.removeRoute(0, Prefix.parse("10.9.0.0/16"));
            second.awaitReaders(1000);
            assertThat(second.filling())
                    .filteredOn(row -> !row.table().equals("interfaces"))
                    .filteredOn(row -> !row.table().equals("adjacencies"))
                    .filteredOn(row -> !row.table().endsWith("-root"))
                    .extracting(Filling::used)
                    .containsOnly(0L);
        }
    }

    private static void fill(TableWriter writer, Random random, Oracle oracle) {
        for (int i = 0; i < 3_000; i++) {
            Prefix prefix = Oracle.prefix(random, i % 2 == 0 ? Family.IP4 : Family.IP6);
            if (i % 5 == 4) {
                writer.removeRoute(0, prefix);
                oracle.routes.remove(prefix);
            } else {
                writer.putRoute(0, prefix, 1, 1 + i % 400, 0);
                oracle.routes.put(prefix, 1 + i % 400);
            }
        }
    }

    private static void checkAll(TableWriter writer, Oracle oracle) {
        Random random = new Random(33);
        for (Prefix prefix : oracle.routes.keySet()) {
            IpAddress address = Oracle.near(random, prefix);
            assertThat(Oracle.lookup(writer.tables(), writer.generation(), 0, address))
                    .as("%s", address)
                    .isEqualTo(oracle.leaf(address));
        }
    }

    @Test
    void aWriterThatDiedWithinAWriteIsReplacedBesideItsGeneration() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            for (int seed = 0; seed < 30; seed++) {
                memory.blank();
                Random random = new Random(seed);
                int[] left = {random.nextInt(400)};
                TableWriter first = memory.writer(Limits.SMALL, () -> dieAt(left));
                assertThatThrownBy(() -> writeOn(first, random)).isInstanceOf(Death.class);
                replace(memory, random);
            }
        }
    }

    private static void writeOn(TableWriter writer, Random random) {
        for (int i = 0; i < 10_000; i++) {
            Prefix prefix = Oracle.prefix(random, i % 2 == 0 ? Family.IP4 : Family.IP6);
            if (i % 3 == 2) {
                writer.removeRoute(0, prefix);
            } else {
                writer.putRoute(0, prefix, 1, 9, 0);
            }
        }
    }

    private static void dieAt(int[] left) {
        if (left[0]-- == 0) {
            throw new Death();
        }
    }

    private static void replace(SharedMemory memory, Random random) throws Exception {
        Tables tables = Tables.open(memory.region);
        long before = tables.generation();
        Readers.online(tables, 1);
        Readers.offline(tables, 1);
        TableWriter second = memory.writer(Limits.SMALL);
        assertThat(second.isBuilding()).isTrue();
        Oracle oracle = new Oracle();
        fill(second, random, oracle);
        assertThat(tables.generation()).isEqualTo(before);
        assertThat(memory.reserved).hasSize(3);
        second.publish();
        assertThat(tables.generation()).isEqualTo(second.generation()).isNotEqualTo(before);
        second.awaitReaders(1000);
        assertThat(memory.reserved).hasSize(2);
        checkAll(second, oracle);
    }

    @Test
    void aTornWriteRefusesEveryLaterOneAndIsReplacedBesideItsGeneration() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            for (int seed = 0; seed < 10; seed++) {
                memory.blank();
                Random random = new Random(seed);
                int[] left = {random.nextInt(400)};
                TableWriter writer = memory.writer(Limits.SMALL, () -> dieAt(left));
                int iface = writer.addInterface(0, 7);
                int adjacency = writer.addAdjacency(iface, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
                assertThatThrownBy(() -> writeOn(writer, random)).isInstanceOf(Death.class);
                assertThat(writer.isTorn()).isTrue();
                List<Runnable> changes =
                        List.of(
                                () -> writer.addInterface(0, 8),
                                () -> writer.removeInterface(iface),
                                () -> writer.except(adjacency, Reason.NO_ROUTE),
                                () -> writer.removeAdjacency(adjacency),
                                () -> writer.createVrf(1),
                                () -> writer.group(new int[] {adjacency}, new int[] {1}),
                                () -> writeOn(writer, random));
                for (Runnable change : changes) {
                    assertThatThrownBy(change::run)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("rebuilt");
                }
                assertThat(Memory.getInt(memory.region.address() + Header.WRITING)).isOne();
                replace(memory, random);
            }
        }
    }

    @Test
    void aTornGenerationIsNotPublished() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            long old = memory.writer(Limits.SMALL).generation();
            Memory.putInt(memory.region.address() + Header.WRITING, 1);
            int[] left = {20};
            TableWriter second = memory.writer(Limits.SMALL, () -> dieAt(left));
            assertThatThrownBy(() -> writeOn(second, new Random(1))).isInstanceOf(Death.class);
            assertThatThrownBy(second::publish).isInstanceOf(IllegalStateException.class);
            TableWriter third = memory.writer(Limits.SMALL);
            assertThat(third.isBuilding()).isTrue();
            assertThat(third.tables().generation()).isEqualTo(old);
        }
    }

    @Test
    void aWriterThatDiesWhileBuildingIsReplacedAgain() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter first = memory.writer(Limits.SMALL);
            Prefix prefix = Prefix.parse("10.0.0.0/8");
            first.putRoute(0, prefix, 1, 9, 0);
            long old = first.generation();
            Memory.putInt(memory.region.address() + Header.WRITING, 1);
            TableWriter second = memory.writer(Limits.SMALL);
            second.putRoute(0, Prefix.parse("12.0.0.0/8"), 1, 10, 0);
            TableWriter third = memory.writer(Limits.SMALL);
            assertThat(third.isBuilding()).isTrue();
            assertThat(third.tables().generation()).isEqualTo(old);
            assertThat(third.leaf(0, Prefix.parse("12.0.0.0/8"))).isZero();
            third.putRoute(0, prefix, 1, 11, 0);
            third.publish();
            assertThat(Oracle.lookup(third.tables(), 0, prefix.address())).isEqualTo(11);
        }
    }

    @Test
    void theOldGenerationStaysWhileAReaderIsInIt() throws Exception {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter first = memory.writer(Limits.SMALL);
            first.putRoute(0, Prefix.parse("10.0.0.0/8"), 1, 9, 0);
            Memory.putInt(memory.region.address() + Header.WRITING, 1);
            Tables tables = first.tables();
            TableWriter second = memory.writer(Limits.SMALL);
            Readers.online(tables, 0);
            long generation = tables.generation();
            second.publish();
            assertThat(second.awaitReaders(20)).isFalse();
            assertThat(Oracle.lookup(tables, generation, 0, IpAddress.parse("10.0.0.1")))
                    .isEqualTo(9);
            assertThat(memory.reserved).hasSize(3);
            Readers.quiescent(tables, 0);
            second.reclaim();
            assertThat(memory.reserved).hasSize(2);
        }
    }

    @Test
    void aDeadReadersSlotIsVoid() throws Exception {
        boolean[] isAlive = {true};
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer =
                    TableWriter.open(memory.region, Limits.SMALL, memory, () -> isAlive[0]);
            Readers.online(writer.tables(), 2);
            assertThat(writer.awaitReaders(20)).isFalse();
            isAlive[0] = false;
            assertThat(writer.awaitReaders(20)).isTrue();
            isAlive[0] = true;
            Readers.clear(writer.tables());
            assertThat(writer.awaitReaders(20)).isTrue();
        }
    }

    @Test
    void aFullDiskIsSaidBeforeAnythingIsTouched() {
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            memory.isExhausted = true;
            assertThatThrownBy(() -> memory.writer(Limits.SMALL))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no space");
            assertThat(Memory.getLong(memory.region.address())).isZero();
        }
    }
}
