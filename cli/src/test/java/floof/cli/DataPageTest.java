package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.cli.answer.CommandException;
import floof.cli.answer.Word;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ScriptScreen;
import floof.cli.wire.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPageTest {

    @TempDir private Path folder;

    /** With {@code -Dmanual.update=true} the page is written anew. */
    @Test
    @DisplayName("30 keys of every show ... | display json are documented")
    void thePageIsUpToDate() throws Exception {
        Path page = Path.of("../docs/operational-data.md");
        String text = print();
        if (Boolean.getBoolean("manual.update")) {
            Files.writeString(page, text);
        }
        assertThat(page).hasContent(text);
    }

    private String print() throws CommandException, IOException {
        FakeRouter router = new FakeRouter();
        Files.writeString(folder.resolve("bird.log"), "a line\n");
        router.machine().logs = folder;
        Shell shell =
                new Shell(
                        router,
                        new ScriptScreen(new InputPipe(), (type, bytes, offset, length) -> {}),
                        new Client("root", "-", "1", folder),
                        new Sessions(router));
        try {
            for (String line :
                    new String[] {"configure; commit; exit", "trace add 1", "show version"}) {
                for (String command : Word.commands(line)) {
                    assertThat(shell.execute(command)).as(command).isTrue();
                }
            }
            return new DataPage(shell).print();
        } finally {
            shell.close();
        }
    }
}
