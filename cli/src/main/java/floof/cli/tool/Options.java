package floof.cli.tool;

import floof.api.view.Arguments;
import floof.api.view.Kind;
import floof.api.view.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command's parameters that are options of a program.
 *
 * @param first the parameter that precedes them
 */
public record Options(Parameter first, List<Option> all) {

    /**
     * @param words for the program; the value comes behind them
     */
    public record Option(Parameter parameter, List<String> words) {

        /** One without a value. */
        public static Option flag(String word, String help, String... words) {
            return new Option(Parameter.flag(word, help), List.of(words));
        }

        /** One with a value. */
        public static Option value(String keyword, String help, Kind kind, String word) {
            return new Option(Parameter.value(keyword, help, kind), List.of(word));
        }
    }

    public static Options after(Parameter first, Option... options) {
        return new Options(first, List.of(options));
    }

    /** Of the command: what must be there first, and the options. */
    public Parameter[] parameters() {
        return Stream.concat(
                        Stream.of(first.required()),
                        all.stream().map(it -> it.parameter().after(first.name())))
                .toArray(Parameter[]::new);
    }

    /** The words of a program. */
    public List<String> words(Arguments typed, String... program) {
        List<String> words = new ArrayList<>(List.of(program));
        for (Option option : all) {
            String value = typed.get(option.parameter().name());
            if (value != null) {
                words.addAll(option.words());
                if (option.parameter().kind() != null) {
                    words.add(value);
                }
            }
        }
        return words;
    }
}
