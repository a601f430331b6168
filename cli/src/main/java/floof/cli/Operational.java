package floof.cli;

import floof.api.LogFiles;
import floof.api.Router;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Parameter;
import floof.api.view.Parameter.Word;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.CommandGrammar;
import floof.cli.grammar.Known;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.cli.grammar.ShellCommand;
import floof.cli.grammar.Statements;
import floof.cli.tool.UserFiles;
import floof.config.text.YangPrinter;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Operational mode: its grammar and what its commands do. */
final class Operational {

    private final Router router;
    private final Shell shell;
    private final Known known;
    private final Commands own;

    Operational(Router router, Shell shell) {
        this.router = router;
        this.shell = shell;
        this.known = new Known(router, shell::permissions, shell::running);
        known.complete(Shell.REVISION, shell::revisions);
        known.complete(Sessions.PID, shell.sessions()::pids);
        known.complete(ToolCommands.ADDRESS, known::addresses);
        known.completeFiles(UserFiles.FILE, shell.files()::beginningWith);
        this.own =
                sessionCommands()
                        .and(
                                shell.views(),
                                new ToolCommands(shell).all(),
                                new Revisions(shell).all(),
                                new Power(shell).all(),
                                shell.audit().commands(),
                                monitors());
    }

    Position grammar() {
        ShellCommand.Run end =
                typed -> {
                    shell.end();
                    return Answer.NONE;
                };
        return grammar(
                commands()
                        .and(
                                Commands.of(
                                        ShellCommand.of(
                                                "configure",
                                                "Change the configuration",
                                                shell.configuring()::enter,
                                                Configuring.MODE),
                                        ShellCommand.of("exit", "End the session", end),
                                        ShellCommand.of("quit", "End the session", end))),
                List.of(shell.help().keyword(false)));
    }

    /** The commands that {@code run} takes in configuration mode too. */
    Position running() {
        return grammar(commands(), List.of());
    }

    /** A word that names a file of the operator's. */
    Argument file(String help, Position next) {
        return known.argument(UserFiles.FILE, help, text -> next);
    }

    /** Of configuration mode. */
    List<Keyword> keywords(Commands commands) {
        return grammar(commands, List.of()).keywords();
    }

    private Commands commands() {
        return router.commands().and(own);
    }

    private Position grammar(Commands commands, List<Keyword> more) {
        Keyword configuration =
                new Keyword("configuration", "The running configuration", this::showConfiguration);
        return new CommandGrammar(
                        commands,
                        Map.of("", more, "show", List.of(configuration)),
                        known,
                        shell.access()::reader,
                        shell.screen()::progress)
                .position();
    }

    private Position showConfiguration() {
        return Statements.at(
                Statements.Verb.SHOW,
                shell.sight(shell.running()),
                List.of(),
                words ->
                        new Answer.Tree(
                                shell.running(), // anew at each refresh
                                words.subList(words.indexOf("configuration") + 1, words.size()),
                                false));
    }

    private Commands monitors() {
        Parameter log = Parameter.free("name", "Name of a log", Kind.LOG).required();
        return Commands.of(
                        ShellCommand.of(
                                "monitor interface",
                                "Counters and rates",
                                typed ->
                                        new MonitorInterface(router, shell.screen())
                                                .show(typed.get("name")),
                                Parameter.flag("traffic", "All interfaces").without("name"),
                                Parameter.free("name", "Name of an interface", Kind.INTERFACE)
                                        .required()
                                        .without("traffic")),
                        ShellCommand.of("monitor list", "List watched logs", typed -> watched()),
                        ShellCommand.of(
                                "monitor start",
                                "Watch a log",
                                typed -> startWatching(typed.required("name")),
                                log),
                        ShellCommand.of(
                                "monitor stop",
                                "Stop watching a log",
                                typed -> stopWatching(typed.required("name")),
                                log))
                .group("monitor", "Watch until a key is pressed");
    }

    private Answer startWatching(String log) throws CommandException {
        List<String> names = new LogFiles(router.machine().logs()).names();
        if (!names.contains(log)) {
            throw CommandException.unknown("there is no log '" + log + "'", names);
        }
        shell.logs().start(log);
        return Answer.NONE;
    }

    private Answer stopWatching(String log) throws CommandException {
        if (!shell.logs().stop(log)) {
            throw CommandException.unknown(
                    "log " + log + " is not watched", shell.logs().watched());
        }
        return Answer.NONE;
    }

    private Answer watched() {
        StringBuilder text = new StringBuilder();
        shell.logs()
                .watched()
                .forEach(log -> text.append("monitor start \"").append(log).append("\"\n"));
        return new Answer.Text(text.toString());
    }

    private Commands sessionCommands() {
        return Commands.of(
                        ShellCommand.of(
                                "show system schema",
                                "The configuration's statements, as a YANG module",
                                typed -> new Answer.Text(YangPrinter.print(router.schema()))),
                        ShellCommand.of(
                                "set cli complete-on-space",
                                "Complete words when a space is typed",
                                typed -> completeOnSpace(typed.required("state")),
                                Parameter.oneOf(
                                                "state",
                                                List.of(
                                                        new Word("off", "Insert the space"),
                                                        new Word("on", "Complete")))
                                        .required()),
                        setting(
                                "screen-length",
                                "Lines per page, 0 for no paging",
                                "Screen length set to ",
                                shell.output()::screenLength),
                        setting(
                                "screen-width",
                                "Columns per line",
                                "Screen width set to ",
                                shell.screen()::width))
                .group("set", "Change session settings")
                .group("set cli", "CLI session settings");
    }

    private Answer completeOnSpace(String state) {
        shell.completeOnSpace(state.equals("on"));
        return new Answer.Text(
                (state.equals("on") ? "Enabling" : "Disabling") + " complete-on-space\n");
    }

    private static ShellCommand setting(String word, String help, String done, IntConsumer set) {
        return ShellCommand.of(
                "set cli " + word,
                help,
                typed -> {
                    String number = typed.required("number");
                    set.accept(Integer.parseInt(number));
                    return new Answer.Text(done + number + "\n");
                },
                Parameter.number("number", 0, 10_000).required());
    }
}
