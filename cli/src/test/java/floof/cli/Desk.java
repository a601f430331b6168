package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import floof.base.task.Tasks;
import floof.cli.client.Floofctl;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ScriptScreen;
import floof.cli.wire.Client;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** A router in memory with a session server, and scripts against it. */
public final class Desk implements AutoCloseable {

    /** What a script gave. */
    public record Run(int status, String out, String err) {}

    final FakeRouter router = new FakeRouter();
    private final Path socket;
    private final SessionServer server;

    Desk(Path folder) throws IOException {
        socket = folder.resolve("sock");
        server = new SessionServer(socket, router, Tasks.printing());
    }

    public Path socket() {
        return socket;
    }

    public Run run(String commands) {
        return run(socket, commands);
    }

    /** Runs a script against whoever listens there. */
    static Run run(Path socket, String commands) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status =
                new Floofctl(
                                new ByteArrayInputStream(new byte[0]),
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8))
                        .run("--socket", socket.toString(), "-c", commands);
        return new Run(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** A shell of root's without a session. */
    Shell shell() {
        return new Shell(
                router,
                new ScriptScreen(new InputPipe(), (type, bytes, offset, length) -> {}),
                new Client("root", "-", "1", Path.of("/")),
                new Sessions(router));
    }

    /** What a script printed on standard output. */
    public String out(String commands) {
        return run(commands).out();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
