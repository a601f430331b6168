package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frame's lookup answers as the plain ones, which {@link ForwardingTableTest} tries. */
class FrameLookupTest {

    private static final int SIZE = 256;

    @ParameterizedTest
    @CsvSource({"IP4,0,1,300", "IP4,2,2,300", "IP6,0,3,300", "IP6,2,4,300", "IP6,0,5,18000"})
    void answersAsItsPlainTwin(Family family, int vrf, long seed, int routes) throws Exception {
        Random random = new Random(seed);
        List<Prefix> known = new ArrayList<>();
        FrameLookup lookup = new FrameLookup(SIZE);
        try (SharedMemory memory = new SharedMemory(Limits.SMALL)) {
            TableWriter writer = memory.writer(Limits.SMALL);
            writer.createVrf(vrf);
            for (int round = 0; round < 2 * routes; round++) {
                boolean isGrowing = round < routes || random.nextBoolean();
                if (isGrowing || known.isEmpty()) {
                    Prefix prefix = Oracle.prefix(random, family);
                    if (writer.leaf(vrf, prefix) == 0) {
                        known.add(prefix);
                    }
                    writer.putRoute(vrf, prefix, 1, 1 + random.nextInt(500), 0);
                } else {
                    writer.removeRoute(vrf, known.remove(random.nextInt(known.size())));
                }
                if (round % Math.max(1, routes / 300) == 0) {
                    compare(random, writer.tables(), vrf, family, known, lookup);
                }
            }
        }
    }

    private static void compare(
            Random random,
            Tables tables,
            int vrf,
            Family family,
            List<Prefix> known,
            FrameLookup lookup) {
        int to = random.nextInt(SIZE + 1);
        int from = random.nextInt(to + 1);
        List<IpAddress> addresses = new ArrayList<>();
        for (int i = from; i < to; i++) {
            IpAddress address =
                    known.isEmpty() || random.nextInt(4) == 0
                            ? Oracle.address(random, family)
                            : Oracle.near(random, known.get(random.nextInt(known.size())));
            lookup.high[i] = FibWriter.high(address);
            lookup.low[i] = FibWriter.low(address);
            addresses.add(address);
        }
        long generation = tables.generation();
        long fib =
                family == Family.IP4 ? tables.fib4(generation, vrf) : tables.fib6(generation, vrf);
        lookup.find(fib, from, to);
        for (int i = from; i < to; i++) {
            IpAddress address = addresses.get(i - from);
            assertThat(lookup.leaves[i])
                    .as("%s", address)
                    .isEqualTo(Oracle.lookup(tables, vrf, address));
        }
    }
}
