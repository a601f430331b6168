package floof.tables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {

    @Test
    void theTablesOfAMachineTakeAQuarterOfItAtMost() {
        Limits least = Limits.forMemory(0);
        long before = 0;
        for (long mebibytes = 256; mebibytes <= 65_536; mebibytes *= 2) {
            Limits limits = Limits.forMemory(mebibytes << 20);
            long bytes = Tables.fileBytes(limits);
            assertThat(limits.equals(least) || bytes <= mebibytes << 18).isTrue();
            assertThat(bytes).isGreaterThanOrEqualTo(before);
            before = bytes;
        }
        assertThat(Limits.forMemory(4L << 30)).isEqualTo(Limits.DEFAULT.withPorts(2_048));
        assertThat(Limits.forMemory(3L << 30)).isEqualTo(Limits.MEDIUM.withPorts(1_536));
        assertThat(Tables.fileBytes(least)).isLessThan(100L << 20);
    }

    @Test
    void portsTakeASixteenthOfTheMachineAtMost() {
        assertThat(Limits.forMemory(512L << 20).ports()).isEqualTo(256);
        assertThat(Limits.forMemory(2L << 30).ports()).isEqualTo(1_024);
        assertThat(Limits.forMemory(1L << 40).ports()).isEqualTo(Limits.PORTS_MOST);
    }

    @Test
    void everyConfigurableSizeIsOne() {
        for (int routes = 1_000; routes <= 10_000_000; routes *= 10) {
            assertThat(Limits.forRoutes(routes, 1_000).ip4Routes()).isEqualTo(routes);
            assertThat(Limits.forRoutes(1_000, routes).ip6Routes()).isEqualTo(routes);
            Limits both = Limits.forRoutes(routes, routes);
            assertThat(Tables.fileBytes(both)).isLessThan(9_000_000_000L);
        }
    }
}
