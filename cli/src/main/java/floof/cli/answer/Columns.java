package floof.cli.answer;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Columns that text takes on a terminal (wcwidth(3)). */
public final class Columns {

    private Columns() {}

    public static int of(String text) {
        int columns = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            columns += of(text.codePointAt(i));
        }
        return columns;
    }

    private static int of(int character) {
        return character < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(character));
    }

    /** The begin of {@code text} that fits. */
    public static String cut(String text, int columns) {
        int used = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            used += of(text.codePointAt(i));
            if (used > columns) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    /**
     * Lines of at most so many columns, broken between words; a longer word has its line alone.
     *
     * @param columns 0 for no end
     */
    public static List<String> wrap(String text, int columns) {
        if (columns <= 0 || of(text) <= columns) {
            return List.of(text);
        }
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && of(line) + 1 + of(word) > columns) {
                lines.add(line);
                line = "";
            }
            line = line.isEmpty() ? word : line + " " + word;
        }
        lines.add(line);
        return lines;
    }

    /** Spaces that fill {@code text} up to {@code columns}. */
    public static String space(String text, int columns) {
        return " ".repeat(Math.max(0, columns - of(text)));
    }
}
