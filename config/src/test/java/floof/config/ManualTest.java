package floof.config;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.text.ManualPrinter;
import floof.config.text.SetParser;
import floof.config.tree.SchemaNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ManualTest {

    /** With {@code -Dmanual.update=true} the page is written anew. */
    @Test
    void thePageIsUpToDate() throws IOException {
        Path page = Path.of("../docs/configuration.md");
        if (Boolean.getBoolean("manual.update")) {
            Files.writeString(page, ManualPrinter.print(TestSchema.ROOT));
        }
        assertThat(page).hasContent(ManualPrinter.print(TestSchema.ROOT));
    }

    @Test
    void everyExampleIsAGoodStatement() {
        String lines =
                ManualPrinter.print(TestSchema.ROOT)
                        .lines()
                        .filter(line -> line.startsWith("- Example: `"))
                        .map(line -> line.substring(12, line.length() - 1) + "\n")
                        .reduce("", String::concat);
        assertThat(lines.lines().count()).isEqualTo(leaves(TestSchema.ROOT));
        assertThat(SetParser.load(TestSchema.EMPTY, lines).errors()).isEmpty();
    }

    private static long leaves(SchemaNode node) {
        if (node.isInheritance()) {
            return 0;
        }
        return node.isBranch() ? node.children().stream().mapToLong(ManualTest::leaves).sum() : 1;
    }
}
