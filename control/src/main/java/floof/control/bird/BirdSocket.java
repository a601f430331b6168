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

/**
 * One connection to BIRD's control socket. A reply is lines {@code CODE-text}, the last one {@code
 * CODE text}; a line that begins with a space repeats the code before it (BIRD 2.0, nest/cli.c).
 * Thread: any one at a time.
 */
public final class BirdSocket implements AutoCloseable {

    /** A reply longer than this is refused; a full table of a million routes takes 200 MB. */
    static final int REPLY_LIMIT_BYTES = 256 << 20;

    /** One line of a reply: its four-digit code and the text after it. */
    public record Line(int code, String text) {}

    private final SocketChannel channel;
    private final Selector selector;
    private final long timeoutMs;
    private final ByteBuffer input = ByteBuffer.allocate(64 << 10).flip();
    private int received;

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
        if (command.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line break in a BIRD command: " + command);
        }
        ByteBuffer output = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (output.hasRemaining()) {
            channel.write(output);
        }
        received = 0;
        List<Line> reply = reply();
        Line last = reply.getLast();
        if (last.code() >= 8000) {
            throw new BirdException(last.code(), last.text());
        }
        return reply;
    }

    private List<Line> reply() throws IOException {
        List<Line> lines = new ArrayList<>();
        int code = -1;
        while (true) {
            String line = line();
            if (line.startsWith(" ") && code >= 0) {
                lines.add(new Line(code, line.substring(1)));
                continue;
            }
            if (!line.matches("(?s)[0-9]{4}[- ].*")) {
                throw new IOException("BIRD said '" + line + "'; expected a line CODE-text");
            }
            code = Integer.parseInt(line.substring(0, 4));
            lines.add(new Line(code, line.substring(5)));
            if (line.charAt(4) == ' ') {
                return lines;
            }
        }
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
                if (++received > REPLY_LIMIT_BYTES) {
                    throw new IOException("BIRD's reply exceeds " + REPLY_LIMIT_BYTES + " bytes");
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
