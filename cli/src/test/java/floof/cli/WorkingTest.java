package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.commit.CommitRequest;
import floof.api.commit.Origin;
import floof.config.text.SetParser;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A command of more than two seconds says that it still runs. */
@Timeout(300)
class WorkingTest extends OnTerminal {

    @Test
    @Tag("slow")
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
    @Tag("slow")
    void aCommitNamesItsStepAndOnlyToWhoSeesTheWholeConfiguration() throws IOException {
        router.commit(
                CommitRequest.of(
                        SetParser.load(
                                        TestSchema.EMPTY,
                                        """
                                        set system login class desk permissions [ configure view ]
                                        set system login class desk deny-configuration bgp
                                        set system login user dee class desk
                                        """)
                                .tree(),
                        new Origin("root", "cli", "")));
        router.stepDelay = Duration.ofMillis(3500);
        type("configure\rset system host-name r2\rcommit\r");
        expect("commit: change system host-name (1 of 1), 2 s");
        expect("commit complete");
        assertThat(shown().substring(shown().indexOf("commit complete"))).doesNotContain("commit:");
        type("exit\rrestart fast-path\r");
        expect("Restarting fast-path\n");
        router.machine().restartDelay = Duration.ofMillis(3500);
        type("restart routing\r");
        expect("restart routing: wait for it, 2 s");
        expect("Restarting routing\n");
        type("exit\r");
        expect("status 0");
        user = "dee";
        connect();
        expect("dee@r2> ");
        type("configure\rset system host-name r3\rcommit\r");
        expect("working, 2 s");
        expect("commit complete");
        assertThat(shown()).doesNotContain("commit: ", "change system");
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
