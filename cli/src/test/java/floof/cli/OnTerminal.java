package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.base.task.Tasks;
import floof.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real client as a process on a real terminal, which script(1) makes. The client's class path
 * is this module alone: it needs nothing but the JDK.
 */
public abstract class OnTerminal {

    @TempDir Path folder;
    public final FakeRouter router = new FakeRouter();
    private final StringBuffer screen = new StringBuffer();
    SessionServer server;

    /** Who connects. */
    public volatile String user = System.getProperty("user.name");

    private Process client;

    @BeforeEach
    void start() throws IOException {
        router.machine().logs = folder;
        server =
                new SessionServer(
                        folder.resolve("sock"),
                        router,
                        channel -> user,
                        SessionServer.PATIENCE,
                        Tasks.printing());
        connect("");
        expect("> ");
    }

    /** Starts the client. */
    final void connect() throws IOException {
        connect("");
    }

    /**
     * @param variable of its environment, {@code NAME=value}, or nothing
     */
    final void connect(String variable) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        String command =
                "stty rows 24 cols 100; "
                        + variable
                        + " "
                        + java
                        + " -Xint -XX:+UseSerialGC -cp "
                        + Path.of("target/classes").toAbsolutePath()
                        + " floof.cli.client.Floofctl --socket "
                        + folder.resolve("sock")
                        + "; echo status $?; stty -a | grep -o '.icanon'";
        ProcessBuilder builder =
                new ProcessBuilder("script", "-qfc", command, "/dev/null")
                        .redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        client = builder.start();
        Thread.ofPlatform().daemon().name("test-screen").start(() -> read(client.getInputStream()));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        client.getOutputStream().close();
        client.descendants().forEach(ProcessHandle::destroy);
        client.destroyForcibly(); // asked to end, script(1) sleeps two seconds first
        client.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
        server.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("cli-.*|.*pump.*|.*JLine.*")) {
                assertThat(thread.join(Eventually.LIMIT)).as(thread.getName()).isTrue();
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
    final String shown() {
        return screen.toString()
                .replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
                .replaceAll("\u001b[=>]", "")
                .replace("\r", "");
    }

    /** Whether something on the screen has one of these colours (ECMA-48, SGR). */
    final boolean isColoured(int... colours) {
        String all = screen.toString();
        return java.util.Arrays.stream(colours)
                .anyMatch(colour -> all.contains("\u001b[" + colour + "m"));
    }

    final void type(String keys) throws IOException {
        type(keys.getBytes(UTF_8));
    }

    final void type(byte[] keys) throws IOException {
        screen.setLength(0);
        client.getOutputStream().write(keys);
        client.getOutputStream().flush();
    }

    final void expect(String text) {
        expect(text, () -> {});
    }

    /** Does something again and again until the text is shown. */
    final void expect(String text, Runnable meanwhile) {
        boolean isShown =
                Eventually.holds(() -> {
                    if (shown().contains(text)) {
                        return true;
                    }
                    meanwhile.run();
                    return false;
                });
        if (!isShown) {
            throw new AssertionError("no '" + text + "' on the screen:\n" + shown());
        }
    }

    /** The terminal that script(1) made. */
    final String pts() throws IOException {
        long pid =
                client.descendants()
                        .filter(p -> p.info().command().orElse("").endsWith("/java"))
                        .findFirst()
                        .orElseThrow()
                        .pid();
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0")).toString();
    }
}
