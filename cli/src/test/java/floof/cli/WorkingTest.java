package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A command of more than two seconds says that it still runs. */
@Timeout(300)
class WorkingTest extends OnTerminal {

    @Test
    void anOperatorSeesThatItStillRunsAndAProgramDoesNot() throws IOException {
        router.delay(Duration.ofMillis(3500));
        type("show arp\r");
        expect("working, 2 s");
        expect("Total entries");
        expect("> ");
        assertThat(shown().substring(shown().indexOf("MAC Address"))).doesNotContain("working");
        router.delay(Duration.ZERO);
        type("set cli screen-length 0\r");
        expect("Screen length set to 0");
        router.delay(Duration.ofMillis(3500));
        type("show arp\r");
        expect("Total entries");
        assertThat(shown()).doesNotContain("working");
    }

    @Test
    void soDoesOneWhoseAnswerComesLineByLine() throws IOException {
        router.routes.delay = Duration.ofMillis(3500);
        type("show route | count\r");
        expect("working, 2 s");
        expect("Count: ");
        expect("> ");
        assertThat(shown().substring(shown().indexOf("Count: "))).doesNotContain("working");
    }
}
