package floof.fpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A non-blocking stream of messages with fixed memory. One thread at a time. */
final class MessageStream implements AutoCloseable {
    /** Holds the largest message and a few more, so that a burst takes few system calls. */
    private static final int OUT_BYTES = 4 * Codec.MAX_BYTES;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(Codec.MAX_BYTES);
    private final ByteBuffer out = ByteBuffer.allocate(OUT_BYTES);

    MessageStream(SocketChannel channel) {
        this.channel = channel;
        in.flip();
    }

    /** Reads what is available and fits; false at the end of the stream. */
    boolean fill() throws IOException {
        in.compact();
        try {
            return !in.hasRemaining() || channel.read(in) >= 0;
        } finally {
            in.flip();
        }
    }

    /** Whether a complete message has arrived. */
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

    /** Whether a message has arrived in part. */
    boolean hasRemains() {
        return in.hasRemaining();
    }

    /** Whether any message fits into {@link #out()}. */
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

    /** Writes what the socket accepts. */
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
