package floof.cli.grammar;

import floof.api.view.Arguments;
import floof.api.view.Command;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Operation;
import floof.api.view.Parameter;
import floof.api.view.Reader;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Position.Action;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.config.value.StatementException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The grammar of commands: their fixed words, their parameters in any order.
 *
 * @param commands that there are
 * @param others words with a grammar of their own, by the line that precedes them
 * @param known completes values
 * @param reader the operator
 * @param progress gets each step of an operation
 */
public record CommandGrammar(
        Commands commands,
        Map<String, List<Keyword>> others,
        Known known,
        Supplier<Reader> reader,
        Consumer<String> progress) {

    /** The words that a command may begin with. */
    public Position position() {
        return Position.sorted(below(""));
    }

    /** The words that go on a line. */
    private List<Keyword> below(String line) {
        String before = line.isEmpty() ? "" : line + " ";
        Stream<Keyword> words =
                commands.all().stream()
                        .filter(command -> command.line().startsWith(before))
                        .map(command -> command.line().substring(before.length()).split(" ", 2)[0])
                        .distinct()
                        .map(word ->
                                new Keyword(word, help(before + word), () -> at(before + word)));
        return Stream.concat(words, others.getOrDefault(line, List.of()).stream()).toList();
    }

    private String help(String line) {
        Command command = commands.find(line);
        return command == null ? commands.groups().getOrDefault(line, "") : command.help();
    }

    private Position at(String line) {
        Command command = commands.find(line);
        List<Keyword> words = new ArrayList<>(below(line));
        if (command == null) {
            return Position.sorted(words);
        }
        Position own = with(command, Arguments.NONE);
        words.addAll(own.keywords());
        return new Position(Position.sorted(words).keywords(), own.argument(), own.action());
    }

    private Position with(Command command, Arguments typed) {
        List<Keyword> keywords = new ArrayList<>();
        Argument argument = null;
        boolean isComplete = true;
        for (Parameter parameter : command.parameters()) {
            boolean isTyped = typed.has(parameter.name());
            isComplete &= parameter.isSatisfied(typed);
            String after = parameter.after();
            if (isTyped
                    || after != null && !typed.has(after)
                    || parameter.without().stream().anyMatch(typed::has)) {
                continue;
            }
            Function<String, Position> next =
                    value ->
                            with(command, typed.with(parameter.name(), parameter.canonical(value)));
            String keyword = parameter.keyword();
            if (keyword != null) {
                keywords.add(new Keyword(keyword, parameter.help(), () -> value(parameter, next)));
                continue;
            }
            keywords.addAll(words(parameter, next));
            if (parameter.kind() != null) {
                argument = known.argument(parameter.kind(), parameter.help(), next);
            }
        }
        Position position =
                new Position(
                        Position.sorted(keywords).keywords(),
                        argument,
                        isComplete ? action(command, typed) : null);
        return command instanceof View<?> view && view.hasDetail(typed)
                ? position.detailed()
                : position;
    }

    /** What comes behind a keyword. */
    private Position value(Parameter parameter, Function<String, Position> next) {
        Kind kind = parameter.kind();
        if (kind != null) {
            Position without = parameter.mayLackValue() ? next.apply("") : new Position(List.of());
            return new Position(
                    Stream.concat(words(parameter, next).stream(), without.keywords().stream())
                            .toList(),
                    known.argument(kind, parameter.help(), next),
                    without.action());
        }
        return parameter.words().isEmpty() ? next.apply("") : new Position(words(parameter, next));
    }

    private static List<Keyword> words(Parameter parameter, Function<String, Position> next) {
        return parameter.words().stream()
                .map(it -> new Keyword(it.word(), it.help(), () -> next.apply(it.word())))
                .toList();
    }

    /** Those that completion offers, too: the class may not see the others. */
    private List<String> offered(Command command, List<String> named) {
        Set<String> offered = new HashSet<>();
        for (Parameter parameter : command.parameters()) {
            Kind kind = parameter.kind();
            if (kind != null) {
                known.values(kind).forEach(it -> offered.add(it.word()));
            }
        }
        return named.stream().filter(offered::contains).toList();
    }

    private Action action(Command command, Arguments typed) {
        Action action = words -> run(command, typed);
        return action.as(words -> canonical(command.words(typed), words));
    }

    /** Other words may precede a command's own, like {@code run}, or follow them. */
    private static List<String> canonical(List<String> own, List<String> words) {
        List<String> line = new ArrayList<>(words.subList(0, words.indexOf(own.getFirst())));
        line.addAll(own);
        line.addAll(words.subList(line.size(), words.size()));
        return line;
    }

    private Answer run(Command command, Arguments typed) throws CommandException {
        try {
            return switch (command) {
                case View<?> view -> show(view, typed);
                case Operation operation -> {
                    Consumer<String> steps = step -> progress.accept(command.line() + ": " + step);
                    yield new Answer.Text(operation.deed().run(typed, steps));
                }
                case ShellCommand own -> own.run().run(typed);
                default -> throw new IllegalStateException(command.line());
            };
        } catch (UnavailableException | StatementException | IOException e) {
            throw new CommandException("error: " + e.getMessage());
        } catch (UnknownException e) {
            throw CommandException.unknown(
                    String.valueOf(e.getMessage()), offered(command, e.known()));
        }
    }

    private <R> Answer show(View<R> view, Arguments typed)
            throws UnavailableException, UnknownException {
        View.Answer<R> answer = view.open(typed, reader.get());
        return new Answer.Viewing<>(view.type(typed), view.isOne(), answer, false);
    }
}
