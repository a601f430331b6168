package floof.fpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages to bytes and back; without state, usable from any thread. */
final class Codec {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 24;
    static final int MAX_BYTES = 65536;
    private static final int FLAG_REPLY = 1;

    private static final Report[] REPORTS = Report.values();

    private Codec() {}

    /** The header of a message, without its length. */
    record Header(boolean isReply, int type, long sequence, Report report, int resync) {}

    /**
     * The length of the message at the buffer's position; 0 if the length has not arrived yet.
     *
     * @throws MalformedMessage when the length or the version is invalid
     */
    static int lengthBytes(ByteBuffer in) {
        if (in.remaining() < 5) {
            return 0;
        }
        int lengthBytes = in.getInt(in.position());
        if (lengthBytes < HEADER_BYTES || lengthBytes > MAX_BYTES) {
            throw new MalformedMessage(
                    "header.length",
                    Integer.toUnsignedString(lengthBytes),
                    HEADER_BYTES + ".." + MAX_BYTES);
        }
        int version = in.get(in.position() + 4) & 0xff;
        if (version != VERSION) {
            throw new MalformedMessage("header.version", version, "" + VERSION);
        }
        return lengthBytes;
    }

    /** Reads the header of a complete message with a valid length. */
    static Header header(ByteBuffer message) {
        message.position(message.position() + 5);
        int flags = message.get() & 0xff;
        if (flags > FLAG_REPLY) {
            throw new MalformedMessage("header.flags", flags, "0 or 1");
        }
        boolean isReply = flags == FLAG_REPLY;
        int type = message.getShort() & 0xffff;
        long sequence = message.getLong();
        int report = message.getInt();
        int reports = isReply ? REPORTS.length : 1;
        if (report < 0 || report >= reports) {
            throw new MalformedMessage(
                    "header.report", Integer.toUnsignedString(report), "0.." + (reports - 1));
        }
        return new Header(isReply, type, sequence, REPORTS[report], message.getInt());
    }

    // ---- writing ------------------------------------------------------------------------------

    static void putRequest(ByteBuffer out, Message.Request request, long sequence, int resync) {
        int start = begin(out, 0, request.messageType().code(), sequence, Report.OK, resync);
        put(out, request);
        out.putInt(start, out.position() - start);
    }

    static void putReply(ByteBuffer out, int type, Reply reply, long sequence, int resync) {
        int start = begin(out, FLAG_REPLY, type, sequence, reply.report(), resync);
        Message.Answer answer = reply.answer();
        if (answer != null) {
            put(out, answer);
        } else if (!reply.isOk()) {
            new Writer(out).text(cut(reply.text()));
        }
        out.putInt(start, out.position() - start);
    }

    private static int begin(
            ByteBuffer out, int flags, int type, long sequence, Report report, int resync) {
        int start = out.position();
        out.putInt(0).put((byte) VERSION).put((byte) flags).putShort((short) type);
        out.putLong(sequence).putInt(report.ordinal()).putInt(resync);
        return start;
    }

    /** The beginning of the text; a char takes at most three bytes. */
    private static String cut(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= Check.TEXT_BYTES
                ? text
                : text.substring(0, Math.min(text.length(), Check.TEXT_BYTES / 3));
    }

    private static void put(ByteBuffer out, Message message) {
        Form.of(message.getClass()).put().accept(new Writer(out), message);
    }

    // ---- reading ------------------------------------------------------------------------------

    /** Reads a request's fields from {@code body}, which must hold nothing else. */
    static Message.Request request(MessageType type, ByteBuffer body) {
        Reader from = new Reader(type.name(), body);
        Message.Request request = type.request().cast(Form.of(type.request()).get().apply(from));
        from.end();
        return request;
    }

    /** Reads a reply to a request of this type from {@code body}, which must hold nothing else. */
    static Reply reply(MessageType type, Report report, ByteBuffer body) {
        Reader from = new Reader(type.name() + " reply", body);
        Class<? extends Message.Answer> answer = type.answer();
        Reply reply;
        if (report != Report.OK) {
            reply = Reply.refused(report, from.text("text"));
        } else {
            reply =
                    answer == null
                            ? Reply.ok()
                            : Reply.ok(answer.cast(Form.of(answer).get().apply(from)));
        }
        from.end();
        return reply;
    }
}
