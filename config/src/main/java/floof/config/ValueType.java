package floof.config;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The type of a configuration value: how its text is parsed, what to show for it in help, which
 * words it may be. Parsed values print their canonical text by {@code toString}.
 *
 * @param placeholder what help shows in the value's place, e.g. {@code <mtu>}
 * @param expectation what a good value is, for help: {@code 576..9216}
 * @param javaType class of the parsed value: the class by which {@link Branch} hands it out
 * @param parser throws IllegalArgumentException with a message that names value and expectation
 * @param choices the allowed words of an enumeration; empty for the others
 */
public record ValueType<T extends Comparable<? super T>>(
        String placeholder,
        String expectation,
        Class<T> javaType,
        Function<String, T> parser,
        List<Choice> choices) {

    /** One word of an enumeration. */
    public record Choice(String word, String help) {}

    /**
     * @throws IllegalArgumentException with value and expectation when the text is not of this type
     */
    public T parse(String text) {
        return parser.apply(text);
    }

    static <T extends Comparable<? super T>> ValueType<T> of(
            String placeholder, String expectation, Class<T> javaType, Function<String, T> parser) {
        return new ValueType<>(placeholder, expectation, javaType, parser, List.of());
    }

    /** A decimal number in a range. */
    static ValueType<Long> number(String placeholder, long minimum, long maximum) {
        return of(
                placeholder,
                minimum + ".." + maximum,
                Long.class,
                text -> {
                    // 18 digits never overflow a long and are more than any range here has.
                    if (!text.matches("-?[0-9]{1,18}")) {
                        throw new IllegalArgumentException(
                                "'" + text + "' is not a number " + minimum + ".." + maximum);
                    }
                    long value = Long.parseLong(text);
                    if (value < minimum) {
                        throw new IllegalArgumentException(
                                value + " is below the minimum " + minimum);
                    }
                    if (value > maximum) {
                        throw new IllegalArgumentException(
                                value + " is above the maximum " + maximum);
                    }
                    return value;
                });
    }

    /** Text that must fit a pattern. */
    static ValueType<String> word(String placeholder, String pattern, String expectation) {
        return of(
                placeholder,
                expectation,
                String.class,
                text -> {
                    if (!text.matches(pattern)) {
                        throw new IllegalArgumentException("'" + text + "' is not " + expectation);
                    }
                    return text;
                });
    }

    /** Free text of one line. */
    static ValueType<String> line(String placeholder, int longest) {
        return of(
                placeholder,
                "text of 1.." + longest + " characters",
                String.class,
                text -> {
                    if (text.isEmpty() || text.length() > longest) {
                        throw new IllegalArgumentException(
                                "text of " + text.length() + " characters; expected 1.." + longest);
                    }
                    text.codePoints().forEach(ValueType::refuseUnprintable);
                    return text;
                });
    }

    private static void refuseUnprintable(int c) {
        if (Character.isISOControl(c) || c >= 0xd800 && c <= 0xdfff) {
            throw new IllegalArgumentException(
                    String.format("character U+%04X is not allowed; expected printable text", c));
        }
    }

    /** One of a few words. */
    static ValueType<String> oneOf(String placeholder, Choice... choices) {
        List<Choice> all = List.of(choices);
        String words = String.join(" or ", all.stream().map(Choice::word).toList());
        return new ValueType<>(
                placeholder,
                words,
                String.class,
                text -> {
                    if (all.stream().noneMatch(choice -> choice.word().equals(text))) {
                        throw new IllegalArgumentException("'" + text + "' is not " + words);
                    }
                    return text;
                },
                all);
    }

    /** This type with one more rule; the rule returns what is wrong, or null. */
    ValueType<T> where(Function<T, @Nullable String> rule) {
        return new ValueType<>(
                placeholder,
                expectation,
                javaType,
                text -> {
                    T value = parser.apply(text);
                    String wrong = rule.apply(value);
                    if (wrong != null) {
                        throw new IllegalArgumentException(value + " " + wrong);
                    }
                    return value;
                },
                choices);
    }
}
