package floof.api.view;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing that may be typed behind a command's line; each at most once, in any order.
 *
 * @param name by which {@link Arguments} have it
 * @param keyword word before the value; null when the value stands alone
 * @param help one line about it
 * @param words values it may have, none for any
 * @param kind what a value is when it is none of {@code words}; null when it must be one of them
 * @param after name of the parameter that must come before; null for none
 * @param without names of parameters that it cannot stand beside
 * @param isRequired whether the command cannot be run without it and without those that it cannot
 *     stand beside
 * @param mayLackValue whether the keyword may stand alone
 */
public record Parameter(
        String name,
        @Nullable String keyword,
        String help,
        List<Word> words,
        @Nullable Kind kind,
        @Nullable String after,
        Set<String> without,
        boolean isRequired,
        boolean mayLackValue) {

    public Parameter {
        words = List.copyOf(words);
        without = Set.copyOf(without);
    }

    private Parameter(
            String name,
            @Nullable String keyword,
            String help,
            List<Word> words,
            @Nullable Kind kind) {
        this(name, keyword, help, words, kind, null, Set.of(), false, false);
    }

    /** A value, and one line about it. */
    public record Word(String word, String help) {}

    /** A keyword without value. */
    public static Parameter flag(String word, String help) {
        return new Parameter(word, word, help, List.of(), null);
    }

    /** A keyword and one of some words. */
    public static Parameter choice(String keyword, String help, List<Word> words) {
        return new Parameter(keyword, keyword, help, words, null);
    }

    /** One of some words. */
    public static Parameter oneOf(String name, List<Word> words) {
        return new Parameter(name, null, "", words, null);
    }

    /** A value that stands alone, or one of some words in its place. */
    public static Parameter free(String name, String help, Kind kind, Word... words) {
        return new Parameter(name, null, help, List.of(words), kind);
    }

    /** A number that stands alone. */
    public static Parameter number(String name, int minimum, int maximum) {
        return free(name, "", Kind.number("<" + name + ">", minimum, maximum));
    }

    /** A keyword and a value. */
    public static Parameter value(String keyword, String help, Kind kind) {
        return new Parameter(keyword, keyword, help, List.of(), kind);
    }

    /** A keyword, and a value that may be left out. */
    public static Parameter optionalValue(String keyword, String help, Kind kind) {
        return new Parameter(keyword, keyword, help, List.of(), kind, null, Set.of(), false, true);
    }

    /** A value in its one spelling. */
    public String canonical(String value) {
        boolean isWord = words.stream().anyMatch(it -> it.word().equals(value));
        return kind == null || isWord || value.isEmpty() && mayLackValue
                ? value
                : kind.canonical().apply(value);
    }

    /** Whether it, or what it cannot stand beside, was typed where it must be. */
    public boolean isSatisfied(Arguments typed) {
        return !isRequired || typed.has(name) || without.stream().anyMatch(typed::has);
    }

    /** The same, which must be there. */
    public Parameter required() {
        return new Parameter(name, keyword, help, words, kind, after, without, true, mayLackValue);
    }

    /** The same, once {@code other} was typed. */
    public Parameter after(String other) {
        return new Parameter(
                name, keyword, help, words, kind, other, without, isRequired, mayLackValue);
    }

    /** The same, not beside others. */
    public Parameter without(String... others) {
        return new Parameter(
                name, keyword, help, words, kind, after, Set.of(others), isRequired, mayLackValue);
    }
}
