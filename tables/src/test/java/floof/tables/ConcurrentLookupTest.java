package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each answer must be that of some state between the begin and the end of the lookup. */
class ConcurrentLookupTest {

    private static final int CHANGES = 20_000;
    private static final int PROBES = 48;

    private record Change(Prefix prefix, int leaf) {}

    @ParameterizedTest
    @EnumSource(Family.class)
    void everyAnswerWasTrueAtSomeMomentOfTheLookup(Family family) throws Exception {
        Random random = new Random(21);
        List<IpAddress> probes = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            probes.add(Oracle.address(random, family));
        }
        List<Change> changes = new ArrayList<>();
        int[][] answers = new int[CHANGES + 1][];
        prepare(random, family, probes, changes, answers);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicReference<String> fault = new AtomicReference<>();
        AtomicInteger lookups = new AtomicInteger();
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            Runnable look =
                    () -> look(writer.tables(), probes, answers, begun, ended, lookups, fault);
            Thread reader = Thread.ofPlatform().name("reader").start(look);
            for (Change change : changes) {
                begun.incrementAndGet();
                if (change.leaf() == 0) {
                    writer.removeRoute(0, change.prefix());
                } else {
                    writer.putRoute(0, change.prefix(), 1, change.leaf(), 0);
                }
                ended.incrementAndGet();
            }
            reader.join();
            assertThat(fault.get()).isNull();
            assertThat(lookups.get()).isGreaterThan(1_000);
        }
    }

    /** Random changes without default routes (see {@link Fib}) and the answers after each. */
    private static void prepare(
            Random random,
            Family family,
            List<IpAddress> probes,
            List<Change> changes,
            int[][] answers) {
        Oracle oracle = new Oracle();
        List<Prefix> pool = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            IpAddress probe = probes.get(random.nextInt(PROBES));
            pool.add(Prefix.of(probe, 1 + random.nextInt(family.bits())));
        }
        answers[0] = new int[PROBES];
        for (int i = 0; i < CHANGES; i++) {
            Prefix prefix = pool.get(random.nextInt(pool.size()));
            int leaf = random.nextBoolean() ? 0 : 1 + random.nextInt(400);
            changes.add(new Change(prefix, leaf));
            if (leaf == 0) {
                oracle.routes.remove(prefix);
            } else {
                oracle.routes.put(prefix, leaf);
            }
            answers[i + 1] = probes.stream().mapToInt(oracle::leaf).toArray();
        }
    }

    private static void look(
            Tables tables,
            List<IpAddress> probes,
            int[][] answers,
            AtomicInteger begun,
            AtomicInteger ended,
            AtomicInteger lookups,
            AtomicReference<String> fault) {
        Readers.online(tables, 0);
        for (int i = 0; ended.get() < CHANGES && fault.get() == null; i++) {
            int from = ended.get();
            int leaf = Oracle.lookup(tables, 0, probes.get(i % PROBES));
            int to = begun.get();
            boolean isTrue = false;
            for (int state = from; state <= to; state++) {
                isTrue |= answers[state][i % PROBES] == leaf;
            }
            if (!isTrue) {
                fault.set(probes.get(i % PROBES) + " gave " + leaf + " in " + from + ".." + to);
            }
            lookups.incrementAndGet();
            Readers.quiescent(tables, 0);
            if (i % 1000 == 0) {
                Readers.offline(tables, 0);
                Thread.yield();
                Readers.online(tables, 0);
            }
        }
        Readers.offline(tables, 0);
    }
}
