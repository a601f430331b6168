package floof.api.view;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be run.
 *
 * @param groups help for words that begin several commands, e.g. {@code clear bgp}
 */
public record Commands(Map<String, String> groups, List<Command> all) {

    public Commands {
        groups = Map.copyOf(groups);
        all = List.copyOf(all);
    }

    public static Commands of(Command... commands) {
        return new Commands(Map.of(), List.of(commands));
    }

    /** The command of a line, or null. */
    public @Nullable Command find(String line) {
        return all.stream().filter(it -> it.line().equals(line)).findFirst().orElse(null);
    }

    /** The same with help for words that begin some of them. */
    public Commands group(String line, String help) {
        return and(new Commands(Map.of(line, help), List.of()));
    }

    /** These and others. */
    public Commands and(Commands... others) {
        Map<String, String> both = new LinkedHashMap<>(groups);
        Arrays.stream(others).forEach(it -> both.putAll(it.groups));
        Stream<Command> more = Arrays.stream(others).flatMap(it -> it.all.stream());
        return new Commands(both, Stream.concat(all.stream(), more).toList());
    }
}
