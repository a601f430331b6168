package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

    @Test
    @DisplayName("Ctrl-C stops on the way to an end that is far, and a search")
    void stops() throws Exception {
        router.routes.more = Integer.MAX_VALUE / 2;
        type("show route\r");
        expect("---(more)---");
        type("/nowhere\r");
        awaitTaken(100_000);
        type("\003");
        expect("Search stopped");
        type("G");
        awaitTaken(router.routes.taken + 100_000);
        type("\003");
        expect("---(more)---");
        type("q");
        expect("@floof> ");
        assertThat(router.routes.taken).isLessThan(router.routes.more);
    }

    private void awaitTaken(long count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (router.routes.taken < count && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(router.routes.taken).isGreaterThanOrEqualTo(count);
    }

    @Test
    @DisplayName("tee keeps what it let through when the reader quits")
    void tee() throws Exception {
        router.routes.more = 500_000;
        Path file = folder.resolve("routes");
        type("show route | tee " + file + "\r");
        expect("---(more)---");
        assertThat(file).doesNotExist();
        type("q");
        expect("@floof> ");
        assertThat(file).content().startsWith("inet.0:");
    }
}
