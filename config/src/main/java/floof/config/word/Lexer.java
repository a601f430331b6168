package floof.config.word;

import java.util.stream.Stream;

/**
 * Splits a configuration into words, the signs <code>{ } [ ] ;</code> and comments between
 * slash-asterisk and asterisk-slash. What is from # to the end of the line is left out.
 */
public final class Lexer {

    /** Longest word: far above the longest value of the schema, short enough to hold. */
    static final int WORD_MAX = 4096;

    /** A word or sign; {@code text} is empty at the end. */
    public record Token(Type type, String text, int line, int column) {

        /** One in its place that says what is wrong. */
        public Token bad(String message) {
            return new Token(Type.BAD, message, line, column);
        }
    }

    public enum Type {
        WORD,
        SIGN,
        COMMENT,
        NEWLINE,
        END,
        BAD
    }

    private final String text;
    private final boolean newlines;
    private int at;
    private int line = 1;
    private int lineStart;

    /**
     * @param newlines whether the end of a line is a token
     */
    public Lexer(String text, boolean newlines) {
        this.text = text;
        this.newlines = newlines;
    }

    /** The next token; one that cannot be read is BAD with the message as its text. */
    public Token next() {
        while (at < text.length()) {
            char c = text.charAt(at);
            int column = at - lineStart + 1;
            int here = line;
            if (c == '\n') {
                at++;
                line++;
                lineStart = at;
                if (newlines) {
                    return new Token(Type.NEWLINE, "\n", here, column);
                }
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (isComment()) {
                int start = at + 2;
                return skipComment()
                        ? new Token(Type.COMMENT, text.substring(start, at - 2), here, column)
                        : new Token(Type.BAD, "comment without its end", here, column);
            } else if ("{}[];".indexOf(c) >= 0) {
                at++;
                return new Token(Type.SIGN, String.valueOf(c), here, column);
            } else if (c == '"') {
                return quoted(here, column);
            } else {
                return word(here, column);
            }
        }
        return new Token(Type.END, "", line, at - lineStart + 1);
    }

    /** What is left of the text, the end not among it. */
    public Stream<Token> tokens() {
        return Stream.iterate(next(), token -> token.type() != Type.END, _ -> next());
    }

    private boolean skipComment() {
        int end = text.indexOf("*/", at + 2);
        int stop = end < 0 ? text.length() : end + 2;
        for (; at < stop; at++) {
            if (text.charAt(at) == '\n') {
                line++;
                lineStart = at + 1;
            }
        }
        return end >= 0;
    }

    private Token word(int here, int column) {
        int start = at;
        boolean isPattern = text.charAt(at) == '<'; // of a group: <ge-[0-3]>
        while (at < text.length()
                && (isWordPart(text.charAt(at)) || isPattern && isBracket(text.charAt(at)))
                && !isComment()) {
            at++;
        }
        if (at == start) {
            char c = text.charAt(at++);
            return new Token(Type.BAD, String.format("character U+%04X", (int) c), here, column);
        }
        return at - start > WORD_MAX
                ? new Token(Type.BAD, tooLong(at - start), here, column)
                : new Token(Type.WORD, text.substring(start, at), here, column);
    }

    private boolean isComment() {
        return text.charAt(at) == '/' && text.startsWith("/*", at);
    }

    private static boolean isBracket(char c) {
        return c == '[' || c == ']';
    }

    private static boolean isWordPart(char c) {
        return switch (c) {
            case '{', '}', '[', ']', ';', '"', '#', 0x7f -> false;
            default -> c > ' ';
        };
    }

    private static String tooLong(int length) {
        return "token of " + length + " characters; expected at most " + WORD_MAX;
    }

    private Token quoted(int here, int column) {
        StringBuilder word = new StringBuilder();
        int start = at++;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            boolean escapes = at + 1 < text.length() && "\"\\".indexOf(text.charAt(at + 1)) >= 0;
            if (text.charAt(at) == '\\' && escapes) {
                at++; // before anything else, as in a regular expression, it is itself
            }
            if (word.length() <= WORD_MAX) {
                word.append(text.charAt(at));
            }
            at++;
        }
        if (at == text.length() || text.charAt(at) == '\n') {
            return new Token(Type.BAD, "string without its closing quote", here, column);
        }
        at++;
        return word.length() > WORD_MAX
                ? new Token(Type.BAD, tooLong(at - start), here, column)
                : new Token(Type.WORD, word.toString(), here, column);
    }
}
