package floof.cli;

import floof.api.Router;
import floof.api.commit.CommitResult;
import floof.api.view.Times;
import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.answer.Viewed;
import floof.cli.grammar.Parse;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.TreeForm;
import floof.cli.limit.Room;
import floof.cli.screen.Screen;
import floof.cli.tool.Filtering;
import floof.config.store.Revision;
import floof.config.text.Diff;
import floof.config.tree.Branch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a command and sends what it answers through its pipes to the screen. */
final class Output {

    /** Pipes that choose the form; they act before the others, wherever they stand. */
    private static final List<String> FORMS = List.of("display", "compare", "plan", "refresh");

    /** Longest message to all sessions: some screens full, on each of which it waits. */
    private static final int MESSAGE_MAX = 16 << 10;

    /** Pipes for which one line is like the other. */
    private static final List<String> LINEWISE =
            List.of("except", "match", "suppress-zeros", "trim");

    /** Most lines of a program that are kept until it ends. */
    private static final int LINES_MAX = 100_000;

    private final Router router;
    private final Shell shell;
    private final Screen screen;
    private int screenLength = -1;

    Output(Router router, Shell shell, Screen screen) {
        this.router = router;
        this.shell = shell;
        this.screen = screen;
    }

    /**
     * @param lines of a page, 0 for no pages; what the terminal has until then
     */
    void screenLength(int lines) {
        screenLength = lines;
    }

    int screenLength() {
        return screenLength >= 0 ? screenLength : screen.rows();
    }

    void run(Parse parse) throws CommandException {
        Pipe refresh = only(parse.pipes(), "refresh");
        if (refresh == null) {
            print(answer(parse), parse.pipes());
            return;
        }
        if (!screen.isTerminal()) {
            throw new CommandException("error: a script cannot refresh; it would never end");
        }
        int seconds = refresh.number(1);
        screen.turns(() -> {
            try (Room.Share share = shell.room().share();
                    Lines lines = source(parse.action().run(parse.words()), parse.pipes(), share)) {
                screen.replace(
                        "---(refreshed at " + Times.local(java.time.Instant.now()) + ")---",
                        first(filtered(lines, filters(parse.pipes())), screen.rows()));
            }
            return screen.key(seconds * 1000L) == Screen.NO_KEY;
        });
    }

    /** Where there are no pages a program reads, to which progress would be an answer. */
    private Answer answer(Parse parse) throws CommandException {
        Screen.Question question = () -> parse.action().run(parse.words());
        return screenLength() > 0 ? screen.working(question) : question.run();
    }

    /** Of what has the screen to itself: refuses pipes. */
    static Answer.Live alone(String command, Answer.Live live) {
        return pipes -> {
            if (pipes != null) {
                throw new CommandException(
                        "error: '" + command + "' takes the whole screen; expected no pipe");
            }
            live.run(null);
        };
    }

    /** Lines go through the pipes as they come, or when all are there, as the pipes need it. */
    private void run(Answer.Live live, List<Pipe> pipes) throws CommandException {
        List<Pipe> filters = pipes.stream().filter(pipe -> !pipe.is("no-more")).toList();
        if (filters.isEmpty()) {
            live.run(null);
        } else if (filters.stream().allMatch(pipe -> LINEWISE.contains(pipe.verb()))) {
            live.run(line -> all(filtered(Lines.of(List.of(line)), filters)));
        } else if (filters.stream().anyMatch(pipe -> FORMS.contains(pipe.verb()))) {
            throw new CommandException("error: the output of a program cannot be reformatted");
        } else {
            List<String> lines = new ArrayList<>();
            try {
                live.run(line -> {
                    if (lines.size() == LINES_MAX) {
                        throw new CommandException(
                                "error: more than " + LINES_MAX + " lines; expected fewer");
                    }
                    lines.add(line);
                    return List.of();
                });
            } finally {
                screen.page(
                        filtered(Lines.of(lines), filters),
                        screenLength(),
                        only(pipes, "hold") != null);
            }
        }
    }

    private static @Nullable Pipe only(List<Pipe> pipes, String verb) {
        return pipes.stream().filter(pipe -> pipe.is(verb)).findFirst().orElse(null);
    }

    private void print(Answer answer, List<Pipe> pipes) throws CommandException {
        if (answer instanceof Answer.Live live) {
            run(live, pipes);
            return;
        }
        try (Room.Share share = shell.room().share();
                Lines source = source(answer, pipes, share)) {
            Lines lines = filtered(source, filters(pipes));
            try {
                if (source instanceof Viewed<?> view) {
                    screen.interruptibly(view::giveUp, () -> show(begun(lines), pipes));
                    if (!view.apart().isEmpty()) {
                        screen.error(view.apart());
                    }
                } else {
                    show(lines, pipes);
                }
            } finally {
                if (lines instanceof Filtering last) {
                    last.finish();
                }
            }
        }
    }

    /** The same lines; waits for the first one, which may take long. */
    private Lines begun(Lines lines) throws CommandException {
        Deque<String> first = new ArrayDeque<>(1);
        Screen.Question question =
                () -> {
                    String line = lines.next();
                    if (line != null) {
                        first.add(line);
                    }
                    return Answer.NONE;
                };
        if (screenLength() > 0) {
            screen.working(question);
        }
        return () -> first.isEmpty() ? lines.next() : first.remove();
    }

    private void show(Lines lines, List<Pipe> pipes) throws CommandException {
        boolean isColoured = only(pipes, "compare") != null && hasColours();
        boolean isPaged = only(pipes, "no-more") == null;
        screen.page(
                isColoured ? coloured(lines) : lines,
                isPaged ? screenLength() : 0,
                isPaged && only(pipes, "hold") != null);
    }

    private static Lines coloured(Lines lines) {
        return () -> {
            String line = lines.next();
            return line == null ? null : coloured(line);
        };
    }

    private static List<Pipe> filters(List<Pipe> pipes) {
        return pipes.stream().filter(p -> !FORMS.contains(p.verb())).toList();
    }

    /** Without pages, it is a program that reads. */
    private boolean hasColours() {
        return screen.hasColours() && screenLength() > 0;
    }

    /** A line of a difference, green or red (ECMA-48). */
    private static String coloured(String line) {
        int colour = line.startsWith("+") ? 32 : line.startsWith("-") ? 31 : 0;
        return colour == 0 ? line : "\033[" + colour + "m" + line + "\033[0m";
    }

    /** The lines of an answer in the form that is asked for, before the other pipes. */
    private Lines source(Answer answer, List<Pipe> pipes, Room.Share share)
            throws CommandException {
        if (answer instanceof Answer.Viewing<?> viewing) {
            boolean fits = filters(pipes).isEmpty(); // others shall see whole rows
            return viewed(viewing, pipes, fits ? screen.columns() : 0, share);
        }
        String text = form(answer, pipes);
        share.take(text);
        return Lines.of(text.lines()::iterator);
    }

    private Lines viewed(Answer.Viewing<?> viewing, List<Pipe> pipes, int columns, Room.Share share)
            throws CommandException {
        boolean isBegun = false;
        try {
            if (only(pipes, "compare") != null || only(pipes, "plan") != null) {
                throw forConfigurations(only(pipes, "plan") != null);
            }
            List<List<String>> displays = displays(pipes);
            List<String> form = displays.isEmpty() ? List.of() : displays.getLast();
            Lines lines = viewing.lines(form, columns, shell.banner().strip()).within(share::take);
            if (!form.isEmpty() && !form.getFirst().equals("detail")) {
                viewing.answer()
                        .warnings()
                        .forEach(warning -> screen.error("warning: " + warning + "\n"));
            }
            isBegun = true;
            return lines;
        } finally {
            if (!isBegun) {
                viewing.answer().close();
            }
        }
    }

    private static CommandException forConfigurations(boolean plan) {
        return new CommandException(
                "error: '" + (plan ? "plan" : "compare") + "' is for configurations only");
    }

    private Lines filtered(Lines all, List<Pipe> filters) {
        Lines lines = all;
        for (Pipe pipe : filters) {
            lines =
                    pipe.is("request")
                            ? sent(lines)
                            : new Filtering(
                                    pipe, lines, Math.max(1, screenLength()), shell.files());
        }
        return lines;
    }

    /** Sends all as a message, when the first line of it is wanted. */
    private Lines sent(Lines lines) {
        boolean[] isSent = {false};
        return () -> {
            if (isSent[0]) {
                return null;
            }
            isSent[0] = true;
            List<String> message = new ArrayList<>();
            long length = 0;
            for (String line = lines.next(); line != null; line = lines.next()) {
                length += line.length() + 1L;
                if (length <= MESSAGE_MAX) {
                    message.add(line);
                }
            }
            if (length > MESSAGE_MAX) {
                throw new CommandException(
                        "error: message of "
                                + length
                                + " characters; expected at most "
                                + MESSAGE_MAX);
            }
            router.tell(String.join("\n", message) + "\n");
            return "Sent " + Plural.of(message.size(), "line") + " to all sessions";
        };
    }

    private static List<String> all(Lines lines) throws CommandException {
        return first(lines, Integer.MAX_VALUE);
    }

    private static List<String> first(Lines lines, int most) throws CommandException {
        List<String> first = new ArrayList<>();
        for (String line = lines.next(); line != null && first.size() < most; line = lines.next()) {
            first.add(line);
        }
        return first;
    }

    /** What stands behind each {@code | display}. */
    private static List<List<String>> displays(List<Pipe> pipes) {
        return pipes.stream()
                .filter(pipe -> pipe.is("display"))
                .map(pipe -> pipe.words().subList(1, pipe.words().size()))
                .toList();
    }

    private String form(Answer answer, List<Pipe> pipes) throws CommandException {
        List<List<String>> displays = displays(pipes);
        Pipe compare = only(pipes, "compare");
        boolean plan = only(pipes, "plan") != null;
        if (answer instanceof Answer.Tree tree) {
            return plan
                    ? plan(tree.candidate())
                    : compare != null ? compare(tree, compare) : print(tree, displays);
        }
        if (compare != null || plan) {
            throw forConfigurations(plan);
        }
        return switch (answer) {
            case Answer.Viewing<?> _, Answer.Live _ ->
                    throw new CommandException(
                            "error: the output of a program cannot be reformatted");
            case Answer.Text text when displays.isEmpty() -> text.text();
            case Answer.Text text when displays.equals(List.of(List.of("detail"))) ->
                    text.detail() + text.text();
            default ->
                    throw new CommandException(
                            "error: this output has no format '"
                                    + String.join(" ", displays.getFirst())
                                    + "'");
        };
    }

    private String print(Answer.Tree tree, List<List<String>> displays) throws CommandException {
        Revision commit = commit(tree);
        String banner = shell.banner().strip();
        return shell.room()
                .print(() -> TreeForm.text(tree, displays, commit, banner, shell.permissions()));
    }

    private @Nullable Revision commit(Answer.Tree tree) {
        List<Revision> history = tree.candidate() ? List.of() : router.history();
        return history.isEmpty() ? null : history.getFirst();
    }

    /** What a commit would do. */
    private String plan(boolean isCandidate) throws CommandException {
        if (!shell.permissions().seesAll()) {
            throw new CommandException(
                    "error: permission denied: a plan needs access to the whole configuration");
        }
        CommitResult plan =
                router.plan(isCandidate ? shell.configuring().whole() : router.running());
        if (!plan.isDone()) {
            throw new CommandException(Committing.text(router.schema(), plan.errors()));
        }
        return plan.steps().isEmpty()
                ? "Nothing to do: the router already runs this configuration\n"
                : String.join("\n", plan.steps()) + "\n";
    }

    private String compare(Answer.Tree tree, Pipe pipe) throws CommandException {
        Branch other =
                pipe.words().size() == 3
                        ? shell.revision(pipe.words().get(2))
                        : tree.candidate() ? shell.running() : tree.root();
        return Diff.text(other, tree.root(), tree.path());
    }
}
