package floof.cli.grammar;

import floof.api.view.Arguments;
import floof.api.view.Command;
import floof.api.view.Parameter;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.config.value.StatementException;
import java.io.IOException;
import java.util.List;

/**
 * A command of the shell's own.
 *
 * @param run does it
 */
public record ShellCommand(String line, String help, List<Parameter> parameters, Run run)
        implements Command {

    /** What a command does; the message of an exception is for the operator. */
    @FunctionalInterface
    public interface Run {
        Answer run(Arguments typed) throws CommandException, StatementException, IOException;
    }

    /**
     * @param parameters what may be typed behind the line, in the order of the canonical one
     */
    public static ShellCommand of(String line, String help, Run run, Parameter... parameters) {
        return new ShellCommand(line, help, List.of(parameters), run);
    }
}
