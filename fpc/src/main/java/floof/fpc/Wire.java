package floof.fpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A non-blocking stream cut into messages; memory is fixed. One thread at a time. */
final class Wire implements AutoCloseable {
    /** Room for the largest message and a few more, so that a burst takes few system calls. */
    private static final int OUT_BYTES = 4 * Codec.MAX_BYTES;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(Codec.MAX_BYTES);
    private final ByteBuffer out = ByteBuffer.allocate(OUT_BYTES);

    Wire(SocketChannel channel) {
        this.channel = channel;
        in.flip();
    }

    /** Reads what is there and fits; false at the end of the stream. */
    boolean fill() throws IOException {
        in.compact();
        try {
            return !in.hasRemaining() || channel.read(in) >= 0;
        } finally {
            in.flip();
        }
    }

    /** Whether a message has come whole. */
    boolean hasMessage() {
        int lengthBytes = Codec.lengthBytes(in);
        return lengthBytes != 0 && lengthBytes <= in.remaining();
    }

    /** The next message; only after {@link #hasMessage()}, valid until {@link #fill()}. */
    ByteBuffer take() {
        int lengthBytes = Codec.lengthBytes(in);
        ByteBuffer message = in.slice(in.position(), lengthBytes);
        in.position(in.position() + lengthBytes);
        return message;
    }

    /** Whether a message has begun and not ended. */
    boolean hasRemains() {
        return in.hasRemaining();
    }

    /** Whether {@link #out()} has room for any message. */
    boolean hasRoom() {
        return out.remaining() >= Codec.MAX_BYTES;
    }

    /** Where to append a message. */
    ByteBuffer out() {
        return out;
    }

    boolean hasOutput() {
        return out.position() > 0;
    }

    /** Writes what the socket takes. */
    void flush() throws IOException {
        if (hasOutput()) {
            out.flip();
            try {
                channel.write(out);
            } finally {
                out.compact();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
