package floof.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import floof.cli.wire.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * floofctl: passes bytes between a terminal, or a script, and the shell in floofd. Uses nothing but
 * the JDK, so that it starts fast.
 *
 * <p>{@code floofctl [--instance NAME | --socket PATH] [-c 'COMMAND; COMMAND']}. Without {@code -c}
 * commands come from standard input. Exit status 0 when all commands succeeded, otherwise 1.
 */
public final class Floofctl {

    private static final String USAGE =
            """
            usage: floofctl [--instance NAME] [-c 'COMMAND; COMMAND']
              --instance NAME   the router, as named by './floof run --instance NAME'; default: default
              --socket PATH     the same by the socket of its floofd
              -c COMMANDS       run these and exit: status 0 when all succeeded, otherwise 1
              --help            print this
            Without -c commands come from the terminal or from standard input.
            """;

    private static final Path INSTANCES = Path.of("/run/floof");

    /** How long an operator waits for a router that is starting. */
    private static final Duration START = Duration.ofSeconds(60);

    /** How long an answer may take until we ask whether floofd is well, and for that answer. */
    private static final long QUIET_MS = 900;

    /** Notices about a floofd that hangs; a terminal may be in raw mode. */
    public static final String SILENT = "\r\nfloofctl: floofd does not answer; waiting\r\n";

    public static final String ANSWERING = "\r\nfloofctl: floofd answers again\r\n";

    private static final Duration PULSE = Duration.ofMillis(900);

    private static final int STEP_MS = 100;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    /** When we began to wait for a word of floofd, by {@link System#nanoTime}; 0: we do not. */
    private volatile long waitingSince;

    public Floofctl(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public static void main(String... arguments) {
        Floofctl client = new Floofctl(System.in, System.out, System.err);
        // Threads that wait for input do not keep the process.
        System.exit(client.run(arguments));
    }

    /** The exit status. */
    public int run(String... arguments) {
        Path socket = socket(INSTANCES.resolve("default"));
        String commands = null;
        for (int i = 0; i < arguments.length; i += 2) {
            if (arguments[i].equals("--help") || arguments[i].equals("-h")) {
                out.print(USAGE);
                return 0;
            }
            if (i + 1 == arguments.length) {
                return fail(arguments[i] + " needs a value\n" + USAGE.strip());
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--instance" -> {
                    if (!value.matches("[a-z0-9-]{1,8}")) {
                        return fail("instance '" + value + "': expected 1 to 8 of a-z, 0-9 and -");
                    }
                    socket = socket(INSTANCES.resolve(value));
                }
                case "--socket" -> socket = Path.of(value);
                case "-c" -> commands = value;
                default -> {
                    return fail("unknown option '" + arguments[i] + "'\n" + USAGE.strip());
                }
            }
        }
        boolean isOperator = commands == null && in == System.in;
        // A floofd that hangs accepts nothing: to connect may take as long as it hangs.
        Thread watch = startWatch(socket);
        try {
            return connect(socket, commands, isOperator);
        } finally {
            watch.interrupt();
        }
    }

    private int connect(Path socket, @Nullable String commands, boolean isOperator) {
        SocketChannel connected;
        try {
            connected = isOperator ? awaited(socket) : connected(socket);
        } catch (IOException | IllegalArgumentException e) {
            waitingSince = 0;
            fail("floofd does not answer at " + socket + ": " + e.getMessage() + others(socket));
            return isOperator ? rescue() : 1;
        }
        try (SocketChannel channel = connected) {
            return session(channel, commands);
        } catch (IOException e) {
            return fail("the session with floofd ended: " + e.getMessage());
        }
    }

    private static SocketChannel connected(Path socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    /** The same, but a router that is starting is waited for. */
    private SocketChannel awaited(Path socket) throws IOException {
        long endNs = System.nanoTime() + START.toNanos();
        for (boolean isFirst = true; ; isFirst = false) {
            try {
                return connected(socket);
            } catch (IOException e) {
                if (!isSupervised(socket) || System.nanoTime() > endNs) {
                    throw e;
                }
            }
            if (isFirst) {
                err.println("floofctl: the router is starting ...");
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IOException("interrupted while the router starts", e);
            }
        }
    }

    /**
     * Whether a living {@code ./floof run} holds the lock that it takes before all else
     * (proc_locks(5)).
     */
    private static boolean isSupervised(Path socket) {
        Path lock = Path.of(socket.toAbsolutePath().getParent() + ".run");
        try {
            Object inode = Files.getAttribute(lock, "unix:ino");
            try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
                return locks.anyMatch(line -> line.contains(":" + inode + " "));
            }
        } catch (IOException e) {
            return false; // there is no such file: nobody runs it
        }
    }

    private static Path socket(Path folder) {
        return folder.resolve("floofd.sock");
    }

    /** What else runs here, behind a message that {@code missing} does not. */
    private static String others(Path missing) {
        try (Stream<Path> folders = Files.list(INSTANCES)) {
            List<String> names =
                    folders.filter(folder -> Files.exists(socket(folder)))
                            .filter(folder -> !socket(folder).equals(missing))
                            .map(folder -> folder.getFileName().toString())
                            .sorted()
                            .toList();
            return "; running instances: " + (names.isEmpty() ? "none" : String.join(", ", names));
        } catch (IOException e) {
            return "; running instances: none";
        }
    }

    private int fail(String message) {
        err.println("floofctl: " + message);
        return 1;
    }

    /**
     * Nobody is there who knows what the operator may do: root, who may anything, is offered a
     * shell on the terminal. The exit status is 1 whatever was done in it: floofd is down.
     */
    private int rescue() {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        if (!isRoot || tool(List.of("sh", "-c", "test -t 1")) == null) {
            return 1;
        }
        err.print("Start a rescue shell? [yes,no] (no) ");
        err.flush();
        try {
            StringBuilder answer = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\n' && answer.length() < 4; c = in.read()) {
                answer.append((char) c);
            }
            String said = answer.toString().strip();
            if (!said.isEmpty() && "yes".startsWith(said)) {
                new ProcessBuilder("bash", "-l").inheritIO().start().waitFor();
            }
        } catch (IOException e) {
            return fail("no rescue shell: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    private int session(SocketChannel channel, @Nullable String commands) throws IOException {
        Wire wire = new Wire(channel);
        if (commands != null) {
            hello(wire, "script", null);
            input(wire, new ByteArrayInputStream((commands + "\n").getBytes(UTF_8)));
            return relay(wire);
        }
        try (Tty tty = Tty.of(in == System.in)) {
            hello(wire, tty.isTerminal() ? "terminal" : "script", tty);
            tty.onResize(size -> wire.write(Wire.Type.RESIZE, size, 0, size.length));
            Thread input = new Thread(() -> input(wire, in), "floofctl-input");
            input.setDaemon(true);
            input.start();
            return relay(wire);
        }
    }

    private static void hello(Wire wire, String mode, @Nullable Tty tty) {
        StringBuilder hello = new StringBuilder();
        hello.append("version ").append(Wire.VERSION).append("\nmode ").append(mode);
        hello.append("\npid ").append(ProcessHandle.current().pid());
        hello.append("\ndirectory ").append(Path.of("").toAbsolutePath());
        if (tty != null && tty.isTerminal()) {
            hello.append("\nterm ").append(System.getenv().getOrDefault("TERM", "dumb"));
            hello.append("\ncolumns ").append(tty.columns()).append("\nrows ").append(tty.rows());
            hello.append("\ntty ").append(tty.name());
            if (!System.getenv().getOrDefault("NO_COLOR", "").isEmpty()) {
                hello.append("\nno-color 1"); // no-color.org
            }
        }
        try {
            wire.write(Wire.Type.HELLO, hello.append('\n').toString());
        } catch (IOException e) {
            // floofd refused the session before it read this: what it wrote says why.
        }
    }

    /** Passes input to the session; ends with it. */
    private void input(Wire wire, InputStream in) {
        byte[] bytes = new byte[8192];
        try {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (count > 0) {
                    await();
                    wire.write(Wire.Type.INPUT, bytes, 0, count);
                }
            }
            wire.write(Wire.Type.INPUT_END, "");
        } catch (IOException e) {
            // The session is over: relay() says how.
        }
    }

    /** The session's output to ours, until it says how it ended. */
    private int relay(Wire wire) throws IOException {
        for (Wire.Frame frame = wire.read(); frame != null; frame = wire.read()) {
            waitingSince = 0;
            switch (frame.type()) {
                case OUTPUT -> pass(frame.payload(), out);
                case ERROR -> pass(frame.payload(), err);
                case EXIT -> {
                    return frame.payload().length == 1 ? frame.payload()[0] : 1;
                }
                default -> throw new IOException("unexpected " + frame.type());
            }
        }
        throw new IOException("floofd closed the connection");
    }

    private void await() {
        if (waitingSince == 0) {
            waitingSince = Math.max(1, System.nanoTime());
        }
    }

    private Thread startWatch(Path socket) {
        await();
        Thread watch = new Thread(() -> watch(socket), "floofctl-watch");
        watch.setDaemon(true);
        watch.start();
        return watch;
    }

    /** Thread {@code floofctl-watch}: says within two seconds that floofd hangs, if it does. */
    private void watch(Path socket) {
        boolean isTold = false;
        long askedNs = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(STEP_MS);
                long since = waitingSince;
                long quietNs = System.nanoTime() - Math.max(since, askedNs);
                boolean isSilent = isTold && since != 0;
                if (since != 0 && quietNs > QUIET_MS * 1_000_000) {
                    askedNs = System.nanoTime();
                    isSilent = Pulse.of(socket, PULSE) == Pulse.State.SILENT && waitingSince != 0;
                }
                if (isSilent != isTold && !Thread.currentThread().isInterrupted()) {
                    isTold = isSilent;
                    err.print(isSilent ? SILENT : ANSWERING);
                    err.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pass(byte[] bytes, OutputStream to) throws IOException {
        to.write(bytes);
        to.flush();
    }

    /** Runs a program on our terminal; its first line of output, or null when it fails. */
    static @Nullable String tool(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                            .start();
            // Standard error is the way back: the other two are the terminal.
            String text = new String(process.getErrorStream().readAllBytes(), UTF_8);
            return process.waitFor() == 0 ? text.strip() : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
