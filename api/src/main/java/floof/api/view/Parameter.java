package floof.api.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that may be typed behind a view's path; each at most once, in any order.
 *
 * @param name by which {@link Arguments} have it
 * @param keyword word before the value; null when the value stands alone
 * @param help one line about it
 * @param words values it may have, none for any
 * @param kind what a value is when it is none of {@code words}; null when there is no such
 * @param after name of the parameter that must come before; null for none
 * @param isRequired whether the view cannot be opened without
 */
public record Parameter(
        String name,
        @Nullable String keyword,
        String help,
        List<Word> words,
        @Nullable Kind kind,
        @Nullable String after,
        boolean isRequired) {

    public Parameter {
        words = List.copyOf(words);
    }

    /** A value, and one line about it. */
    public record Word(String word, String help) {}

    /** A keyword without value. */
    public static Parameter flag(String word, String help) {
        return new Parameter(word, word, help, List.of(), null, null, false);
    }

    /** A keyword and one of some words. */
    public static Parameter choice(String keyword, String help, List<Word> words) {
        return new Parameter(keyword, keyword, help, words, null, null, false);
    }

    /** One of some words. */
    public static Parameter oneOf(String name, List<Word> words) {
        return new Parameter(name, null, "", words, null, null, false);
    }

    /** A value that stands alone. */
    public static Parameter free(String name, String help, Kind kind) {
        return new Parameter(name, null, help, List.of(), kind, null, false);
    }

    /** A number that stands alone. */
    public static Parameter number(String name, int minimum, int maximum) {
        return free(name, minimum + ".." + maximum, Kind.number(minimum, maximum));
    }

    /** A keyword and a value, which must be there. */
    public static Parameter required(String keyword, String help, Kind kind) {
        return new Parameter(keyword, keyword, help, List.of(), kind, null, true);
    }

    /** The same, once {@code other} was typed. */
    public Parameter after(String other) {
        return new Parameter(name, keyword, help, words, kind, other, isRequired);
    }
}
