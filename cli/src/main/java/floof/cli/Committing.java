package floof.cli;

import floof.api.Router;
import floof.api.commit.CommitRequest;
import floof.api.commit.CommitResult;
import floof.api.commit.CommitTime;
import floof.api.commit.Origin;
import floof.api.commit.PendingCommit;
import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Parameter;
import floof.api.view.Parameter.Word;
import floof.api.view.Times;
import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.ShellCommand;
import floof.config.candidate.Candidate;
import floof.config.text.Diff;
import floof.config.tree.Branch;
import floof.config.tree.SchemaNode;
import floof.config.value.ConfigError;
import floof.config.value.StatementException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commit family, rollback and update: what makes a candidate the running configuration. */
final class Committing {

    /** Minutes until an unconfirmed commit is rolled back, when none are said. */
    static final int CONFIRM_MINUTES = 10;

    /** As Junos has it: 45 days. */
    static final int CONFIRM_MINUTES_MAX = 65_535;

    private static final Kind TIME =
            new Kind(
                    "time",
                    "<time>",
                    "\"hh:mm[:ss]\", \"yyyy-mm-dd hh:mm[:ss]\" or \"reboot\"",
                    Committing::wrongTime);

    private final Router router;
    private final Shell shell;
    private final Configuring configuring;
    private boolean changeFailed;

    Committing(Router router, Shell shell, Configuring configuring) {
        this.router = router;
        this.shell = shell;
        this.configuring = configuring;
    }

    Commands commands() {
        return Commands.of(
                ShellCommand.of(
                        "commit",
                        "Commit the candidate configuration",
                        this::commit,
                        Parameter.optionalValue(
                                        "confirmed",
                                        "Roll back unless confirmed by another commit",
                                        Kind.number("<minutes>", 1, CONFIRM_MINUTES_MAX))
                                .without("at", "check", "and-quit"),
                        Parameter.value("at", "At a later time", TIME)
                                .without("confirmed", "check", "and-quit"),
                        Parameter.value(
                                        "comment",
                                        "Comment for the commit history",
                                        Kind.any("text", "<text>"))
                                .without("check", "and-quit"),
                        Parameter.flag("full", "Apply the whole configuration again")
                                .without("check", "and-quit"),
                        Parameter.flag("check", "Check the candidate without committing it")
                                .without("and-quit"),
                        Parameter.flag("and-quit", "Leave configuration mode after success")
                                .without("check")),
                ShellCommand.of(
                        "rollback",
                        "Return to a committed configuration",
                        this::rollBack,
                        Parameter.free(
                                "number",
                                "Revision",
                                Shell.REVISION,
                                new Word("rescue", "The rescue configuration"))),
                ShellCommand.of(
                        "update",
                        "Merge others' commits into a private candidate",
                        typed -> update()));
    }

    /** A line that was to change the candidate failed: a script must not commit the rest. */
    void failed() {
        changeFailed = true;
    }

    boolean hasFailed() {
        return changeFailed;
    }

    // ---- commit -------------------------------------------------------------------------------

    private Answer commit(Arguments typed) throws CommandException {
        String comment = typed.values().getOrDefault("comment", "");
        Origin origin = new Origin(shell.client().user(), "cli", comment);
        CommitRequest request = CommitRequest.of(configuring.candidate(), origin);
        if (typed.has("full")) {
            request = request.fully();
        }
        String minutes = typed.get("confirmed");
        if (minutes != null) {
            int wait = minutes.isEmpty() ? CONFIRM_MINUTES : Integer.parseInt(minutes);
            request = request.confirmed(Duration.ofMinutes(wait));
        }
        String at = typed.get("at");
        if (at != null) {
            try {
                request = request.at(time(at));
            } catch (IllegalArgumentException e) { // the minute that it had left is over
                throw new CommandException("error: " + e.getMessage());
            }
        }
        return typed.has("check") ? check(request) : commit(request, typed.has("and-quit"));
    }

    private static @Nullable String wrongTime(String text) {
        try {
            time(text);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static CommitTime time(String text) {
        return CommitTime.parse(text, Instant.now(), ZoneId.systemDefault());
    }

    private Answer check(CommitRequest request) throws CommandException {
        answered(router.check(request));
        return new Answer.Text("configuration check succeeds\n");
    }

    private Answer commit(CommitRequest request, boolean isQuitting) throws CommandException {
        if (changeFailed && !shell.screen().isTerminal()) {
            throw new CommandException(
                    "error: commit refused: an earlier change of this script failed"
                            + " ('rollback' discards the others)");
        }
        if (configuring.candidate().mode() == Candidate.Mode.PRIVATE
                && !configuring.level().isEmpty()) {
            throw new CommandException(
                    "error: a private candidate is committed from the top ('top' goes there)");
        }
        // A step's text may name any statement.
        Consumer<String> progress =
                shell.permissions().seesAll()
                        ? step -> shell.screen().progress("commit: " + step)
                        : step -> {};
        CommitResult result = answered(router.commit(request.reportingTo(progress)));
        StringBuilder text = new StringBuilder();
        Duration within = request.confirmWithin();
        if (within != null) {
            text.append("commit confirmed will be automatically rolled back in ")
                    .append(Plural.of(within.toMinutes(), "minute"))
                    .append(" unless confirmed\n");
        }
        if (request.at() instanceof CommitTime.At at) {
            text.append("commit at will be executed at ").append(Times.local(at.time()));
            text.append("\nThe configuration has been changed but not committed\n");
        } else if (request.at() != null) {
            text.append("commit will be executed when the machine has started again\n");
        } else {
            text.append("commit complete\n");
        }
        if (isQuitting) {
            configuring.leave();
            text.append("Exiting configuration mode\n");
        }
        return new Answer.Text(text.toString(), steps(result));
    }

    private String steps(CommitResult result) {
        return shell.permissions().seesAll()
                ? String.join("", result.steps().stream().map(step -> step + "\n").toList())
                : "only users who may see the whole configuration see the steps\n";
    }

    private CommitResult answered(CommitResult result) throws CommandException {
        for (ConfigError warning : shell.permissions().visible(result.warnings())) {
            shell.screen().error("warning: " + warning + "\n");
        }
        if (!result.isDone()) {
            throw new CommandException(
                    text(router.schema(), shell.permissions().visible(result.errors())));
        }
        return result;
    }

    /** Each error below the level of its statement, and the verdict last. */
    static String text(SchemaNode schema, List<ConfigError> errors) {
        StringBuilder text = new StringBuilder();
        for (ConfigError error : errors) {
            if (!error.path().isEmpty()) {
                List<String> parent = Diff.parent(schema, error.path());
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

    /** The line that reminds of a commit that waits; empty when none does. */
    String reminder() {
        PendingCommit pending = router.pending();
        Instant deadline = pending == null ? null : pending.deadline();
        if (pending == null
                || deadline == null
                || pending.kind() != PendingCommit.Kind.CONFIRMATION) {
            return "";
        }
        long seconds = Math.max(0, Duration.between(Instant.now(), deadline).toSeconds());
        return "# commit confirmed will be rolled back in "
                + Plural.of((seconds + 59) / 60, "minute")
                + "\n";
    }

    // ---- rollback, update ---------------------------------------------------------------------

    private Answer rollBack(Arguments typed)
            throws CommandException, StatementException, IOException {
        String number = typed.values().getOrDefault("number", "0");
        Branch tree =
                switch (number) {
                    case "0" -> shell.running();
                    case "rescue" -> shell.rescue();
                    default -> shell.revision(number);
                };
        configuring.candidate().replace(tree);
        changeFailed = false;
        return new Answer.Text("load complete\n");
    }

    private Answer update() throws CommandException {
        if (configuring.candidate().mode() != Candidate.Mode.PRIVATE) {
            throw new CommandException("error: only a private candidate is updated");
        }
        StringBuilder text = new StringBuilder();
        for (List<String> path : configuring.candidate().update()) {
            text.append("warning: ")
                    .append(String.join(" ", path))
                    .append(": changed by another commit as well; your change is dropped\n");
        }
        shell.screen().error(text.toString());
        return new Answer.Text("update complete\n");
    }
}
