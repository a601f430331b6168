package floof.cli;

import floof.api.Router;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Action;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.config.text.Diff;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Operational commands about what was committed, what waits, and the rescue configuration. */
final class Revisions {

    private final Router router;
    private final Shell shell;

    Revisions(Router router, Shell shell) {
        this.router = router;
        this.shell = shell;
    }

    /** Below {@code show system}. */
    Keyword shows() {
        return new Keyword("rollback", "A committed configuration", this::rollbacks);
    }

    /** Below {@code clear system}. */
    List<Keyword> clears() {
        return List.of(
                new Keyword(
                        "commit",
                        "Take a commit back that waits for its time",
                        () -> Position.end(words -> clear())));
    }

    /** Below {@code request system}. */
    List<Keyword> requests() {
        return List.of(
                new Keyword(
                        "configuration",
                        "Configurations",
                        () ->
                                Position.of(
                                        new Keyword(
                                                "rescue",
                                                "The configuration kept for emergencies",
                                                this::rescues))));
    }

    private Position rollbacks() {
        return new Position(
                List.of(
                        new Keyword(
                                "compare",
                                "What turns one into another",
                                () ->
                                        number(from ->
                                                number(to ->
                                                        Position.end(
                                                                words -> compare(from, to)))))),
                number(text ->
                                Position.end(words ->
                                        new Answer.Tree(shell.revision(text), List.of(), false)))
                        .argument(),
                null);
    }

    private Answer compare(String from, String to) throws CommandException {
        return new Answer.Text(Diff.text(shell.revision(from), shell.revision(to), List.of()));
    }

    private Position number(Function<String, Position> next) {
        Argument number = Pipe.number("<number>", 0, 49).knowing(shell::revisions).leadingTo(next);
        return Position.then(number);
    }

    private Answer clear() throws CommandException {
        try {
            return new Answer.Text(
                    router.clearPending()
                            ? "the commit that waited is taken back\n"
                            : "no commit waits for its time\n");
        } catch (IOException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private Position rescues() {
        return Position.of(
                new Keyword(
                        "delete",
                        "Forget it",
                        () ->
                                saying(words ->
                                        new Answer.Text(
                                                router.deleteRescue()
                                                        ? "rescue configuration deleted\n"
                                                        : "there is no rescue configuration\n"))),
                new Keyword(
                        "save",
                        "Keep the running configuration",
                        () ->
                                saying(words -> {
                                    router.saveRescue();
                                    return new Answer.Text("rescue configuration saved\n");
                                })));
    }

    private interface Storing {
        Answer run(List<String> words) throws IOException;
    }

    private static Position saying(Storing storing) {
        Action action =
                words -> {
                    try {
                        return storing.run(words);
                    } catch (IOException e) {
                        throw new CommandException("error: " + e.getMessage());
                    }
                };
        return Position.end(action);
    }
}
