package floof.config.value;

import floof.config.tree.Branch;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a configuration value: how its text is parsed, what to show for it in help, which
 * words it may be. Parsed values print their canonical text by {@code toString}.
 *
 * @param placeholder what help shows in the value's place, e.g. {@code <mtu>}
 * @param expectation what a good value is, for help: {@code 576..9216}
 * @param javaType class of the parsed value: the class by which {@link Branch} hands it out
 * @param parser throws IllegalArgumentException with a message that names value and expectation
 * @param shape what the values look like, for other machines
 * @param example a good value, for the manual
 */
public record ValueType<T extends Comparable<? super T>>(
        String placeholder,
        String expectation,
        Class<T> javaType,
        Function<String, T> parser,
        Shape shape,
        String example) {

    /**
     * Bound while something is read that was committed before, maybe by a version that refused
     * less: what {@link #where} has against a value goes here, and the value counts all the same.
     */
    public static final ScopedValue<Consumer<String>> STORED = ScopedValue.newInstance();

    /** One word of an enumeration. */
    public record Choice(String word, String help) {}

    /** What values look like; the parser may know more and refuse some. */
    public sealed interface Shape {

        /** A whole number from {@code minimum} to {@code maximum}. */
        record Range(long minimum, long maximum) implements Shape {}

        /** Text of 1 to {@code longest} characters (UTF-16 units), none of them a control. */
        record Line(int longest) implements Shape {}

        /** Text that a regular expression fits as a whole, in what Java and XML Schema share. */
        record Pattern(String pattern) implements Shape {}

        /** One of a few words. */
        record Words(List<Choice> choices) implements Shape {}

        /** A type that machines know by this name of {@code ietf-inet-types} (RFC 6991). */
        record Standard(String name) implements Shape {}
    }

    /** The allowed words of an enumeration; empty for the others. */
    public List<Choice> choices() {
        return shape instanceof Shape.Words words ? words.choices() : List.of();
    }

    /**
     * @throws IllegalArgumentException with value and expectation when the text is not of this type
     */
    public T parse(String text) {
        return parser.apply(text);
    }

    public static <T extends Comparable<? super T>> ValueType<T> of(
            String placeholder,
            String expectation,
            Class<T> javaType,
            Shape shape,
            Function<String, T> parser) {
        String example =
                switch (shape) {
                    case Shape.Range range -> Long.toString(range.minimum());
                    case Shape.Words words -> words.choices().getFirst().word();
                    case Shape.Line _ -> "text for people";
                    case Shape.Pattern _, Shape.Standard _ -> "";
                };
        return new ValueType<>(placeholder, expectation, javaType, parser, shape, example);
    }

    /** A decimal number in a range. */
    public static ValueType<Long> number(String placeholder, long minimum, long maximum) {
        return of(
                placeholder,
                minimum + ".." + maximum,
                Long.class,
                new Shape.Range(minimum, maximum),
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

    /** A number of an autonomous system, in decimal or as two halves (RFC 5396, asdot). */
    public static ValueType<Long> asNumber() {
        ValueType<Long> decimal = number("<as-number>", 1, 0xffff_ffffL);
        return of(
                decimal.placeholder,
                decimal.expectation + ", or in halves: 1.10 for 65546",
                Long.class,
                decimal.shape,
                text -> {
                    if (!text.contains(".")) {
                        return decimal.parse(text);
                    }
                    String[] halves = text.split("\\.", -1);
                    if (halves.length != 2 || !isHalf(halves[0]) || !isHalf(halves[1])) {
                        throw new IllegalArgumentException(
                                "'" + text + "' is not an AS number; expected 0..65535.0..65535");
                    }
                    long high = Long.parseLong(halves[0]);
                    return decimal.parse(Long.toString(high << 16 | Long.parseLong(halves[1])));
                });
    }

    private static boolean isHalf(String text) {
        return text.matches("[0-9]{1,5}") && Long.parseLong(text) <= 0xffff;
    }

    /** Text that must fit a pattern; see {@link Shape.Pattern}. */
    public static ValueType<String> word(String placeholder, String pattern, String expectation) {
        Predicate<String> fits = Pattern.compile(pattern).asMatchPredicate();
        return of(
                placeholder,
                expectation,
                String.class,
                new Shape.Pattern(pattern),
                text -> {
                    if (!fits.test(text)) {
                        throw new IllegalArgumentException("'" + text + "' is not " + expectation);
                    }
                    return text;
                });
    }

    /** A name that operators give. */
    public static ValueType<String> name(String placeholder, int longest) {
        return word(
                placeholder,
                "[A-Za-z0-9_][A-Za-z0-9_.-]{0," + (longest - 1) + "}",
                "a name of 1.." + longest + " letters, digits, '-', '_', '.'");
    }

    /** Free text of one line. */
    public static ValueType<String> line(String placeholder, int longest) {
        return of(
                placeholder,
                "text of 1.." + longest + " characters",
                String.class,
                new Shape.Line(longest),
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
    public static ValueType<String> oneOf(String placeholder, Choice... choices) {
        List<Choice> all = List.of(choices);
        String words = String.join(" or ", all.stream().map(Choice::word).toList());
        return of(
                placeholder,
                words,
                String.class,
                new Shape.Words(all),
                text -> {
                    if (all.stream().noneMatch(choice -> choice.word().equals(text))) {
                        throw new IllegalArgumentException("'" + text + "' is not " + words);
                    }
                    return text;
                });
    }

    /** This type with that example of a good value. */
    public ValueType<T> example(String text) {
        return new ValueType<>(placeholder, expectation, javaType, parser, shape, text);
    }

    /** This type with one more rule; the rule returns what is wrong, or null. */
    public ValueType<T> where(Function<T, @Nullable String> rule) {
        return new ValueType<>(
                placeholder,
                expectation,
                javaType,
                text -> {
                    T value = parser.apply(text);
                    String wrong = rule.apply(value);
                    if (wrong != null) {
                        String refusal = value + " " + wrong;
                        if (!STORED.isBound()) {
                            throw new IllegalArgumentException(refusal);
                        }
                        STORED.get().accept(refusal);
                    }
                    return value;
                },
                shape,
                example);
    }
}
