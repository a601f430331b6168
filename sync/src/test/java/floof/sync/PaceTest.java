package floof.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long INTERVAL_NS = 1_000_000_000;
    private static final int REST = 1_000;

    private long nowNs = 5;
    private long processorNs = 7;
    private final Pace pace = new Pace(INTERVAL_NS, REST, () -> nowNs, () -> processorNs);

    /** Uses the processor so long, after it has waited for it. */
    private void work(long spentNs, long waitedNs) {
        pace.run(() -> {
            nowNs += spentNs + waitedNs;
            processorNs += spentNs;
        });
    }

    @Test
    void neverMoreThanAThousandthOfTheTimeIsSpent() {
        Random random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            long startNs = nowNs;
            long spentBeforeNs = processorNs;
            assertThat(pace.isDue()).isTrue();
            pace.begin();
            // Reads of several namespaces, one of them slow, and one that Linux has demanded.
            for (int reads = random.nextInt(1, 4); reads > 0; reads--) {
                work(random.nextLong(1, 20_000_000), random.nextLong(0, 100_000_000));
                nowNs += random.nextLong(0, 1_000_000);
            }
            nowNs = Math.max(nowNs, pace.nextNs() - 1);
            assertThat(pace.isDue()).isFalse();
            nowNs++;
            long elapsedNs = nowNs - startNs;
            assertThat(processorNs - spentBeforeNs).isLessThanOrEqualTo(elapsedNs / REST);
            assertThat(elapsedNs).isGreaterThanOrEqualTo(INTERVAL_NS);
        }
    }

    @Test
    void whatCostsLittleIsDoneEveryInterval() {
        long startNs = nowNs;
        pace.begin();
        work(50_000, 0);
        assertThat(pace.nextNs() - startNs).isEqualTo(INTERVAL_NS);
    }

    /** A busy machine does not make it rarer. */
    @Test
    void waitingForTheProcessorIsNotSpending() {
        long startNs = nowNs;
        pace.begin();
        work(50_000, 200_000_000);
        assertThat(pace.nextNs() - startNs).isEqualTo(INTERVAL_NS);
    }
}
