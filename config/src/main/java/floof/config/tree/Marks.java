package floof.config.tree;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an operator noted at a statement, beside what it says.
 *
 * @param inactive kept and shown, but as if it were not there
 * @param isProtected neither it nor what is below may be changed
 * @param annotation a note for people, of one or more lines; empty for none
 */
public record Marks(boolean inactive, boolean isProtected, String annotation) {

    /** Longest annotation in characters: a paragraph, and no more than a word of the text form. */
    public static final int ANNOTATION_MAX = 1024;

    private static final Pattern ESCAPE = Pattern.compile("\\\\[n\\\\]");

    /** Of a statement at which nothing is noted. */
    public static final Marks NONE = new Marks(false, false, "");

    /** What is wrong with the text of an annotation; null for nothing. */
    public static @Nullable String wrong(String text) {
        if (text.length() > ANNOTATION_MAX) {
            return "text of " + text.length() + " characters; expected at most " + ANNOTATION_MAX;
        }
        return !text.equals(text(text)) || text.contains("*/")
                ? "'" + text + "' is no annotation; expected lines without '*/'"
                : null;
    }

    /** The text of a comment: its lines without the indentation that the comment's place gave. */
    public static String text(String comment) {
        return comment.lines()
                .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /**
     * The annotation as a comment.
     *
     * @param before what stands before further lines to put them below the first
     */
    public String comment(String before) {
        return "/* " + annotation.replace("\n", "\n" + before + "   ") + " */";
    }

    /** Text of one line that {@link #unescaped} gives back; what is no backslash stays readable. */
    public static String escaped(String text) {
        return text.replaceAll("\\\\(?=[n\\n\\\\])", "\\\\\\\\").replace("\n", "\\n");
    }

    /** Text with {@code \n} as the end of a line and two backslashes as one. */
    public static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(m -> m.group().endsWith("n") ? "\n" : "\\\\");
    }

    /** These, with the other's added: what merging two statements gives. */
    public Marks and(Marks other) {
        return new Marks(
                inactive || other.inactive,
                isProtected || other.isProtected,
                other.annotation.isEmpty() ? annotation : other.annotation);
    }

    public Marks inactive(boolean on) {
        return new Marks(on, isProtected, annotation);
    }

    public Marks isProtected(boolean on) {
        return new Marks(inactive, on, annotation);
    }

    public Marks annotation(String text) {
        return new Marks(inactive, isProtected, text);
    }
}
