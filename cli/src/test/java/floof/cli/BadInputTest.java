package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.api.commit.CommitRequest;
import floof.api.commit.Origin;
import floof.base.task.Tasks;
import floof.cli.client.Floofctl;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Input of any kind and size on the control socket: a clear error for that client, the candidate as
 * it was, the others undisturbed. {@code FLOOF_FUZZ_ROUNDS} makes it longer.
 */
@Timeout(600)
class BadInputTest {

    private static final int ROUNDS =
            Integer.parseInt(System.getenv().getOrDefault("FLOOF_FUZZ_ROUNDS", "20"));

    /** Words that reach every corner of the grammar that changes nothing outside the session. */
    private static final String[] WORDS = {
        "configure",
        "set",
        "delete",
        "show",
        "edit",
        "top",
        "up",
        "exit",
        "run",
        "rollback",
        "status",
        "interfaces",
        "ge-0",
        "bgp",
        "peer",
        "p",
        "routing",
        "static",
        "route",
        "10.0.0.0/8",
        "next-hop",
        "address",
        "system",
        "login",
        "user",
        "class",
        "host-name",
        "description",
        "groups",
        "<*>",
        "[",
        "]",
        "|",
        "match",
        "except",
        "count",
        "last",
        "find",
        "display",
        "set",
        "json",
        "xml",
        "compare",
        "\"",
        "\\",
        "{",
        "}",
        ";",
        "#",
        "/*",
        "99999999999",
        "-1",
        "\t",
        "\u001b[2J",
        "\u0000",
        "\u202e",
        "\u00e9",
        "(",
        "(a|b)*",
        "a".repeat(300),
        "configuration",
        "version",
        "arp",
        "cli",
        "commit",
        "check",
        "private"
    };

    @TempDir private Path folder;
    private final FakeRouter router = new FakeRouter();
    private SessionServer server;

    @BeforeEach
    void start() throws IOException {
        Branch tree =
                TextParser.load(
                                TestSchema.EMPTY,
                                "system { login { class c { permissions [ configure view"
                                        + " view-configuration ]; } user ann { class c; } } }")
                        .tree();
        router.commit(CommitRequest.of(tree, new Origin("root", "file", "")));
        server =
                new SessionServer(
                        folder.resolve("sock"),
                        router,
                        channel -> "ann",
                        Duration.ofSeconds(60),
                        Tasks.printing());
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        try (SessionServer _ = server) {
            assertThat(Eventually.holds(() -> server.sessions() == 0)).isTrue();
            // It may have connected more often than one may, for a moment.
            assertThat(Eventually.holds(() -> script("show version").status() == 0))
                    .as(() -> "still answers: " + script("show version"))
                    .isTrue();
        }
    }

    private record Run(int status, String out) {}

    private Run script(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int status =
                new Floofctl(new ByteArrayInputStream(text.getBytes(UTF_8)), print, print)
                        .run("--socket", folder.resolve("sock").toString());
        return new Run(status, out.toString(UTF_8));
    }

    @Test
    void unbalancedBracesAndControlCharactersChangeNothing() {
        for (String text :
                List.of(
                        "interfaces { ge-0 { driver tap;",
                        "} } }",
                        "{".repeat(100_000),
                        "interfaces { ge-0 { description \"a\u001b[2Jb\"; } }",
                        "interfaces { ge-0 { description \"\u0000\"; } }",
                        "interfaces { \ufffd { driver tap; } }",
                        "\"".repeat(9999))) {
            Run run = script("configure\nload merge terminal\n" + text);
            assertThat(run.status()).as(text.substring(0, 4)).isEqualTo(1);
            assertThat(run.out()).contains("terminal:1:(", "syntax error", "candidate unchanged");
            assertThat(run.out().length()).isLessThan(20_000);
        }
        assertThat(router.candidates().isModified()).isFalse();
    }

    @Test
    void aLineOfTenMegabytesEndsItsSession() {
        Run run = script("configure\nset interfaces ge-0 description " + "x".repeat(10 << 20));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("line of more than 1048576 bytes");
        assertThat(router.candidates().isModified()).isFalse();
    }

    @Test
    void whatIsTooComplexIsAnErrorOfItsLine() {
        Run run =
                script(
                        "configure\nset system host-name "
                                + "a.".repeat(400_000)
                                + "\nwildcard range set interfaces "
                                + "[aa]".repeat(200_000)
                                + " mtu 1500\nset interfaces ge-0 description "
                                + "x".repeat(900_000)
                                + "\nset interfaces ge-0 driver tap\nshow | display set\n");
        assertThat(run.out())
                .contains("set interfaces ge-0 driver tap")
                .doesNotContain("session with floofd ended");
        assertThat(run.out().length()).isLessThan(20_000);
    }

    @Test
    void aChangeThatMeantNothingKeepsAScriptFromCommitting() {
        String set = "configure\nset system host-name r9\n";
        assertThat(script(set + "co interfaces ge-0 to ge-9\ncommit\n").out())
                .contains(
                        "is ambiguous", "commit refused: an earlier change of this script failed");
        assertThat(script(set + "q x\nsh xx\ntop sh xx\nup 2 run xx\ncommit\n").out())
                .contains("commit complete");
    }

    @Test
    void linesAreRememberedAsFarAsTheyAreRead() {
        Run run = script("show version | match " + "x".repeat(1 << 19) + "\nshow cli history\n");
        assertThat(run.out()).contains("-- show version | match xxx");
        assertThat(run.out().length()).isLessThan(5_000);
    }

    @Test
    void aMessageToAllIsOne() {
        StringBuilder lines = new StringBuilder("show version | request message all\nconfigure\n");
        for (int i = 0; i < 100; i++) {
            lines.append("set interfaces ge-").append(i).append(" description ");
            lines.append("x".repeat(200)).append('\n');
        }
        assertThat(script(lines + "show | request message all\n").out())
                .contains(" lines to all sessions", "error: message of ");
    }

    @Test
    @Tag("slow")
    void manySetLinesAreReadAndTooManyRefused() {
        StringBuilder lines = new StringBuilder("configure\nload set terminal\n");
        for (int i = 0; i < 50_000; i++) {
            lines.append("set routing static route 10.")
                    .append(i >> 16)
                    .append('.')
                    .append(i >> 8 & 255)
                    .append('.')
                    .append(i & 255)
                    .append("/32 blackhole\n");
        }
        assertThat(script(lines.toString()).out()).contains("load complete");
        while (lines.length() < TextParser.TEXT_MAX) {
            lines.append(lines, 30, Math.min(lines.length(), 4_000_000));
        }
        assertThat(script(lines.toString()).out()).contains("error: input of more than ");
    }

    @Test
    void aHundredClientsAtOnceAreServedOrToldWhyNot() throws InterruptedException {
        List<Run> runs = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            threads.add(Thread.ofPlatform().start(() -> runs.add(script("show version"))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(runs)
                .hasSize(100)
                .allMatch(run ->
                        run.status() == 0
                                || run.out().contains("are open already")
                                || run.out().contains("connects more than"))
                .anyMatch(run -> run.status() == 0);
    }

    @Test
    void commandsMadeOfAnythingNeverFailInside() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < 60; line++) {
                for (int word = random.nextInt(8); word >= 0; word--) {
                    text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
                }
                text.append('\n');
            }
            Run run = script(text.toString());
            assertThat(run.out())
                    .as("seed %d:\n%s", seed, text)
                    .doesNotContain("internal error")
                    .doesNotContain("the session with floofd ended");
        }
    }
}
