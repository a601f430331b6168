package floof.api.view;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was typed behind a command's line.
 *
 * @param values by name of the parameter; of a flag the empty text
 */
public record Arguments(Map<String, String> values) {

    public static final Arguments NONE = new Arguments(Map.of());

    public Arguments {
        values = Map.copyOf(values);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value, null when it was not typed. */
    public @Nullable String get(String name) {
        return values.get(name);
    }

    /** The value of a parameter that must be there. */
    public String required(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    /** These and one more. */
    public Arguments with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Arguments(more);
    }
}
