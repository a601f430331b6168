package floof.config.word;

import floof.config.value.ValueType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Key of a list entry in a group: a key, or a pattern such as {@code <ge-*>} that stands for all
 * the keys there are. In a pattern {@code *} is any text, {@code ?} any character, {@code [a-d]}
 * one of those.
 */
public final class GroupKey implements Comparable<GroupKey> {

    private final @Nullable Comparable<?> key;
    private final String text;
    private final @Nullable Glob pattern;

    private GroupKey(@Nullable Comparable<?> key, String text, @Nullable Glob pattern) {
        this.key = key;
        this.text = text;
        this.pattern = pattern;
    }

    /** The type of such keys, where {@code type} is that of the keys themselves. */
    public static ValueType<GroupKey> type(ValueType<?> type) {
        return ValueType.of(
                type.placeholder(),
                type.expectation() + ", or <PATTERN>",
                GroupKey.class,
                new ValueType.Shape.Line(Lexer.WORD_MAX),
                text -> parse(text, type));
    }

    private static GroupKey parse(String text, ValueType<?> type) {
        if (text.matches("<[^\\s\"<>]+>")) {
            return new GroupKey(null, text, new Glob(text.substring(1, text.length() - 1)));
        }
        Comparable<?> key = type.parse(text);
        return new GroupKey(key, key.toString(), null);
    }

    /** The key; null for a pattern. */
    public @Nullable Comparable<?> key() {
        return key;
    }

    /** True for that key, or one that the pattern stands for. */
    public boolean matches(Comparable<?> other) {
        return pattern == null
                ? other.equals(key)
                : pattern.isAny() || pattern.matches(other.toString());
    }

    /** Keys by their own order, behind them patterns by their text. */
    @Override
    @SuppressWarnings("unchecked") // one list holds keys of one class
    public int compareTo(GroupKey other) {
        if (key != null && other.key != null) {
            return ((Comparable<Object>) key).compareTo(other.key);
        }
        return key != null ? -1 : other.key != null ? 1 : text.compareTo(other.text);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof GroupKey other
                && Objects.equals(key, other.key)
                && text.equals(other.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
