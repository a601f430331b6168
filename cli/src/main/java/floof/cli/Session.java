package floof.cli;

import floof.api.AuditLog.Kind;
import floof.api.LogFiles;
import floof.api.Router;
import floof.cli.answer.Word;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ScriptScreen;
import floof.cli.wire.Client;
import floof.cli.wire.Wire;
import java.io.IOError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator session: a thread that runs the shell and one that takes frames from the client, so
 * that a window's new size and the end of the connection are seen while a command runs.
 */
final class Session {

    /**
     * Longest line typed at a terminal: far above any a person types, short enough that the editor,
     * which draws it anew for each key, stays quick.
     */
    static final int TYPED_LINE_MAX = 16 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final SocketChannel channel;
    private final Wire wire;
    private final Router router;
    private final String user;
    private final Sessions sessions;
    private final Instant since = Instant.now();
    private final InputPipe input = new InputPipe();
    private final Thread runner;
    private volatile @Nullable TerminalScreen terminal;
    private volatile long waitingSince;
    private volatile long activeNs = System.nanoTime();
    private volatile @Nullable Client client;
    private int typedBytes;

    /**
     * @param user the account at the other end
     * @param sessions where it is listed until it is over
     */
    Session(SocketChannel channel, Router router, String user, Sessions sessions) {
        this.channel = channel;
        this.wire = new Wire(channel);
        this.router = router;
        this.user = user;
        this.sessions = sessions;
        this.waitingSince = System.nanoTime();
        this.runner = Thread.ofPlatform().daemon().name("cli-session").unstarted(this::run);
    }

    void start() {
        runner.start();
    }

    void join(long ms) throws InterruptedException {
        runner.join(ms);
    }

    /** How long the client has kept us waiting: for its hello, or to read. */
    Duration stuckFor() {
        long since = waitingSince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Ends the session from outside. */
    void abort() {
        // First, so that the shell, which then ends, cannot say that all went well.
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close of a session: {}", e.getMessage());
        }
        input.close();
        input.gone();
    }

    private void run() {
        try {
            Wire.Frame first = wire.read();
            waitingSince = 0;
            if (first == null) {
                return;
            }
            if (first.type() == Wire.Type.BEAT) {
                wire.write(Wire.Type.BEAT, "");
                return;
            }
            if (first.type() != Wire.Type.HELLO) {
                throw new IOException("expected HELLO first, got " + first.type());
            }
            Map<String, String> hello = hello(first.text());
            Thread receiver = Thread.ofPlatform().daemon().name("cli-input").start(this::receive);
            int status = serve(hello);
            write(Wire.Type.EXIT, new byte[] {(byte) status}, 0, 1);
            abort();
            receiver.join(1000);
        } catch (IOException e) {
            LOG.info("session of {} ended: {}", user, e.getMessage());
            refuse(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UncheckedIOException | IOError e) {
            // How JLine and the screens say that the client is gone.
            LOG.info("session of {} ended: {}", user, e.getMessage());
            refuse(e);
        } catch (RuntimeException e) {
            // A defect of ours ends this session, never floofd.
            LOG.error("session of {} failed", user, e);
            refuse(e);
        } finally {
            abort();
            sessions.remove(this);
        }
    }

    private void refuse(Throwable e) {
        try {
            wire.write(Wire.Type.ERROR, "error: " + e.getMessage() + "\n");
            wire.write(Wire.Type.EXIT, new byte[] {1}, 0, 1);
        } catch (IOException closed) {
            LOG.debug("the client is gone: {}", closed.getMessage());
        }
    }

    private static Map<String, String> hello(String text) throws IOException {
        Map<String, String> hello = new HashMap<>();
        for (String line : text.split("\n")) {
            int space = line.indexOf(' ');
            if (space > 0) {
                hello.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        if (!Wire.VERSION.equals(hello.get("version"))) {
            throw new IOException(
                    "this floofd speaks version "
                            + Wire.VERSION
                            + " of the session protocol, floofctl "
                            + clean(hello.getOrDefault("version", "none"), 10));
        }
        return hello;
    }

    /** Text from a client as it may be shown to others. */
    private static String clean(String text, int longest) {
        String printable = text.replaceAll("[^A-Za-z0-9/._-]", "?");
        return printable.substring(0, Math.min(longest, printable.length()));
    }

    private Client client(Map<String, String> hello) {
        Path directory;
        try {
            directory = Path.of("/").resolve(hello.getOrDefault("directory", "/"));
        } catch (InvalidPathException e) {
            directory = Path.of("/");
        }
        return new Client(
                user,
                clean(hello.getOrDefault("tty", "-"), 32),
                clean(hello.getOrDefault("pid", "-"), 10),
                directory);
    }

    private int serve(Map<String, String> hello) throws IOException {
        Client client = client(hello);
        this.client = client;
        tell(client, Kind.LOGIN, hello.getOrDefault("mode", "script"));
        try {
            return serve(hello, client);
        } finally {
            logout(client);
        }
    }

    /** Root may have to make room for it. */
    private void tell(Client client, Kind kind, String text) throws IOException {
        try {
            router.audit().add(client.user(), client.tty() + " " + client.pid(), kind, text);
        } catch (IOException e) {
            String why = "the audit log cannot be written: " + LogFiles.reason(e);
            LOG.error("{} of {}: {}", kind, client.user(), why);
            if (!client.user().equals("root")) {
                throw new IOException(why, e);
            }
        }
    }

    private void logout(Client client) {
        try {
            tell(client, Kind.LOGOUT, "");
        } catch (IOException e) {
            LOG.debug("the session ends all the same: {}", e.getMessage());
        }
    }

    private int serve(Map<String, String> hello, Client client) throws IOException {
        if (!"terminal".equals(hello.get("mode"))) {
            return script(client);
        }
        try (TerminalScreen screen =
                new TerminalScreen(
                        input,
                        this::write,
                        hello.getOrDefault("term", "dumb"),
                        number(hello.get("columns")),
                        number(hello.get("rows")),
                        !hello.containsKey("no-color"))) {
            terminal = screen;
            Shell shell = new Shell(router, screen, client, sessions);
            try {
                screen.print(shell.greeting());
                screen.run(shell);
            } finally {
                shell.close();
                terminal = null;
            }
        }
        input.check();
        return 0;
    }

    String user() {
        return user;
    }

    /** Who is there; null until the client has said it. */
    @Nullable Client client() {
        return client;
    }

    Instant since() {
        return since;
    }

    /** Since the last input. */
    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - activeNs);
    }

    /** Ends it from outside, with a word to the client if it reads. */
    void end(String why) {
        Thread.ofPlatform()
                .daemon()
                .name("cli-end")
                .start(() -> {
                    refuse(new IOException(why));
                    abort();
                });
    }

    private static int number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }

    private int script(Client client) throws IOException {
        ScriptScreen screen = new ScriptScreen(input, this::write);
        Shell shell = new Shell(router, screen, client, sessions);
        boolean good = true;
        try {
            for (String line = screen.ask(""); line != null; line = screen.ask("")) {
                for (String command : Word.commands(line)) {
                    if (!shell.isEnded()) {
                        good &= shell.execute(command);
                    }
                }
            }
            if (shell.configuring().takesBack()) {
                screen.error("warning: a change failed: this script's changes are discarded\n");
            } else if (shell.configuring().leavesChanges()) {
                screen.error("warning: uncommitted changes stay in the candidate\n");
            }
        } finally {
            shell.close();
        }
        input.check();
        return good ? 0 : 1;
    }

    private void write(Wire.Type type, byte[] bytes, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        try {
            wire.write(type, bytes, offset, length);
        } finally {
            waitingSince = 0;
        }
    }

    /** Thread {@code cli-input}: frames of the client until it closes. */
    private void receive() {
        try {
            for (Wire.Frame frame = wire.read(); frame != null; frame = wire.read()) {
                switch (frame.type()) {
                    case INPUT -> {
                        activeNs = System.nanoTime();
                        if (terminal != null) {
                            countTyped(frame.payload());
                        }
                        input.put(frame.payload());
                    }
                    case INPUT_END -> input.end();
                    case RESIZE -> resize(frame.payload());
                    default -> throw new IOException("unexpected " + frame.type());
                }
            }
        } catch (IOException e) {
            LOG.debug("input of {} ended: {}", user, e.getMessage());
            input.fail(e);
        } finally {
            input.gone();
        }
    }

    /** The line editor has no limit of its own. */
    private void countTyped(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            boolean starts = b == '\r' || b == '\n' || b == 3 || b == 0x15; // Enter, ^C, ^U
            typedBytes = starts ? 0 : typedBytes + 1;
            if (typedBytes > TYPED_LINE_MAX) {
                throw new IOException("line of more than " + TYPED_LINE_MAX + " bytes typed");
            }
        }
    }

    private void resize(byte[] payload) throws IOException {
        if (payload.length != 4) {
            throw new IOException("RESIZE of " + payload.length + " bytes; expected 4");
        }
        TerminalScreen screen = terminal;
        if (screen != null) {
            ByteBuffer size = ByteBuffer.wrap(payload);
            screen.resize(size.getShort() & 0xffff, size.getShort() & 0xffff);
        }
    }

    @Override
    public String toString() {
        return user;
    }
}
