package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.tree.Branch;
import floof.testkit.Eventually;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many lines pasted at a terminal. */
@Timeout(300)
class PasteTerminalTest extends OnTerminal {

    @Test
    @DisplayName(
            "a long paste arrives whole and in order, and costs the same per line as a short one")
    @Tag("slow")
    void longPaste() throws Exception {
        type("configure\r");
        expect("Entering configuration mode");
        paste("first", 756); // a young JVM's
        long beforeNs = paste("before", 756);
        long longNs = paste("long", 3000);
        long afterNs = paste("after", 756);
        assertThat(longNs)
                .as("ns per line, of short pastes %d before and %d after", beforeNs, afterNs)
                .isLessThan(2 * Math.max(beforeNs, afterNs));
    }

    /**
     * Pastes that many statements, whose order the candidate keeps.
     *
     * @return nanoseconds per line, until the last is in the candidate
     */
    private long paste(String name, int count) throws Exception {
        List<String> groups =
                IntStream.range(0, count).mapToObj(i -> name + i * 7919L % count).toList();
        StringBuilder lines = new StringBuilder();
        groups.forEach(
                group -> lines.append("set groups ").append(group).append(" system host-name h\r"));
        long startNs = System.nanoTime();
        type(lines.toString());
        Eventually.holds(() -> pasted(name).size() == count);
        long tookNs = System.nanoTime() - startNs;
        assertThat(pasted(name)).isEqualTo(groups);
        return tookNs / count;
    }

    private List<String> pasted(String name) {
        return router.candidates().shared().entries("groups").stream()
                .map(Branch::name)
                .filter(it -> it.startsWith(name))
                .toList();
    }
}
