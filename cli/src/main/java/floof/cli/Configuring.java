package floof.cli;

import floof.api.CommitResult;
import floof.api.Origin;
import floof.api.Router;
import floof.cli.Position.Argument;
import floof.cli.Position.Keyword;
import floof.config.Branch;
import floof.config.Candidate;
import floof.config.ConfigError;
import floof.config.Diff;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configuration mode: entering, leaving, committing; {@link Editing} and {@link Loading} do the rest. */
final class Configuring {

    private final Router router;
    private final Shell shell;
    private final Operational operational;
    private final Editors editors;
    private final Editing editing;
    private final Loading loading;
    private Editors.@Nullable Editor editor;
    private boolean changeFailed;

    Configuring(Router router, Shell shell, Operational operational, Editors editors) {
        this.router = router;
        this.shell = shell;
        this.operational = operational;
        this.editors = editors;
        this.editing = new Editing(shell, this::candidate);
        this.loading = new Loading(shell, this::candidate, this::level);
    }

    /** What this session edits. */
    private Candidate candidate() {
        return router.candidate();
    }

    boolean isActive() {
        return editor != null;
    }

    List<String> level() {
        return editing.level();
    }

    /** {@code configure}. */
    Answer enter() {
        String others = editors.list(null);
        editor = editors.enter(shell.client());
        editing.start();
        String modified =
                candidate().isModified()
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
        if (editor != null) {
            editors.active(editor, level());
        }
        List<Keyword> keywords = new ArrayList<>(editing.keywords());
        keywords.add(new Keyword("commit", "Make the candidate the running one", this::commits));
        keywords.add(new Keyword("exit", "Back to the level before", this::exits));
        keywords.addAll(loading.keywords());
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
                        "status",
                        "Who is editing",
                        () -> Position.end(words -> new Answer.Text(editors.list(null)))));
        keywords.sort(java.util.Comparator.comparing(Keyword::word));
        return new Position(keywords);
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
        if (!mode && editing.back()) {
            return Answer.NONE;
        }
        if (candidate().isModified()) {
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
        List<ConfigError> errors = router.check(candidate().tree());
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
                        candidate().tree(), new Origin(shell.client().user(), "cli", comment));
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
                        ? candidate().running()
                        : words.get(1).equals("0")
                                ? candidate().running()
                                : shell.revision(Integer.parseInt(words.get(1)));
        candidate().replace(tree);
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
}
