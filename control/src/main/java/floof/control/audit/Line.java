package floof.control.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import floof.api.AuditLog.Entry;
import floof.api.AuditLog.Kind;
import floof.config.value.Vault;
import floof.control.audit.ChainedLog.Link;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log: number, time, user, client, kind, text and code between tabs. Control
 * characters and backslashes are written as {@code \\uXXXX}: an entry is a line, whatever was
 * typed.
 */
record Line(String text, Link link) {

    /** Hexadecimal digits of a code: 128 bits of it. */
    static final int CODE_DIGITS = 32;

    /** Longest text of an entry in characters, before escapes. */
    static final int TEXT_MAX = 4096;

    private static final int FIELDS = 7;

    /** Number, time, user (32), client (32 and 10), kind, code and what separates them. */
    private static final int OTHERS_BYTES = 200;

    static Line of(Vault vault, Entry entry, Link before) {
        String body =
                String.join(
                        "\t",
                        Long.toString(entry.sequence()),
                        entry.time().toString(),
                        escaped(entry.user()),
                        escaped(entry.client()),
                        entry.kind().name().toLowerCase(Locale.ROOT),
                        escaped(entry.text()));
        Link link = new Link(entry.sequence(), code(vault, before.code(), body));
        return new Line(body + "\t" + link.code(), link);
    }

    /**
     * What the line's number and code should be behind {@code before}; null for what is no line.
     */
    static @Nullable Link expected(Vault vault, String line, Link before) {
        int end = line.lastIndexOf('\t');
        return end < 0
                ? null
                : new Link(
                        before.sequence() + 1, code(vault, before.code(), line.substring(0, end)));
    }

    /** What the line says its number and code are. */
    static @Nullable Link linkOf(String line) {
        String[] fields = line.split("\t", -1);
        return fields.length == FIELDS && fields[0].matches("[0-9]{1,18}")
                ? new Link(Long.parseLong(fields[0]), fields[FIELDS - 1])
                : null;
    }

    static @Nullable Entry entryOf(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            return null;
        }
        try {
            return new Entry(
                    Long.parseLong(fields[0]),
                    Instant.parse(fields[1]),
                    fields[2],
                    fields[3],
                    Kind.valueOf(fields[4].toUpperCase(Locale.ROOT)),
                    fields[5]);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return null; // verify() tells of it
        }
    }

    static String code(Vault vault, String before, String body) {
        byte[] code = vault.code("audit", (before + "\n").getBytes(UTF_8), body.getBytes(UTF_8));
        return HexFormat.of().formatHex(code).substring(0, CODE_DIGITS);
    }

    /** What an entry of that text takes of the log's files, about; never less. */
    static int bytes(String text) {
        return OTHERS_BYTES + escaped(text).getBytes(UTF_8).length;
    }

    private static String escaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (c == '\\' || isUnprintable(c)) {
                        plain.append(String.format("\\u%04X", c));
                    } else {
                        plain.appendCodePoint(c);
                    }
                });
        return plain.toString();
    }

    /** Controls, separators of lines, marks that turn text around, halves of a character. */
    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    true;
            default -> false;
        };
    }
}
