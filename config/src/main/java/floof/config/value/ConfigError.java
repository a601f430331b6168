package floof.config.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a configuration, or with applying it.
 *
 * @param path keywords and keys down to the statement; empty for the configuration as a whole
 * @param value the value at fault, or null
 * @param message what is wrong and what is expected
 * @param others paths of the other statements that the message tells of; the empty one when it may
 *     tell of any
 */
public record ConfigError(
        List<String> path, @Nullable String value, String message, List<List<String>> others) {

    public ConfigError {
        path = List.copyOf(path);
        others = List.copyOf(others);
    }

    /** One that tells of that statement only. */
    public ConfigError(List<String> path, @Nullable String value, String message) {
        this(path, value, message, List.of());
    }

    /** {@code interfaces ge-0 mtu: 90 is below the minimum 576}. */
    @Override
    public String toString() {
        return path.isEmpty() ? message : String.join(" ", path) + ": " + message;
    }
}
