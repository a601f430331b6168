package floof.cli;

import floof.api.Router;
import floof.api.view.Kind;
import floof.api.view.UnavailableException;
import floof.api.view.Views;
import floof.base.Plural;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.Known;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import floof.cli.grammar.Position.Action;
import floof.cli.grammar.Position.Argument;
import floof.cli.grammar.Position.Keyword;
import floof.cli.grammar.Statements;
import floof.cli.grammar.ViewGrammar;
import floof.config.text.YangPrinter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Operational mode: its grammar and what its commands do. */
final class Operational {

    /** An answer that a part of the router may be unable to give. */
    interface Question {
        Answer ask() throws UnavailableException, CommandException;
    }

    private final Router router;
    private final Shell shell;
    private final Revisions revisions;
    private final Known known;

    private final ToolCommands tools;
    private final Upkeep upkeep;

    Operational(Router router, Shell shell) {
        this.router = router;
        this.shell = shell;
        this.known = new Known(router, shell::permissions, shell::running);
        this.tools = new ToolCommands(shell, known);
        this.upkeep = new Upkeep(router, shell, known);
        this.revisions = new Revisions(router, shell);
    }

    Position grammar() {
        List<Keyword> keywords = new ArrayList<>(running().keywords());
        keywords.add(
                0,
                new Keyword(
                        "configure",
                        "Change the configuration",
                        () -> shell.configuring().enters()));
        keywords.add(1, new Keyword("exit", "End the session", this::exits));
        keywords.add(2, shell.help().keyword(false));
        keywords.add(new Keyword("quit", "End the session", this::exits));
        keywords.sort(Comparator.comparing(Keyword::word));
        return new Position(keywords);
    }

    private Position exits() {
        return Position.end(words -> {
            shell.end();
            return Answer.NONE;
        });
    }

    /** The commands that {@code run} takes in configuration mode too. */
    Position running() {
        List<Keyword> keywords = new ArrayList<>(tools.keywords());
        keywords.add(new Keyword("clear", "Forget state", this::clears));
        keywords.add(new Keyword("monitor", "Watch until a key is pressed", this::monitors));
        keywords.add(new Keyword("request", "Have the router do something", this::requests));
        keywords.add(new Keyword("restart", "Start a part anew", upkeep::restarts));
        keywords.add(new Keyword("set", "Properties of this session", this::sets));
        keywords.add(new Keyword("show", "Show the state of the router", this::shows));
        keywords.add(new Keyword("trace", "Trace packets through the fast path", this::traces));
        keywords.sort(Comparator.comparing(Keyword::word));
        return new Position(keywords);
    }

    private Position requests() {
        return Position.of(
                new Keyword(
                        "system",
                        "The machine and its configurations",
                        () ->
                                sorted(
                                        upkeep.system(),
                                        Stream.concat(
                                                        revisions.requests().stream(),
                                                        shell.requests().stream())
                                                .toList())));
    }

    private Position clears() {
        Keyword system =
                new Keyword("system", "The system", () -> new Position(revisions.clears()));
        return sorted(upkeep.clears(), List.of(system));
    }

    private static Position sorted(List<Keyword> some, List<Keyword> others) {
        return Position.sorted(Stream.concat(some.stream(), others.stream()).toList());
    }

    private Position monitors() {
        Argument name =
                known.argument(
                        Kind.INTERFACE,
                        "Name of an interface",
                        text ->
                                Position.end(
                                        asking(() ->
                                                new MonitorInterface(router, shell.screen())
                                                        .show(text))));
        return Position.of(
                new Keyword(
                        "interface",
                        "Counters and rates",
                        () ->
                                new Position(
                                        List.of(
                                                leaf(
                                                        "traffic",
                                                        "Of all interfaces",
                                                        () ->
                                                                new MonitorInterface(
                                                                                router,
                                                                                shell.screen())
                                                                        .show(null))),
                                        name,
                                        null)),
                leaf("list", "Logs that are watched", () -> watched()),
                new Keyword(
                        "start",
                        "Tell new lines of a log",
                        () ->
                                upkeep.log(log -> {
                                    shell.logs().start(log);
                                    return Answer.NONE;
                                })),
                new Keyword(
                        "stop",
                        "No more lines of a log",
                        () ->
                                upkeep.log(log -> {
                                    if (!shell.logs().stop(log)) {
                                        throw CommandException.unknown(
                                                "log " + log + " is not watched",
                                                shell.logs().watched());
                                    }
                                    return Answer.NONE;
                                })),
                new Keyword("traffic", "Packets of an interface", tools::monitorTraffic));
    }

    private Answer watched() {
        StringBuilder text = new StringBuilder();
        shell.logs()
                .watched()
                .forEach(log -> text.append("monitor start \"").append(log).append("\"\n"));
        return new Answer.Text(text.toString());
    }

    private Position showLog() {
        Position one = upkeep.log(name -> Logs.show(router.machine().logs(), name));
        return new Position(one.keywords(), null, words -> Logs.list(router.machine().logs()));
    }

    static Keyword leaf(String word, String help, Question question) {
        return new Keyword(word, help, () -> Position.end(asking(question)));
    }

    static Action asking(Question question) {
        return words -> ask(question);
    }

    private static Answer ask(Question question) throws CommandException {
        try {
            return question.ask();
        } catch (UnavailableException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    private Position shows() {
        Map<String, List<Keyword>> others =
                Map.of(
                        "",
                        List.of(
                                new Keyword("cli", "This session", this::showCli),
                                new Keyword(
                                        "configuration",
                                        "The running configuration",
                                        this::showConfiguration),
                                new Keyword("log", "Logs", this::showLog)),
                        "system",
                        List.of(
                                revisions.shows(),
                                new Keyword(
                                        "schema",
                                        "The configuration's statements, as a YANG module",
                                        () -> Position.end(words -> schema()))));
        Views views = router.views().and(shell.sessions().views(router::running));
        return new ViewGrammar(views, others, known, shell.access()).position();
    }

    private Answer schema() {
        return new Answer.Text(YangPrinter.print(router.schema()));
    }

    private Position showCli() {
        Argument count =
                Pipe.number("<count>", 1, Shell.HISTORY_MAX)
                        .leadingTo(text ->
                                Position.end(words -> shell.history(Integer.parseInt(text))));
        return Position.optional(
                words -> shell.settings(),
                new Keyword(
                        "history",
                        "Lines typed before",
                        () ->
                                new Position(
                                        List.of(),
                                        count,
                                        words -> shell.history(Shell.HISTORY_MAX))));
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

    private Position traces() {
        Argument count = Pipe.number("<count>", 1, 1000);
        Position add =
                Position.then(
                        new Argument(
                                ' ',
                                "<count>",
                                "Packets, 1..1000",
                                count.wrong(),
                                List::of,
                                text -> Position.end(asking(() -> addTrace(text)))));
        return Position.of(new Keyword("add", "Trace the next packets", () -> add));
    }

    private Answer addTrace(String count) throws UnavailableException {
        int packets = Integer.parseInt(count);
        router.fastPath().addTrace(packets);
        return new Answer.Text("Tracing the next " + Plural.of(packets, "packet") + "\n");
    }

    private Position sets() {
        return Position.of(
                new Keyword(
                        "cli",
                        "This session",
                        () ->
                                Position.of(
                                        new Keyword(
                                                "complete-on-space",
                                                "Complete words when a space is typed",
                                                () ->
                                                        Position.of(
                                                                completeOnSpace("off", false),
                                                                completeOnSpace("on", true))),
                                        setting(
                                                "screen-length",
                                                "Lines of a page, 0 for no pages",
                                                "Screen length set to ",
                                                shell.output()::screenLength),
                                        setting(
                                                "screen-width",
                                                "Columns of a line",
                                                "Screen width set to ",
                                                shell.screen()::width))));
    }

    private Keyword completeOnSpace(String word, boolean on) {
        return new Keyword(
                word,
                on ? "Complete" : "Leave the space a space",
                () ->
                        Position.end(words -> {
                            shell.completeOnSpace(on);
                            return new Answer.Text(
                                    (on ? "Enabling" : "Disabling") + " complete-on-space\n");
                        }));
    }

    private static Keyword setting(
            String word, String help, String done, java.util.function.IntConsumer set) {
        Argument number = Pipe.number("<number>", 0, 10_000);
        return new Keyword(
                word,
                help,
                () ->
                        Position.then(
                                new Argument(
                                        ' ',
                                        "<number>",
                                        number.help(),
                                        number.wrong(),
                                        List::of,
                                        text ->
                                                Position.end(words -> {
                                                    set.accept(Integer.parseInt(text));
                                                    return new Answer.Text(done + text + "\n");
                                                }))));
    }
}
