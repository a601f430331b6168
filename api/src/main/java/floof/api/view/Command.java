package floof.api.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Something that a user can run: fixed words, and what may be typed behind them. */
public interface Command {

    /** Its fixed words in full: {@code show route forwarding-table}. */
    String line();

    /** One line about it. */
    String help();

    /** What may be typed behind the line, in the order of the canonical line. */
    List<Parameter> parameters();

    /**
     * The command in full, arguments in their declared order: the canonical line, which a class's
     * patterns match for every front end.
     */
    default List<String> words(Arguments arguments) {
        List<String> words = new ArrayList<>(List.of(line().split(" ")));
        for (Parameter parameter : parameters()) {
            String value = arguments.get(parameter.name());
            if (value != null) {
                Stream.of(parameter.keyword(), value)
                        .filter(word -> word != null && !word.isEmpty())
                        .forEach(words::add);
            }
        }
        return words;
    }
}
