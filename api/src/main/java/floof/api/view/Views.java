package floof.api.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be shown.
 *
 * @param groups one line about each path that is no view's, but begins some
 */
public record Views(Map<String, String> groups, List<View<?>> all) {

    public Views {
        groups = Map.copyOf(groups);
        all = List.copyOf(all);
    }

    /** Of views with a group of their own. */
    public static Views of(String group, String help, View<?>... views) {
        return new Views(Map.of(group, help), List.of(views));
    }

    /** The view of a path, or null. */
    public @Nullable View<?> find(String path) {
        return all.stream().filter(view -> view.path().equals(path)).findFirst().orElse(null);
    }

    /** These and others. */
    public Views and(Views others) {
        Map<String, String> both = new LinkedHashMap<>(groups);
        both.putAll(others.groups);
        return new Views(both, Stream.concat(all.stream(), others.all.stream()).toList());
    }
}
