package floof.cli.wire;

import floof.cli.client.Pulse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One end of an operator session: frames over a stream socket, a type byte, the payload's length as
 * 32 bits in network order, the payload.
 *
 * <p>The client begins with HELLO, lines of {@code name value} in UTF-8: {@code version 1}, {@code
 * mode terminal|script}, and {@code term}, {@code columns}, {@code rows}, {@code tty}, {@code pid},
 * {@code directory}, {@code no-color}. Then go INPUT, INPUT_END and RESIZE (columns, rows: 16 bits
 * each) one way, OUTPUT, ERROR and at last EXIT (one byte, the status) the other. Who sends BEAT in
 * place of HELLO gets one back and no session ({@link Pulse}).
 *
 * <p>Thread: one reader; writers may be several.
 */
public final class Wire {

    /** Version of the protocol. */
    public static final String VERSION = "1";

    /**
     * Longest payload: a page of terminal output fits many times, a session's memory stays small.
     */
    static final int PAYLOAD_MAX = 64 << 10;

    private static final int HEADER_BYTES = 5;

    public enum Type {
        HELLO,
        INPUT,
        INPUT_END,
        RESIZE,
        OUTPUT,
        ERROR,
        EXIT,
        BEAT
    }

    public record Frame(Type type, byte[] payload) {

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private static final Type[] TYPES = Type.values();

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(HEADER_BYTES + PAYLOAD_MAX).flip();

    public Wire(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * The next frame, or null when the other end closed between two frames.
     *
     * @throws IOException for what is no frame: the connection is of no use then
     */
    public @Nullable Frame read() throws IOException {
        if (!fill(HEADER_BYTES)) {
            return null;
        }
        int type = in.get() & 0xff;
        int length = in.getInt();
        if (type >= TYPES.length) {
            throw new IOException("frame of type " + type + "; expected 0.." + (TYPES.length - 1));
        }
        if (length < 0 || length > PAYLOAD_MAX) {
            throw new IOException(
                    "frame of "
                            + Integer.toUnsignedString(length)
                            + " bytes; expected at most "
                            + PAYLOAD_MAX);
        }
        if (!fill(length)) {
            throw new EOFException("connection closed within a frame");
        }
        byte[] payload = new byte[length];
        in.get(payload);
        return new Frame(TYPES[type], payload);
    }

    /** Makes {@code count} bytes readable; false at an end before the first of them. */
    private boolean fill(int count) throws IOException {
        boolean some = in.hasRemaining();
        in.compact();
        while (in.position() < count) {
            if (channel.read(in) < 0) {
                if (some || in.position() > 0) {
                    throw new EOFException("connection closed within a frame");
                }
                in.flip();
                return false;
            }
        }
        in.flip();
        return true;
    }

    public void write(Type type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(type, bytes, 0, bytes.length);
    }

    /** Writes as many frames as the bytes need; one, when there are none. */
    public synchronized void write(Type type, byte[] bytes, int offset, int length)
            throws IOException {
        int at = offset;
        do {
            int count = Math.min(PAYLOAD_MAX, offset + length - at);
            ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + count);
            frame.put((byte) type.ordinal()).putInt(count).put(bytes, at, count).flip();
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
            at += count;
        } while (at < offset + length);
    }
}
