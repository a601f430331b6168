package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
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
        assertThat(Eventually.holds(() -> router.routes.open == 0)).isTrue();
    }

    @Test
    @DisplayName("Ctrl-C stops on the way to an end that is far, and a search")
    @Tag("slow")
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

    private void awaitTaken(long count) {
        assertThat(Eventually.holds(() -> router.routes.taken >= count)).isTrue();
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
