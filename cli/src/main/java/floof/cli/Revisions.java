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
        Parameter number =
                Parameter.free("number", "Number of a commit", Shell.REVISION).required();
        Parameter other = Parameter.free("other", "Number of another", Shell.REVISION).required();
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
                        "What turns one into another",
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
