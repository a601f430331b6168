package floof.config;

import static org.assertj.core.api.Assertions.assertThat;

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
            Files.writeString(page, ManualPrinter.print());
        }
        assertThat(page).hasContent(ManualPrinter.print());
    }

    @Test
    void everyExampleIsAGoodStatement() {
        String lines =
                ManualPrinter.print()
                        .lines()
                        .filter(line -> line.startsWith("- Example: `"))
                        .map(line -> line.substring(12, line.length() - 1) + "\n")
                        .reduce("", String::concat);
        assertThat(lines.lines().count()).isEqualTo(leaves(Schema.ROOT));
        assertThat(SetParser.load(Schema.EMPTY, lines).errors()).isEmpty();
    }

    private static long leaves(SchemaNode node) {
        if (node.isInheritance()) {
            return 0;
        }
        return node.isBranch() ? node.children().stream().mapToLong(ManualTest::leaves).sum() : 1;
    }
}
