package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** 'q' in the pager ends the source. */
class PagerStreamTest extends OnTerminal {

    @Test
    @DisplayName("q ends the source; no more is made than is looked at, and some ahead")
    void quits() throws Exception {
        router.routes.more = 500_000;
        type("show route\r");
        expect("---(more)---");
        long taken = router.routes.taken;
        assertThat(taken).isLessThan(50_000);
        type("q");
        expect("@floof> ");
        assertThat(router.routes.taken).isEqualTo(taken);
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (router.routes.open > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(router.routes.open).isZero();
    }
}
