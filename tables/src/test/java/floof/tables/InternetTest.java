package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.IpAddress;
import floof.base.Prefix;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables with as many routes as the Internet has, and of its lengths. */
@Tag("raw") // only volume counts
@Tag("slow")
class InternetTest {

    /** Of the tables, in bytes; also of those for twice the routes. */
    private static final long BAR = 512_000_000;

    /** Length and how many of a thousand have it. */
    private static final int[][] IP4_LENGTHS = {
        {24, 600}, {22, 120}, {23, 100}, {21, 50}, {20, 45}, {19, 30}, {32, 13}, {18, 14}, {17, 10},
        {16, 12}, {15, 3}, {14, 3}
    };

    private static final int[] IP6_LENGTHS = {29, 32, 36, 40, 44, 48, 52, 56, 60, 64};

    /**
     * Everything is reserved before it is used, so the size of one generation is what they take.
     */
    @ParameterizedTest
    @CsvSource({"1000000, 250000", "2000000, 500000"})
    void theInternetFitsInHalfAGigabyte(int ip4Routes, int ip6Routes) throws Exception {
        Limits limits = Limits.forRoutes(ip4Routes, ip6Routes);
        assertThat(limits.ip4Routes()).isEqualTo(ip4Routes);
        assertThat(limits.ip6Routes()).isEqualTo(ip6Routes);
        assertThat(oneGeneration(limits)).isLessThan(BAR);
        Random random = new Random(8);
        try (SharedMemory memory = new SharedMemory(limits)) {
            TableWriter writer = memory.writer(limits);
            fill(
                    writer,
                    0,
                    ip4Routes,
                    () -> Prefix.of(IpAddress.ip4(random.nextInt()), length(random)));
            fill(
                    writer,
                    1,
                    ip6Routes,
                    () -> {
                        long high = random.nextLong() >>> 3 | 1L << 61;
                        return Prefix.of(IpAddress.ip6(high, 0), IP6_LENGTHS[random.nextInt(10)]);
                    });
            long reservedBytes =
                    memory.reserved.stream().mapToLong(SharedMemory.Range::sizeBytes).sum();
            System.out.printf(
                    "%d IPv4 and %d IPv6 routes: %d bytes reserved, blocks %s%n",
                    ip4Routes, ip6Routes, reservedBytes, writer.filling().get(2));
            assertThat(reservedBytes).isLessThan(BAR);
        }
    }

    private static long oneGeneration(Limits limits) {
        Layout layout = new Layout(limits);
        return layout.firstGeneration + layout.generationBytes;
    }

    /** Each pass adds what is missing, but for prefixes that were there already. */
    private static void fill(TableWriter writer, int row, int count, Supplier<Prefix> prefixes) {
        long missing = count;
        while (missing > 0) {
            for (int i = 0; i < missing; i++) {
                Prefix prefix = prefixes.get();
                if (writer.putRoute(0, prefix, 1, Adjacency.LOCAL, 0) != Outcome.DONE) {
                    throw new AssertionError(prefix + ": " + writer.filling());
                }
            }
            missing = count - writer.filling().get(row).used();
        }
    }

    private static int length(Random random) {
        int share = random.nextInt(1000);
        for (int[] length : IP4_LENGTHS) {
            share -= length[1];
            if (share < 0) {
                return length[0];
            }
        }
        throw new AssertionError("shares of less than a thousand");
    }
}
