package floof.control.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ProcessesTest {

    @Test
    void aProgramIsRunToItsEnd() throws IOException {
        Processes.Outcome outcome =
                Processes.run("in", 60_000, List.of("sh", "-c", "cat; echo err >&2; exit 3"));
        assertThat(outcome).isEqualTo(new Processes.Outcome(3, "inerr"));
    }

    /** Silent ones and talkative ones. */
    @Test
    void aProgramThatDoesNotEndIsEnded() {
        for (String script : List.of("sleep 600", "while :; do echo a; done")) {
            long startNs = System.nanoTime();
            assertThatThrownBy(() -> Processes.run(200, List.of("sh", "-c", script)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(script)
                    .hasMessageContaining("200 ms");
            assertThat(System.nanoTime() - startNs).isLessThan(60_000_000_000L);
        }
    }
}
