package floof.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
            "usage: floofctl [--instance NAME] [--socket PATH] [-c 'COMMAND; COMMAND']";

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    Floofctl(InputStream in, PrintStream out, PrintStream err) {
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
    int run(String... arguments) {
        Path socket = Path.of("/run/floof/default/floofd.sock");
        String commands = null;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                return fail(USAGE);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--instance" -> {
                    if (!value.matches("[a-z0-9-]{1,8}")) {
                        return fail("instance '" + value + "': expected 1 to 8 of a-z, 0-9 and -");
                    }
                    socket = Path.of("/run/floof", value, "floofd.sock");
                }
                case "--socket" -> socket = Path.of(value);
                case "-c" -> commands = value;
                default -> {
                    return fail(USAGE);
                }
            }
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException | IllegalArgumentException e) {
                fail("floofd does not answer at " + socket + ": " + e.getMessage());
                return commands == null && in == System.in ? rescue() : 1;
            }
            return session(channel, commands);
        } catch (IOException e) {
            return fail("the session with floofd ended: " + e.getMessage());
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
    private int rescue() throws IOException {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        if (!isRoot || tool(List.of("sh", "-c", "test -t 1")) == null) {
            return 1;
        }
        err.print("Start a rescue shell? [yes,no] (no) ");
        err.flush();
        StringBuilder answer = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && answer.length() < 4; c = in.read()) {
            answer.append((char) c);
        }
        String said = answer.toString().strip();
        if (!said.isEmpty() && "yes".startsWith(said)) {
            try {
                new ProcessBuilder("bash", "-l").inheritIO().start().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return 1;
    }

    private int session(SocketChannel channel, @Nullable String commands) throws IOException {
        Wire wire = new Wire(channel);
        if (commands != null) {
            try {
                hello(wire, "script", null);
                wire.write(Wire.Type.INPUT, commands + "\n");
                wire.write(Wire.Type.INPUT_END, "");
            } catch (IOException e) {
                // floofd ended the session before it read all: what it wrote says why.
            }
            return relay(wire);
        }
        try (Tty tty = Tty.of(in == System.in)) {
            hello(wire, tty.isTerminal() ? "terminal" : "script", tty);
            tty.onResize(size -> wire.write(Wire.Type.RESIZE, size, 0, size.length));
            Thread input = new Thread(() -> input(wire), "floofctl-input");
            input.setDaemon(true);
            input.start();
            return relay(wire);
        }
    }

    private static void hello(Wire wire, String mode, @Nullable Tty tty) throws IOException {
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
        wire.write(Wire.Type.HELLO, hello.append('\n').toString());
    }

    /** Standard input to the session; ends with it. */
    private void input(Wire wire) {
        byte[] bytes = new byte[8192];
        try {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (count > 0) {
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
            String text =
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.strip() : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
