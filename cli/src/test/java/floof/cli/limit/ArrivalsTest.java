package floof.cli.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private final Arrivals arrivals = new Arrivals();
    private long nowNs = Long.MAX_VALUE - 5_000_000_000L; // the clock may begin anywhere

    private int admitted(String user, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += arrivals.admits(user, nowNs) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void someAtOnceThenSoManyASecond() {
        assertThat(admitted("ann", 4_000)).isEqualTo(Arrivals.AT_ONCE);
        assertThat(admitted("bob", 1)).as("others are not held back").isEqualTo(1);
        for (int second = 0; second < 10; second++) {
            nowNs += TimeUnit.SECONDS.toNanos(1);
            assertThat(admitted("ann", 4_000)).isEqualTo(Arrivals.PER_SECOND);
        }
        nowNs += TimeUnit.HOURS.toNanos(1);
        assertThat(admitted("ann", 4_000)).as("not saved up").isEqualTo(Arrivals.AT_ONCE);
    }

    @Test
    void accountsTakeNoMoreThanTheirRoom() {
        for (int i = 0; i < 100_000; i++) {
            arrivals.admits("user" + i, nowNs);
        }
        assertThat(admitted("user99999", 100)).isEqualTo(Arrivals.AT_ONCE - 1);
    }
}
