package floof.cli;

import floof.api.Router;
import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Parameter;
import floof.api.view.Parameter.Word;
import floof.api.view.Times;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Keyword;
import floof.cli.grammar.ShellCommand;
import floof.cli.wire.Client;
import floof.config.candidate.Candidate;
import floof.config.candidate.Candidate.Mode;
import floof.config.text.Diff;
import floof.config.tree.Branch;
import floof.config.value.StatementException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Configuration mode: entering, leaving, who else is there; {@link Editing}, {@link Loading} and
 * {@link Committing} do the rest.
 */
final class Configuring {

    /** How one may edit. */
    static final Parameter MODE =
            Parameter.oneOf(
                    "mode",
                    List.of(
                            new Word("exclusive", "Lock the candidate for exclusive use"),
                            new Word("private", "A private candidate")));

    /** What may precede a verb. */
    private static final String LEVEL = "^(top?|up(\\s+[0-9]+)?)\\s+";

    /** Verbs that do not change the candidate. */
    private static final Set<String> HARMLESS =
            Set.of("commit", "exit", "help", "quit", "run", "save", "show", "status");

    private final Router router;
    private final Shell shell;
    private final Operational operational;
    private final Editing editing;
    private final Loading loading;
    private final Committing committing;
    private final Commands commands;
    private @Nullable Candidate candidate;

    /** Nobody else edited, and nothing was uncommitted, when this session began to edit. */
    private boolean wasClean;

    Configuring(Router router, Shell shell, Operational operational) {
        this.router = router;
        this.shell = shell;
        this.operational = operational;
        this.editing = new Editing(shell, this);
        this.loading = new Loading(shell, this);
        this.committing = new Committing(router, shell, this);
        this.commands =
                committing
                        .commands()
                        .and(
                                loading.commands(),
                                Commands.of(
                                        ShellCommand.of(
                                                "status",
                                                "Users editing the configuration",
                                                typed -> new Answer.Text(editors()))));
    }

    /** What this session edits. */
    Candidate candidate() {
        Candidate current = candidate;
        if (current == null) {
            throw new IllegalStateException("not in configuration mode");
        }
        return current;
    }

    /** All of it, what the operator may not see included. */
    Branch whole() {
        return candidate().whole();
    }

    boolean isActive() {
        return candidate != null;
    }

    List<String> level() {
        return editing.level();
    }

    /** {@code configure}. */
    Answer enter(Arguments typed) throws CommandException {
        Mode mode =
                Mode.valueOf(
                        typed.values().getOrDefault("mode", "shared").toUpperCase(Locale.ROOT));
        String others = editors();
        Client client = shell.client();
        try {
            candidate =
                    router.candidates()
                            .open(
                                    mode,
                                    new Candidate.Owner(client.user(), client.tty(), client.pid()),
                                    shell::permissions);
        } catch (StatementException e) {
            throw new CommandException(others + "error: " + e.getMessage());
        }
        wasClean = !candidate().isModified() && router.candidates().open().size() == 1;
        editing.start();
        String discarded =
                mode == Mode.SHARED
                        ? ""
                        : "warning: uncommitted changes will be discarded on exit\n";
        String modified =
                mode == Mode.SHARED && candidate().isModified()
                        ? "The configuration has been changed but not committed\n"
                        : "";
        return new Answer.Text(discarded + "Entering configuration mode\n" + others + modified);
    }

    /** Leaves without a question; does nothing outside the mode. */
    void leave() {
        Candidate left = candidate;
        if (left != null) {
            candidate = null;
            left.close();
        }
    }

    /**
     * At the end of a script: true when a change of it failed and so those before it were taken
     * back. They stay when they were not alone in the candidate: whose is what, nobody knows.
     */
    boolean takesBack() {
        boolean isAlone = isActive() && router.candidates().open().size() == 1;
        return leavesChanges() && committing.hasFailed() && wasClean && isAlone && takeBack();
    }

    private boolean takeBack() {
        try {
            candidate().replace(shell.running());
            return true;
        } catch (StatementException e) {
            return false; // a commit waits: nothing may change
        }
    }

    /** Leaves at the end of a script; true when that leaves changes behind in the candidate. */
    boolean leavesChanges() {
        return isActive() && candidate().mode() == Mode.SHARED && candidate().isModified();
    }

    /** A line failed: if it may have meant a change, a script must not commit the rest. */
    void failed(String line) {
        if (!isActive()) {
            return;
        }
        String verb = line.strip().replaceFirst(LEVEL, "").split("\\s", 2)[0];
        List<String> meant =
                grammar().keywords().stream()
                        .map(Keyword::word)
                        .filter(word -> word.startsWith(verb))
                        .toList();
        if (meant.isEmpty() || !HARMLESS.containsAll(meant)) {
            committing.failed();
        }
    }

    Position grammar() {
        candidate().active(level());
        List<Keyword> keywords = new ArrayList<>(editing.keywords());
        keywords.addAll(others());
        keywords.addAll(operational.keywords(Commands.of(leaving("exit"), leaving("quit"))));
        return Position.sorted(keywords);
    }

    /** What may stand behind {@code top} and {@code up} besides the commands that edit. */
    List<Keyword> others() {
        List<Keyword> keywords = new ArrayList<>(operational.keywords(commands));
        keywords.add(shell.help().keyword(true));
        keywords.add(new Keyword("run", "Run an operational command", operational::running));
        return keywords;
    }

    /** What is printed above the prompt. */
    String banner() {
        return "\n" + committing.reminder() + Diff.banner(level()) + "\n";
    }

    private ShellCommand leaving(String word) {
        return ShellCommand.of(
                word,
                "Return to the previous level",
                typed -> exit(typed.has("configuration-mode")),
                Parameter.flag("configuration-mode", "Leave configuration mode"));
    }

    private Answer exit(boolean mode) {
        if (!mode && editing.back()) {
            return Answer.NONE;
        }
        String discarded = "";
        if (candidate().isModified()) {
            boolean isKept = candidate().mode() == Mode.SHARED;
            shell.screen().error("The configuration has been changed but not committed\n");
            if (!shell.screen()
                    .isAffirmed(
                            isKept
                                    ? "Exit with uncommitted changes? [yes,no] (yes) "
                                    : "Discard uncommitted changes? [yes,no] (yes) ")) {
                return Answer.NONE;
            }
            discarded = isKept ? "" : "warning: discarding uncommitted changes\nload complete\n";
        }
        leave();
        return new Answer.Text(discarded + "Exiting configuration mode\n");
    }

    /** The list of {@code status}; empty when there is nobody. */
    private String editors() {
        StringBuilder text = new StringBuilder();
        for (Candidate editor : router.candidates().open()) {
            if (text.isEmpty()) {
                text.append("Users currently editing the configuration:\n");
            }
            String mode =
                    switch (editor.mode()) {
                        case SHARED -> "";
                        case EXCLUSIVE -> "exclusive ";
                        case PRIVATE -> "private ";
                    };
            text.append(
                    "  %s terminal %s (pid %s) on since %s, idle %s\n      %s%s\n"
                            .formatted(
                                    editor.owner().user(),
                                    editor.owner().terminal(),
                                    editor.owner().pid(),
                                    Times.local(editor.since()),
                                    Times.age(Duration.between(editor.active(), Instant.now())),
                                    mode,
                                    Diff.banner(shell.permissions().seen(editor.level()))));
        }
        return text.toString();
    }
}
