package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real client as a process on a real terminal, which script(1) makes. The client's class path
 * is this module alone: it needs nothing but the JDK.
 */
class TerminalTest {

    @TempDir private Path folder;
    private final FakeRouter router = new FakeRouter();
    private final StringBuffer screen = new StringBuffer();
    private SessionServer server;
    private Process client;

    @BeforeEach
    void start() throws IOException {
        server = new SessionServer(folder.resolve("sock"), router);
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        String command =
                "stty rows 24 cols 100; "
                        + java
                        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "
                        + Path.of("target/classes").toAbsolutePath()
                        + " floof.cli.Floofctl --socket "
                        + folder.resolve("sock")
                        + "; echo status $?; stty -a | grep -o '.icanon'";
        ProcessBuilder builder =
                new ProcessBuilder("script", "-qfc", command, "/dev/null")
                        .redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        client = builder.start();
        Thread.ofPlatform().daemon().name("test-screen").start(() -> read(client.getInputStream()));
        expect("> ");
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        client.getOutputStream().close();
        client.descendants().forEach(ProcessHandle::destroy);
        client.destroy();
        client.waitFor(5, TimeUnit.SECONDS);
        server.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("cli-.*|.*pump.*|.*JLine.*")) {
                assertThat(thread.join(java.time.Duration.ofSeconds(5)))
                        .as(thread.getName())
                        .isTrue();
            }
        }
    }

    private void read(InputStream in) {
        byte[] bytes = new byte[8192];
        try {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                screen.append(new String(bytes, 0, count, UTF_8));
            }
        } catch (IOException e) {
            // The process ended.
        }
    }

    /** What the terminal got, without the sequences that move and colour. */
    private String shown() {
        return screen.toString()
                .replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
                .replaceAll("\u001b[=>]", "")
                .replace("\r", "");
    }

    private void type(String keys) throws IOException {
        screen.setLength(0);
        client.getOutputStream().write(keys.getBytes(UTF_8));
        client.getOutputStream().flush();
    }

    private void expect(String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!shown().contains(text)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no '" + text + "' on the screen:\n" + shown());
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aSession() throws Exception {
        type("?");
        expect("Possible completions:\n  configure           Change the configuration\n");
        expect("@floof> ");
        type("sh\t");
        expect("show ");
        type("int ?");
        expect("show interfaces ");
        expect("  ge-0                the client\n");
        expect("  terse               One line each\n");
        expect("  |                   Pipe through a command\n");
        type("te\r");
        expect("ge-0                    up    up   inet     192.0.2.1/24\n");
        type("sh i ");
        expect("'i' is ambiguous.\nPossible completions:\n  interfaces");
        type("nt\u0015show nonsense\r");
        expect("^\nsyntax error.\n");
        type("\u0015foo ");
        expect("^\nunknown command.\n");
        type("\u0015configure\r");
        expect("Entering configuration mode\n\n[edit]\n");
        expect("@floof# ");
        type("set interfaces ge-0 ?");
        expect("+ address              IPv4 or IPv6 address with prefix length\n");
        expect("  mtu                  Longest IP packet in bytes (default 1500)\n");
        type("driver tap description \"a  b? c\"\r");
        expect("[edit]\n");
        type("edit interfaces ?");
        expect("> ge-0                a  b? c\n");
        type("ge-0\r");
        expect("[edit interfaces ge-0]\n");
        type("exit\r");
        expect("[edit]\n");
        type("exit\r");
        expect("The configuration has been changed but not committed\n");
        expect("Exit with uncommitted changes? [yes,no] (yes) ");
        type("no\r");
        expect("# ");
        type("commit and-quit\r");
        expect("commit complete\nExiting configuration mode\n");
        type("show configuration | compare rollback ?");
        expect(" by " + System.getProperty("user.name") + " via cli\n");
        type("\u0015quit\r");
        expect("status 0");
        expect(" icanon");
        assertThat(router.history().getFirst().user()).isEqualTo(System.getProperty("user.name"));
    }

    @Test
    void pagesAndScreenLength() throws Exception {
        type("configure\rload set terminal\r");
        expect("[Type ^D at a new line to end input]");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            lines.append("set interfaces p").append(i).append(" driver tap\r");
        }
        type(lines.toString());
        type("\u0004");
        expect("load complete");
        type("show\r");
        expect("---(more ");
        assertThat(shown()).contains("p0 {").doesNotContain("p20 {");
        type(" ");
        expect("---(more ");
        type("/p50\r");
        expect("p50 {");
        type("q");
        expect("# ");
        type("run set cli screen-length 0\r");
        expect("Screen length set to 0");
        type("show | count\r");
        expect("Count: 182 lines");
        type("show | no-more\r");
        expect("p59 {");
        type("delete\r");
        expect("Delete everything under this level? [yes,no] (no) ");
        type("\r");
        expect("# ");
        type("show | count\r");
        expect("Count: 182 lines");
        type("delete\r");
        expect("(no) ");
        type("yes\r");
        expect("# ");
        type("show | count\r");
        expect("Count: 0 lines");
        type("rollback\r");
        expect("load complete");
        type("\u0004"); // as exit
        expect("Exiting configuration mode");
        type("\u0004");
        expect("status 0");
    }

    @Test
    void aNewSizeIsSeen() throws Exception {
        type("set cli screen-length 0\r");
        expect("Screen length set to 0");
        String tty = pts();
        new ProcessBuilder("stty", "-F", tty, "cols", "40", "rows", "10").start().waitFor();
        // At 40 columns a line of 60 wraps: the editor moves to a second row for it.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        do {
            Thread.sleep(200);
            type("\u0015" + "x".repeat(60));
            expect("xxxxx");
            Thread.sleep(200);
        } while (!shown().contains("\n") && System.nanoTime() < end);
        assertThat(shown()).contains("\n");
    }

    /** The terminal that script(1) made. */
    private String pts() throws IOException {
        long pid =
                client.descendants()
                        .filter(p -> p.info().command().orElse("").endsWith("/java"))
                        .findFirst()
                        .orElseThrow()
                        .pid();
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0")).toString();
    }

    @Test
    void theServersEndIsSaidAndTheTerminalIsItselfAgain() throws Exception {
        server.close();
        expect("floofctl: the session with floofd ended: floofd closed the connection");
        expect("status 1");
        expect(" icanon");
        assertThat(Files.exists(folder.resolve("sock"))).isFalse();
    }
}
