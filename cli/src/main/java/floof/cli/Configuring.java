package floof.cli;

import floof.api.CommitResult;
import floof.api.Origin;
import floof.api.Router;
import floof.cli.Position.Argument;
import floof.cli.Position.Keyword;
import floof.config.Branch;
import floof.config.ConfigError;
import floof.config.Diff;
import floof.config.Loaded;
import floof.config.Node;
import floof.config.Schema;
import floof.config.SetParser;
import floof.config.StatementException;
import floof.config.TextParser;
import floof.config.TextPrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Configuration mode: the edit level and the commands that change the candidate. */
final class Configuring {

    /** Largest file or terminal input that load reads, in characters; the parser's own limit. */
    private static final int LOAD_MAX = TextParser.TEXT_MAX;

    private final Router router;
    private final Shell shell;
    private final Operational operational;
    private final Editors editors;
    private final Deque<List<String>> before = new ArrayDeque<>();
    private List<String> level = List.of();
    private Editors.@Nullable Editor editor;
    private boolean changeFailed;

    Configuring(Router router, Shell shell, Operational operational, Editors editors) {
        this.router = router;
        this.shell = shell;
        this.operational = operational;
        this.editors = editors;
    }

    boolean isActive() {
        return editor != null;
    }

    List<String> level() {
        return level;
    }

    /** {@code configure}. */
    Answer enter() {
        String others = editors.list(null);
        editor = editors.enter(shell.client());
        level = List.of();
        before.clear();
        String modified =
                router.candidate().isModified()
                        ? "The configuration has been changed but not committed\n"
                        : "";
        return new Answer.Text("Entering configuration mode\n" + others + modified);
    }

    /** Leaves without a question; does nothing outside the mode. */
    void leave() {
        if (editor != null) {
            editors.leave(editor);
            editor = null;
        }
    }

    /** A line failed: if it was to change the candidate, a script must not commit the rest. */
    void failed(String line) {
        String verb = line.strip().split("\\s", 2)[0];
        boolean harmless =
                List.of("commit", "exit", "quit", "run", "save", "show", "status").stream()
                        .anyMatch(word -> verb.length() > 1 && word.startsWith(verb));
        changeFailed |= isActive() && !harmless;
    }

    Position grammar() {
        Branch tree = router.candidate().tree();
        if (editor != null) {
            editors.active(editor, level);
        }
        List<Keyword> keywords = new ArrayList<>(editing(tree, level));
        keywords.add(new Keyword("commit", "Make the candidate the running one", this::commits));
        keywords.add(new Keyword("exit", "Back to the level before", this::exits));
        keywords.add(new Keyword("load", "Read a configuration", this::loads));
        keywords.add(new Keyword("quit", "Back to the level before", this::exits));
        keywords.add(
                new Keyword(
                        "rollback",
                        "Back to a committed configuration",
                        () ->
                                new Position(
                                        List.of(),
                                        argument(
                                                "<number>",
                                                "Revision 0..49",
                                                shell::revisions,
                                                Position.end(this::rollback)),
                                        this::rollback)));
        keywords.add(new Keyword("run", "An operational command", () -> operational.running()));
        keywords.add(
                new Keyword(
                        "save",
                        "Write this level into a file",
                        () ->
                                new Position(
                                        List.of(),
                                        Argument.any("<file>", "Name", Position.end(this::save)),
                                        null)));
        keywords.add(
                new Keyword(
                        "status",
                        "Who is editing",
                        () -> Position.end(words -> new Answer.Text(editors.list(null)))));
        keywords.add(new Keyword("top", "To the top, or one command there", () -> upTo(tree, 99)));
        keywords.add(new Keyword("up", "One level up, or one command there", () -> ups(tree)));
        keywords.sort(java.util.Comparator.comparing(Keyword::word));
        return new Position(keywords);
    }

    /** The commands that take a path below {@code from}. */
    private List<Keyword> editing(Branch tree, List<String> from) {
        return List.of(
                new Keyword(
                        "delete",
                        "Remove statements",
                        () ->
                                Statements.at(
                                        Statements.Verb.DELETE,
                                        tree,
                                        from,
                                        words -> delete(from, rest(words, "delete")))),
                new Keyword(
                        "edit",
                        "Go to a level",
                        () ->
                                Statements.at(
                                        Statements.Verb.EDIT,
                                        tree,
                                        from,
                                        words -> edit(path(from, rest(words, "edit"))))),
                new Keyword(
                        "set",
                        "Add or change statements",
                        () ->
                                Statements.at(
                                        Statements.Verb.SET,
                                        tree,
                                        from,
                                        words -> set(from, rest(words, "set")))),
                new Keyword(
                        "show",
                        "The candidate below this level",
                        () ->
                                Statements.at(
                                        Statements.Verb.SHOW,
                                        tree,
                                        from,
                                        words ->
                                                new Answer.Tree(
                                                        router.candidate().tree(),
                                                        path(from, rest(words, "show")),
                                                        true))));
    }

    /** The words behind {@code verb}, which {@code top} or {@code up} may precede. */
    private static List<String> rest(List<String> words, String verb) {
        return words.subList(words.indexOf(verb) + 1, words.size());
    }

    private static List<String> path(List<String> from, List<String> more) {
        List<String> path = new ArrayList<>(from);
        path.addAll(more);
        return List.copyOf(path);
    }

    private Answer set(List<String> from, List<String> words) throws CommandException {
        try {
            router.candidate().set(path(from, words));
            return Answer.NONE;
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private Answer delete(List<String> from, List<String> words) throws CommandException {
        if (words.isEmpty() && !mayDeleteAll()) {
            return Answer.NONE;
        }
        try {
            boolean found = router.candidate().delete(path(from, words));
            if (!found) {
                shell.screen().error("warning: statement not found\n");
            }
            return Answer.NONE;
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private boolean mayDeleteAll() throws CommandException {
        if (!shell.screen().isTerminal()) {
            throw new CommandException(
                    "error: a script must name what it deletes; 'load override' replaces everything");
        }
        String answer = shell.screen().ask("Delete everything under this level? [yes,no] (no) ");
        return answer != null && !answer.isBlank() && "yes".startsWith(answer.strip());
    }

    private Answer edit(List<String> path) throws CommandException {
        try {
            router.candidate().open(path);
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
        before.push(level);
        level = canonical(router.candidate().tree(), path);
        return Answer.NONE;
    }

    /** The path with keys as they are stored: 2001:db8::/32, however it was typed. */
    private static List<String> canonical(Branch root, List<String> path) {
        List<String> names = new ArrayList<>();
        Node node = root;
        for (String word : path) {
            node = node instanceof Branch branch ? branch.child(word) : null;
            names.add(node == null ? word : node.name());
        }
        return List.copyOf(names);
    }

    private Position ups(Branch tree) {
        Position one = upTo(tree, 1);
        return new Position(
                one.keywords(),
                new Argument(
                        ' ',
                        "<count>",
                        "Levels",
                        text -> text.matches("[0-9]{1,2}") ? null : "expected a number 1..99",
                        List::of,
                        text -> upTo(tree, Integer.parseInt(text))),
                one.action());
    }

    private Position upTo(Branch tree, int levels) {
        List<String> target = level;
        for (int i = 0; i < levels && !target.isEmpty(); i++) {
            target = Diff.parent(target);
        }
        List<String> there = target;
        return new Position(
                editing(tree, there),
                null,
                words -> {
                    level = there;
                    return Answer.NONE;
                });
    }

    private Position exits() {
        return Position.optional(
                words -> exit(false),
                new Keyword(
                        "configuration-mode",
                        "Leave configuration mode",
                        () -> Position.end(words -> exit(true))));
    }

    private Answer exit(boolean mode) {
        if (!mode && !level.isEmpty()) {
            level = before.isEmpty() ? List.of() : before.pop();
            return Answer.NONE;
        }
        if (router.candidate().isModified()) {
            shell.screen().error("The configuration has been changed but not committed\n");
            if (shell.screen().isTerminal()) {
                String answer =
                        shell.screen().ask("Exit with uncommitted changes? [yes,no] (yes) ");
                if (answer == null || !answer.isBlank() && !"yes".startsWith(answer.strip())) {
                    return Answer.NONE;
                }
            }
        }
        leave();
        return new Answer.Text("Exiting configuration mode\n");
    }

    private Position commits() {
        Keyword quit =
                new Keyword(
                        "and-quit",
                        "Leave configuration mode after success",
                        () -> Position.end(this::commit));
        return Position.optional(
                this::commit,
                quit,
                new Keyword(
                        "check",
                        "Only say whether it would be possible",
                        () -> Position.end(words -> check())),
                new Keyword(
                        "comment",
                        "A note for the history",
                        () ->
                                new Position(
                                        List.of(),
                                        Argument.any(
                                                "<text>",
                                                "Text",
                                                Position.optional(this::commit, quit)),
                                        null)));
    }

    private Answer check() throws CommandException {
        List<ConfigError> errors = router.check(router.candidate().tree());
        if (!errors.isEmpty()) {
            throw new CommandException(text(errors));
        }
        return new Answer.Text("configuration check succeeds\n");
    }

    private Answer commit(List<String> words) throws CommandException {
        if (changeFailed && !shell.screen().isTerminal()) {
            throw new CommandException(
                    "error: commit refused: an earlier change of this script failed"
                            + " ('rollback' discards the others)");
        }
        String comment = words.size() > 2 && words.get(1).equals("comment") ? words.get(2) : "";
        CommitResult result =
                router.commit(
                        router.candidate().tree(),
                        new Origin(shell.client().user(), "cli", comment));
        for (String warning : result.warnings()) {
            shell.screen().error("warning: " + warning + "\n");
        }
        if (!result.isDone()) {
            throw new CommandException(text(result.errors()));
        }
        if (words.getLast().equals("and-quit") && words.size() != 3) {
            leave();
            return new Answer.Text("commit complete\nExiting configuration mode\n");
        }
        return new Answer.Text("commit complete\n");
    }

    /** Each error below the level of its statement, and the verdict last. */
    static String text(List<ConfigError> errors) {
        StringBuilder text = new StringBuilder();
        for (ConfigError error : errors) {
            if (!error.path().isEmpty()) {
                List<String> parent = Diff.parent(error.path());
                List<String> statement =
                        new ArrayList<>(error.path().subList(parent.size(), error.path().size()));
                if (error.value() != null) {
                    statement.add(error.value());
                }
                text.append(Diff.banner(parent))
                        .append("\n  '")
                        .append(String.join(" ", statement))
                        .append("'\n    ");
            }
            text.append("error: ").append(error.message()).append('\n');
        }
        return text.append("error: configuration check-out failed").toString();
    }

    private Answer rollback(List<String> words) throws CommandException {
        Branch tree =
                words.size() == 1
                        ? router.candidate().running()
                        : words.get(1).equals("0")
                                ? router.candidate().running()
                                : shell.revision(Integer.parseInt(words.get(1)));
        router.candidate().replace(tree);
        changeFailed = false;
        return new Answer.Text("load complete\n");
    }

    private static Argument argument(
            String placeholder,
            String help,
            java.util.function.Supplier<List<Suggestion>> known,
            Position next) {
        return new Argument(
                ' ',
                placeholder,
                help,
                text -> text.matches("[0-9]|[1-4][0-9]") ? null : "expected a number 0..49",
                known,
                text -> next);
    }

    private Position loads() {
        return Position.of(
                loading("merge", "Combine with the candidate", this::merge),
                loading("override", "Replace the candidate", this::override),
                loading("set", "Run set and delete lines", this::setLines));
    }

    private List<Loaded.Mistake> merge(String text) {
        return router.candidate().load(tree -> TextParser.load(tree, text));
    }

    private List<Loaded.Mistake> override(String text) {
        return router.candidate().load(tree -> TextParser.load(Schema.EMPTY, text));
    }

    private List<Loaded.Mistake> setLines(String text) {
        return router.candidate().load(tree -> SetParser.load(tree, text));
    }

    private Keyword loading(String how, String help, Function<String, List<Loaded.Mistake>> read) {
        return new Keyword(
                how,
                help,
                () ->
                        new Position(
                                List.of(
                                        new Keyword(
                                                "terminal",
                                                "What is typed, up to ^D",
                                                () ->
                                                        Position.end(words ->
                                                                load(
                                                                        "terminal",
                                                                        terminal(),
                                                                        read)))),
                                Argument.any(
                                        "<file>",
                                        "Name of a file",
                                        Position.end(words ->
                                                load(
                                                        words.getLast(),
                                                        file(words.getLast()),
                                                        read))),
                                null));
    }

    private Answer load(String name, String text, Function<String, List<Loaded.Mistake>> read)
            throws CommandException {
        List<Loaded.Mistake> mistakes = read.apply(text);
        if (mistakes.isEmpty()) {
            return new Answer.Text("load complete\n");
        }
        StringBuilder report = new StringBuilder();
        for (Loaded.Mistake mistake : mistakes) {
            report.append(name)
                    .append(':')
                    .append(mistake.line())
                    .append(":(")
                    .append(mistake.column())
                    .append(") syntax error: ")
                    .append(mistake.token())
                    .append("\n  ")
                    .append(mistake.message())
                    .append('\n');
        }
        report.append("load complete (").append(mistakes.size()).append(" errors)\n");
        throw new CommandException(report.append("candidate unchanged").toString());
    }

    private String terminal() throws CommandException {
        if (shell.screen().isTerminal()) {
            shell.screen().print("[Type ^D at a new line to end input]\n");
        }
        StringBuilder text = new StringBuilder();
        for (String line = shell.screen().ask("");
                line != null && !line.equals("\u0004");
                line = shell.screen().ask("")) {
            if (text.length() + line.length() >= LOAD_MAX) {
                throw tooLong();
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private static CommandException tooLong() {
        return new CommandException("error: input of more than " + LOAD_MAX + " characters");
    }

    private String file(String name) throws CommandException {
        Path file = shell.file(name);
        try {
            if (!Files.isRegularFile(file)) {
                throw new CommandException(
                        "error: cannot read '"
                                + name
                                + "': "
                                + (Files.exists(file)
                                        ? "not a regular file"
                                        : "no such file or directory"));
            }
            if (Files.size(file) > LOAD_MAX) {
                throw tooLong();
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandException("error: cannot read '" + name + "': " + Shell.reason(e));
        }
    }

    private Answer save(List<String> words) throws CommandException {
        Branch branch =
                router.candidate().tree().find(level) instanceof Branch found
                        ? found
                        : Schema.EMPTY;
        List<String> lines = TextPrinter.print(Objects.requireNonNull(branch)).lines().toList();
        return new Answer.Text(shell.save(words.getLast(), lines, "configuration") + "\n");
    }
}
