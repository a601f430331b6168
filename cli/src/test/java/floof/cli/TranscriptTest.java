package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.base.task.Tasks;
import floof.cli.client.Floofctl;
import floof.testkit.Transcript;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link Transcript}s against the real client, socket, session and shell; the router alone is made
 * up. Lines of standard error stand behind {@code ! }.
 */
class TranscriptTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operational",
                "configuration",
                "errors",
                "pipes",
                "load",
                "commit-failure",
                "machines",
                "editing",
                "loading",
                "groups"
            })
    void transcript(String name) throws Exception {
        Transcript transcript =
                new Transcript(Path.of("src/test/resources/floof/cli", name + ".transcript"));
        Iterator<List<String>> printed = run(transcript.commands()).iterator();
        transcript.check(_ -> printed.next());
    }

    /** What each prints, all in one session; behind each stands one that prints a mark. */
    private List<List<String>> run(List<String> commands) throws IOException {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < commands.size(); i++) {
            script.append(commands.get(i).replace("\\n", "\n"));
            script.append("\nshow /mark-").append(i).append('\n');
        }
        List<String> screen = new ArrayList<>();
        Floofctl client =
                new Floofctl(
                        new ByteArrayInputStream(script.toString().getBytes(UTF_8)),
                        stream(screen, ""),
                        stream(screen, "! "));
        try (SessionServer _ =
                new SessionServer(folder.resolve("sock"), new FakeRouter(), Tasks.printing())) {
            client.run("--socket", folder.resolve("sock").toString());
        }
        screen.replaceAll(TranscriptTest::asRoot);
        List<List<String>> printed = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            int mark = screen.indexOf("! show /mark-" + i);
            assertThat(screen.subList(mark + 1, screen.size()))
                    .as("behind %s: %s", commands.get(i), screen)
                    .startsWith("!      ^");
            printed.add(new ArrayList<>(screen.subList(0, mark)));
            screen.subList(0, mark + 3).clear();
        }
        printed.getLast().addAll(screen);
        return printed;
    }

    private static String asRoot(String line) {
        String user = System.getProperty("user.name");
        return line.replace(" by " + user + " via", " by root via")
                .replace("commit-user\" : \"" + user, "commit-user\" : \"root");
    }

    private static PrintStream stream(List<String> screen, String prefix) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("the client passes whole frames");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        for (String line : new String(bytes, offset, length, UTF_8).split("\n")) {
                            screen.add(prefix + line);
                        }
                    }
                },
                true,
                UTF_8);
    }
}
