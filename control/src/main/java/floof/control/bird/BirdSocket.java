package floof.control.bird;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to BIRD's control socket. A reply is lines {@code CODE-text}, the last one {@code
 * CODE text}; a line that begins with a space repeats the code before it (BIRD 2.0, nest/cli.c).
 * Thread: any one at a time.
 */
public final class BirdSocket implements AutoCloseable {

    /** A whole reply of more characters is refused; routes are taken line by line. */
    static final int REPLY_LIMIT_BYTES = 16 << 20;

    /** A longer line is refused; the attributes of a route are the longest, some KB. */
    static final int LINE_LIMIT_BYTES = 1 << 20;

    /** One line of a reply: its four-digit code and the text after it. */
    public record Line(int code, String text) {}

    private final SocketChannel channel;
    private final Selector selector;
    private final long timeoutMs;
    private final ByteBuffer input = ByteBuffer.allocate(64 << 10).flip();
    private int code = -1;
    private boolean isOver;

    private BirdSocket(SocketChannel channel, long timeoutMs) throws IOException {
        this.channel = channel;
        this.timeoutMs = timeoutMs;
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    /**
     * Connects and reads the greeting (0001).
     *
     * @param timeoutMs longest silence that is waited for, here and in every command
     * @throws IOException when nobody listens or what answers is not BIRD
     */
    public static BirdSocket open(Path path, long timeoutMs) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        BirdSocket socket = null;
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            socket = new BirdSocket(channel, timeoutMs);
            List<Line> greeting = socket.reply();
            if (greeting.getLast().code() != 1) {
                throw new IOException(
                        path + ": greeting " + greeting.getLast() + "; expected code 0001");
            }
            return socket;
        } catch (IOException e) {
            if (socket == null) {
                channel.close();
            } else {
                socket.close();
            }
            throw e;
        }
    }

    /**
     * Sends one command and returns its reply.
     *
     * @throws BirdException for codes 8000..9999, run-time and syntax errors
     * @throws IOException when BIRD is gone, silent or incomprehensible; the connection is then of
     *     no more use
     */
    public List<Line> command(String command) throws IOException, BirdException {
        begin(command);
        List<Line> reply = reply();
        refuse(reply.getLast());
        return reply;
    }

    /** Sends one command whose reply is taken line by line, {@link #next}. */
    void begin(String command) throws IOException {
        if (command.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line break in a BIRD command: " + command);
        }
        ByteBuffer output = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (output.hasRemaining()) {
            channel.write(output);
        }
        code = -1;
        isOver = false;
    }

    /**
     * The next line of the reply, null behind the last one; BIRD makes no more of them than are
     * taken.
     *
     * @throws BirdException, IOException as {@link #command}
     */
    @Nullable Line next() throws IOException, BirdException {
        if (isOver) {
            return null;
        }
        Line line = read();
        refuse(line);
        return line;
    }

    private static void refuse(Line line) throws BirdException {
        if (line.code() >= 8000) {
            throw new BirdException(line.code(), line.text());
        }
    }

    private List<Line> reply() throws IOException {
        List<Line> lines = new ArrayList<>();
        long bytes = 0;
        while (!isOver) {
            Line line = read();
            lines.add(line);
            bytes += line.text().length();
            if (bytes > REPLY_LIMIT_BYTES) {
                throw new IOException("BIRD's reply exceeds " + REPLY_LIMIT_BYTES + " bytes");
            }
        }
        return lines;
    }

    private Line read() throws IOException {
        String line = line();
        if (line.startsWith(" ") && code >= 0) {
            return new Line(code, line.substring(1));
        }
        if (!isCoded(line)) {
            throw new IOException("BIRD said '" + line + "'; expected a line CODE-text");
        }
        code = Integer.parseInt(line, 0, 4, 10);
        isOver = line.charAt(4) == ' ';
        return new Line(code, line.substring(5));
    }

    private static boolean isCoded(String line) {
        for (int i = 0; i < 4; i++) {
            if (i >= line.length() || line.charAt(i) < '0' || line.charAt(i) > '9') {
                return false;
            }
        }
        return line.length() > 4 && (line.charAt(4) == '-' || line.charAt(4) == ' ');
    }

    private String line() throws IOException {
        java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream(128);
        while (true) {
            while (input.hasRemaining()) {
                byte b = input.get();
                if (b == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(b);
                if (line.size() > LINE_LIMIT_BYTES) {
                    throw new IOException("BIRD's line exceeds " + LINE_LIMIT_BYTES + " bytes");
                }
            }
            fill();
        }
    }

    private void fill() throws IOException {
        input.clear();
        int count;
        while ((count = channel.read(input)) == 0) {
            if (selector.select(timeoutMs) == 0) {
                input.flip();
                throw new IOException("BIRD was silent for " + timeoutMs + " ms");
            }
            selector.selectedKeys().clear();
        }
        input.flip();
        if (count < 0) {
            throw new IOException("BIRD closed its control socket");
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
