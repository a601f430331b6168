package floof.cli.grammar;

import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Options of a command that runs a program: in any order, each once, each some words for it. */
public final class Options {

    /** What is done with the program's words when the line ends. */
    public interface Run {
        Answer with(List<String> words) throws CommandException;
    }

    /**
     * @param argument of the option, or null; what it leads to is not asked
     * @param words for the program, from the argument's text
     */
    private record Option(
            String word,
            String help,
            @Nullable Argument argument,
            Function<String, List<String>> words) {}

    private final List<Option> all = new ArrayList<>();

    /** One without an argument. */
    public Options flag(String word, String help, String... words) {
        all.add(new Option(word, help, null, text -> List.of(words)));
        return this;
    }

    /** One with an argument, which follows {@code word}. */
    public Options value(String option, String help, Argument argument, String word) {
        all.add(new Option(option, help, argument, text -> List.of(word, text)));
        return this;
    }

    /**
     * What may follow.
     *
     * @param words of the program so far
     */
    public Position position(List<String> words, Run run) {
        return position(all, words, run);
    }

    private static Position position(List<Option> left, List<String> words, Run run) {
        List<Keyword> keywords = new ArrayList<>();
        for (Option option : left) {
            List<Option> others = left.stream().filter(other -> other != option).toList();
            Function<String, Position> next =
                    text -> {
                        List<String> more = new ArrayList<>(words);
                        more.addAll(option.words().apply(text));
                        return position(others, more, run);
                    };
            Argument argument = option.argument();
            keywords.add(
                    new Keyword(
                            option.word(),
                            option.help(),
                            () ->
                                    argument == null
                                            ? next.apply("")
                                            : Position.then(argument.leadingTo(next))));
        }
        return new Position(keywords, null, line -> run.with(words));
    }
}
