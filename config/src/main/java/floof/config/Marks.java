package floof.config;

import org.jspecify.annotations.Nullable;

/**
 * What an operator noted at a statement, beside what it says.
 *
 * @param inactive kept and shown, but as if it were not there
 * @param isProtected neither it nor what is below may be changed
 * @param annotation a note for people on one line; empty for none
 */
public record Marks(boolean inactive, boolean isProtected, String annotation) {

    /** Longest annotation in characters: a paragraph, and no more than a word of the text form. */
    public static final int ANNOTATION_MAX = 1024;

    /** Of a statement at which nothing is noted. */
    public static final Marks NONE = new Marks(false, false, "");

    /** What is wrong with the text of an annotation; null for nothing. */
    public static @Nullable String wrong(String text) {
        if (text.length() > ANNOTATION_MAX) {
            return "text of " + text.length() + " characters; expected at most " + ANNOTATION_MAX;
        }
        return !text.equals(line(text)) || text.contains("*/")
                ? "'" + text + "' is no annotation; expected one line without '*/'"
                : null;
    }

    /** The text of a comment as one line. */
    static String line(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", " ").strip();
    }

    /** These, with the other's added: what merging two statements gives. */
    Marks and(Marks other) {
        return new Marks(
                inactive || other.inactive,
                isProtected || other.isProtected,
                other.annotation.isEmpty() ? annotation : other.annotation);
    }

    Marks inactive(boolean on) {
        return new Marks(on, isProtected, annotation);
    }

    Marks isProtected(boolean on) {
        return new Marks(inactive, on, annotation);
    }

    Marks annotation(String text) {
        return new Marks(inactive, isProtected, text);
    }
}
