package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.base.task.Tasks;
import floof.cli.client.Floofctl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scripts against the real client, socket, session and shell; the router alone is made up. A file
 * {@code NAME.transcript} has commands behind {@code $ } and what they print; lines of standard
 * error stand behind {@code ! }, headings behind {@code == }. With {@code -Dtranscript.update=true}
 * the files are written anew: read the difference before it is committed.
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
    void transcript(String name) throws IOException {
        List<String> expected = lines(name + ".transcript");
        List<String> commands =
                expected.stream().filter(line -> line.matches("(\\$|==) .*")).toList();
        String printed;
        try (SessionServer _ =
                new SessionServer(folder.resolve("sock"), new FakeRouter(), Tasks.printing())) {
            printed = run(commands);
        }
        if (Boolean.getBoolean("transcript.update")) {
            Files.writeString(
                    Path.of("src/test/resources/floof/cli", name + ".transcript"), printed);
        }
        assertThat(printed).isEqualTo(String.join("\n", expected) + "\n");
    }

    /** Runs all commands in one session; behind each, or heading, stands one that prints a mark. */
    private String run(List<String> commands) {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i).startsWith("$ ")) {
                script.append(commands.get(i).substring(2).replace("\\n", "\n"));
            }
            script.append("\nshow /mark-").append(i).append('\n');
        }
        StringBuilder screen = new StringBuilder();
        Floofctl client =
                new Floofctl(
                        new ByteArrayInputStream(script.toString().getBytes(UTF_8)),
                        stream(screen, ""),
                        stream(screen, "! "));
        client.run("--socket", folder.resolve("sock").toString());
        String user = System.getProperty("user.name");
        String rest =
                screen.toString()
                        .replace(" by " + user + " via", " by root via")
                        .replace("commit-user\" : \"" + user, "commit-user\" : \"root");
        StringBuilder printed = new StringBuilder();
        for (int i = 0; i < commands.size(); i++) {
            Matcher mark =
                    Pattern.compile("! show /mark-" + i + "\n!      \\^\n! .*\n").matcher(rest);
            assertThat(mark.find()).as("behind %s: %s", commands.get(i), rest).isTrue();
            printed.append(commands.get(i)).append('\n');
            printed.append(rest, 0, mark.start());
            rest = rest.substring(mark.end());
        }
        return printed.append(rest).toString();
    }

    private static PrintStream stream(StringBuilder screen, String prefix) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("the client passes whole frames");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        for (String line : new String(bytes, offset, length, UTF_8).split("\n")) {
                            screen.append(prefix).append(line).append('\n');
                        }
                    }
                },
                true,
                UTF_8);
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream in = TranscriptTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
