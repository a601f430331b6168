package floof.cli;

import floof.api.view.Commands;
import floof.api.view.Parameter;
import floof.cli.answer.Answer;
import floof.cli.grammar.ShellCommand;
import floof.config.text.Diff;
import java.util.List;

/** {@code show system rollback}: what was committed. */
final class Revisions {

    private final Shell shell;

    Revisions(Shell shell) {
        this.shell = shell;
    }

    Commands all() {
        Parameter number = Parameter.free("number", "Revision number", Shell.REVISION).required();
        Parameter other = Parameter.free("other", "Other revision", Shell.REVISION).required();
        return Commands.of(
                ShellCommand.of(
                        "show system rollback",
                        "A committed configuration",
                        typed ->
                                new Answer.Tree(
                                        shell.revision(typed.required("number")), List.of(), false),
                        number),
                ShellCommand.of(
                        "show system rollback compare",
                        "Differences between two revisions",
                        typed ->
                                new Answer.Text(
                                        Diff.text(
                                                shell.revision(typed.required("number")),
                                                shell.revision(typed.required("other")),
                                                List.of())),
                        number,
                        other.after("number")));
    }
}
