package floof.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;

/** Decodes text from outside strictly: lenient decoding would store something else. */
public final class Utf8 {

    private static final char BYTE_ORDER_MARK = '\ufeff';

    /** The replacement that a terminal's reader inserts for bytes that are not UTF-8. */
    public static final char REPLACEMENT = '\ufffd';

    private Utf8() {}

    /** The text, without a byte-order mark before it. */
    public static String decode(byte[] bytes) throws CharacterCodingException {
        return decode(bytes, 1);
    }

    /**
     * Decodes a part of a text.
     *
     * @param firstLine number of its first line, for the message
     * @throws CharacterCodingException with line and column of the first invalid byte
     */
    public static String decode(byte[] bytes, int firstLine) throws CharacterCodingException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = UTF_8.newDecoder().decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            int lineStart = text.lastIndexOf('\n') + 1;
            long line = firstLine + text.chars().filter(c -> c == '\n').count();
            int column = text.length() - lineStart + 1;
            String wrong = String.format("byte 0x%02x is not UTF-8", bytes[in.position()]);
            throw new NotUtf8Exception("line " + line + ", column " + column + ": " + wrong);
        }
        boolean isMarked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        return isMarked ? text.substring(1) : text;
    }

    private static final class NotUtf8Exception extends CharacterCodingException {
        private static final long serialVersionUID = 1;
        private final String message;

        NotUtf8Exception(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }
}
