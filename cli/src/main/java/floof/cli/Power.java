package floof.cli;

import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Parameter;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.ShellCommand;
import floof.cli.tool.Tools;
import java.util.List;

/** {@code request system halt}, {@code power-off} and {@code reboot}, after a question. */
final class Power {

    private static final Kind TIME =
            Kind.matching("time", "<time>", "([01][0-9]|2[0-3]):[0-5][0-9]", "hh:mm");

    private final Shell shell;

    Power(Shell shell) {
        this.shell = shell;
    }

    Commands all() {
        return Commands.of(
                command("halt", "Halt the system", "--halt"),
                command("power-off", "Power off the system", "--poweroff"),
                command("reboot", "Reboot the system", "--reboot"));
    }

    private ShellCommand command(String word, String help, String option) {
        String question = help + " ? [yes,no] (no) ";
        return ShellCommand.of(
                "request system " + word,
                help,
                typed -> {
                    String minutes = typed.get("in");
                    return down(
                            question,
                            option,
                            minutes == null
                                    ? typed.values().getOrDefault("at", "now")
                                    : "+" + minutes);
                },
                Parameter.value("at", "Time of day, hh:mm", TIME).without("in"),
                Parameter.value("in", "Minutes from now", Kind.number("<minutes>", 1, 65_535))
                        .without("at"));
    }

    /** shutdown(8). */
    private Answer down(String question, String option, String time) throws CommandException {
        if (!shell.screen().isTerminal() || !shell.screen().isConfirmed(question)) {
            throw new CommandException("error: cancelled; confirm with 'yes' at a terminal");
        }
        List<String> words = List.of("shutdown", option, time);
        Tools.Captured done = shell.tools().captureAs("root", words, new byte[0], 1 << 16);
        return new Answer.Text(Tools.must("shut down the system", done).text());
    }
}
