package floof.engine;

import static org.assertj.core.api.Assertions.assertThat;

import floof.engine.Pauses.Cause;
import org.junit.jupiter.api.Test;

class PausesTest {

    private static final long MS = 1_000_000;

    /** What the kernel would have counted. */
    private static final class Told implements Pauses.Usage {
        long involuntary;
        long voluntary;
        long faults;

        @Override
        public void sample() {}

        @Override
        public long involuntarySwitches() {
            return involuntary;
        }

        @Override
        public long voluntarySwitches() {
            return voluntary;
        }

        @Override
        public long pageFaults() {
            return faults;
        }
    }

    private final Told told = new Told();
    private final Pauses pauses = new Pauses(told);
    private long nowNs;

    private void cycle(long lengthNs, int packets, int commands) {
        nowNs += lengthNs;
        pauses.cycle(nowNs, lengthNs, packets, commands);
    }

    private long count(Cause cause) {
        long count = 0;
        for (int column = 0; column < Pauses.COLUMNS; column++) {
            count += pauses.count(cause, column);
        }
        return count;
    }

    @Test
    void eachCauseIsToldApart() {
        pauses.restart(0);
        cycle(1_000, 10, 0); // 100 ns a packet is usual
        cycle(Pauses.LONG_NS - 1, 0, 0); // no pause
        told.involuntary++;
        told.voluntary++;
        cycle(2 * MS, 10, 0);
        told.voluntary++;
        told.faults++;
        cycle(2 * MS, 10, 1);
        told.faults++;
        cycle(2 * MS, 10, 1);
        told.faults++;
        cycle(2 * MS, 10, 0);
        cycle(Pauses.LONG_NS, 1_000, 0);
        cycle(2 * MS, 10, 0); // ten packets never take that long
        cycle(3 * MS, 0, 0);
        for (Cause cause : Cause.values()) {
            assertThat(count(cause)).as("" + cause).isEqualTo(cause == Cause.INTERRUPTED ? 2 : 1);
        }
        assertThat(pauses.longestNs(Cause.INTERRUPTED)).isEqualTo(3 * MS);
        assertThat(pauses.sumNs(Cause.INTERRUPTED)).isEqualTo(5 * MS);
        assertThat(pauses.longestNs(Cause.BATCH)).isEqualTo(Pauses.LONG_NS);
    }

    @Test
    void columnsAreDoublings() {
        cycle(Pauses.LONG_NS, 0, 0);
        cycle(2 * Pauses.LONG_NS - 1, 0, 0);
        cycle(2 * Pauses.LONG_NS, 0, 0);
        cycle(Pauses.LONG_NS << 40, 0, 0);
        assertThat(pauses.count(Cause.INTERRUPTED, 0)).isEqualTo(2);
        assertThat(pauses.count(Cause.INTERRUPTED, 1)).isEqualTo(1);
        assertThat(pauses.count(Cause.INTERRUPTED, Pauses.COLUMNS - 1)).isEqualTo(1);
    }

    @Test
    void whatHappenedInASleepIsNoPausesCause() {
        told.voluntary++;
        pauses.restart(nowNs);
        cycle(2 * MS, 0, 0);
        assertThat(count(Cause.SAFEPOINT)).isZero();
        assertThat(count(Cause.INTERRUPTED)).isEqualTo(1);
    }
}
