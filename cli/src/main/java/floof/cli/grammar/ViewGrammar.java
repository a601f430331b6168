package floof.cli.grammar;

import floof.api.Access;
import floof.api.view.Arguments;
import floof.api.view.Kind;
import floof.api.view.Layout;
import floof.api.view.Parameter;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.api.view.Views;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Table;
import floof.cli.grammar.Position.Action;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The grammar of views: their paths behind {@code show}, their parameters in any order. */
public final class ViewGrammar {

    private final Views views;
    private final Map<String, List<Keyword>> others;
    private final Known known;
    private final Access access;

    /**
     * @param others by path, what stands there that is no view
     */
    public ViewGrammar(Views views, Map<String, List<Keyword>> others, Known known, Access access) {
        this.views = views;
        this.others = others;
        this.known = known;
        this.access = access;
    }

    /** What may follow {@code show}. */
    public Position position() {
        return Position.sorted(below(""));
    }

    /** The words that go on a path. */
    private List<Keyword> below(String path) {
        String before = path.isEmpty() ? "" : path + " ";
        Stream<Keyword> words =
                views.all().stream()
                        .filter(view -> view.path().startsWith(before))
                        .map(view -> view.path().substring(before.length()).split(" ", 2)[0])
                        .filter(word -> !word.isEmpty())
                        .distinct()
                        .map(word ->
                                new Keyword(word, help(before + word), () -> at(before + word)));
        return Stream.concat(words, others.getOrDefault(path, List.of()).stream()).toList();
    }

    private String help(String path) {
        View<?> view = views.find(path);
        return view == null ? views.groups().getOrDefault(path, "") : view.help();
    }

    private Position at(String path) {
        View<?> view = views.find(path);
        List<Keyword> words = new ArrayList<>(below(path));
        if (view == null) {
            return Position.sorted(words);
        }
        Position own = with(view, Arguments.NONE);
        words.addAll(own.keywords());
        return new Position(Position.sorted(words).keywords(), own.argument(), own.action());
    }

    private Position with(View<?> view, Arguments typed) {
        List<Keyword> keywords = new ArrayList<>();
        Argument argument = null;
        boolean isComplete = true;
        for (Parameter parameter : view.parameters()) {
            boolean isTyped = typed.has(parameter.name());
            isComplete &= isTyped || !parameter.isRequired();
            String after = parameter.after();
            if (isTyped || after != null && !typed.has(after)) {
                continue;
            }
            Function<String, Position> next =
                    value -> with(view, typed.with(parameter.name(), value));
            String keyword = parameter.keyword();
            if (keyword != null) {
                keywords.add(new Keyword(keyword, parameter.help(), () -> value(parameter, next)));
            } else if (parameter.kind() != null) {
                argument = known.argument(parameter.kind(), parameter.help(), next);
            } else {
                keywords.addAll(words(parameter, next));
            }
        }
        Position position =
                new Position(
                        Position.sorted(keywords).keywords(),
                        argument,
                        isComplete ? action(view, typed) : null);
        return view.hasDetail(typed) ? position.detailed() : position;
    }

    /** What comes behind a keyword. */
    private Position value(Parameter parameter, Function<String, Position> next) {
        Kind kind = parameter.kind();
        if (kind != null) {
            return new Position(
                    words(parameter, next), known.argument(kind, parameter.help(), next), null);
        }
        return parameter.words().isEmpty() ? next.apply("") : new Position(words(parameter, next));
    }

    private static List<Keyword> words(Parameter parameter, Function<String, Position> next) {
        return parameter.words().stream()
                .map(it -> new Keyword(it.word(), it.help(), () -> next.apply(it.word())))
                .toList();
    }

    /** Those that completion offers, too: the class may not see the others. */
    private List<String> offered(View<?> view, List<String> named) {
        Set<String> offered = new HashSet<>();
        for (Parameter parameter : view.parameters()) {
            Kind kind = parameter.kind();
            if (kind != null) {
                known.values(kind).forEach(it -> offered.add(it.word()));
            }
        }
        return named.stream().filter(offered::contains).toList();
    }

    private <R> Action action(View<R> view, Arguments typed) {
        return new Action() {
            @Override
            public Answer run(List<String> words) throws CommandException {
                try {
                    return answer(view, typed, view.open(typed, access.reader()));
                } catch (UnavailableException e) {
                    throw new CommandException("error: " + e.getMessage());
                } catch (UnknownException e) {
                    throw CommandException.unknown(
                            String.valueOf(e.getMessage()), offered(view, e.known()));
                }
            }

            /** Behind the view's own words may stand {@code detail}, before them {@code run}. */
            @Override
            public List<String> canonical(List<String> words) {
                List<String> own = view.words(typed);
                int start = words.indexOf("show");
                List<String> line = new ArrayList<>(words.subList(0, start));
                line.addAll(own);
                line.addAll(words.subList(line.size(), words.size()));
                return line;
            }
        };
    }

    private static <R> Answer answer(View<R> view, Arguments typed, View.Answer<R> answer)
            throws UnavailableException {
        Class<?> type = view.type(typed);
        if (!(answer.layout() instanceof Layout.Whole<R> whole)) {
            return new Answer.Viewing<>(type, answer, false);
        }
        try (answer) {
            List<R> all = new ArrayList<>();
            for (R one = answer.records().next(); one != null; one = answer.records().next()) {
                all.add(one);
            }
            List<Object> parts = new ArrayList<>();
            answer.warnings().forEach(it -> parts.add("warning: " + it + "\n"));
            whole.parts(all)
                    .forEach(it -> parts.add(it instanceof Layout.Filled<?> f ? Table.of(f) : it));
            return new Answer.Data(type, view.isOne() ? all.getFirst() : all, parts);
        }
    }
}
