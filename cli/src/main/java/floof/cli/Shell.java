package floof.cli;

import floof.api.Access;
import floof.api.AuditLog;
import floof.api.LogFiles;
import floof.api.Router;
import floof.api.SessionMessage;
import floof.api.show.ShowSystem;
import floof.api.view.Commands;
import floof.api.view.Kind;
import floof.api.view.Layout;
import floof.api.view.Parameter;
import floof.api.view.Times;
import floof.api.view.View;
import floof.base.Utf8;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.answer.Word;
import floof.cli.grammar.Help;
import floof.cli.grammar.Parse;
import floof.cli.grammar.Pipe;
import floof.cli.grammar.Position;
import floof.cli.grammar.Statements;
import floof.cli.limit.Room;
import floof.cli.screen.Screen;
import floof.cli.tool.Tools;
import floof.cli.tool.UserFiles;
import floof.cli.wire.Client;
import floof.config.access.Permissions;
import floof.config.text.Loaded;
import floof.config.tree.Branch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator's shell: reads lines against the grammar of its mode, runs them, sends their output
 * through pipes to the screen. Thread: the session's.
 *
 * <p>A script goes on after a command that failed, except that {@code commit} is refused when a
 * change of the candidate failed before it: half of what was meant must not become active. {@code
 * rollback} lifts that.
 */
final class Shell {

    /** Number of a committed configuration. */
    static final Kind REVISION = Kind.number(0, 49);

    /** Lines that are remembered. */
    static final int HISTORY_MAX = 500;

    /** How much of a line is remembered, in characters. */
    private static final int REMEMBERED_MAX = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Shell.class);

    private final Router router;
    private final Access access;
    private final Screen screen;
    private final Client client;
    private final Sessions sessions;
    private final Audit audit;
    private final Operational operational;
    private final Configuring configuring;
    private final Router.Listening listening;
    private final Runnable alarmsEnd;
    private final Output output;
    private final Tools tools;
    private final Logs logs;
    private final UserFiles files;
    private final Help help;
    private final Deque<Typed> history = new ArrayDeque<>();
    private boolean completeOnSpace = true;
    private boolean ended;

    Shell(Router router, Screen screen, Client client, Sessions sessions) {
        this.router = router;
        this.access = router.as(client.user());
        this.screen = screen;
        this.client = client;
        this.sessions = sessions;
        this.audit = new Audit(router::audit, client, screen);
        this.tools = new Tools(router.machine(), client, screen, sessions.room());
        this.logs = new Logs(new LogFiles(router.machine().logs()), screen::tell);
        this.files = new UserFiles(tools);
        this.output = new Output(router, this, screen);
        this.operational = new Operational(router, this);
        this.configuring = new Configuring(router, this, operational);
        this.help =
                new Help(
                        router.schema(),
                        () -> operational.grammar().only(permissions()::mayBegin, ""),
                        configuring::level,
                        path -> permissions().maySee(path));
        this.listening = router.listen(this::tell);
        this.alarmsEnd = router.alarms().listen(new AlarmNews(this::permissions, screen::tell));
    }

    /** A line, and when it came. */
    record Typed(Instant time, String line) {}

    /**
     * What {@code set cli} sets.
     *
     * @param completeOnSpace whether a space completes the word before it
     * @param screenLength lines of a page, 0 for no pages
     * @param screenWidth columns of a line, 0 for no end
     */
    record Settings(boolean completeOnSpace, int screenLength, int screenWidth) {}

    Help help() {
        return help;
    }

    /** {@code show cli} and its history. */
    Commands views() {
        Layout.Printer<Typed> lines =
                (typed, out) ->
                        out.append(Times.clock(typed.time()))
                                .append(" -- ")
                                .append(typed.line())
                                .append('\n');
        return Commands.of(
                View.at("cli", "CLI session settings")
                        .one(Settings.class, this::settings, Shell::text),
                View.at("cli history", "Command history")
                        .of(Typed.class, (typed, _) -> history(typed.get("count")), lines)
                        .with(Parameter.number("count", 1, HISTORY_MAX)));
    }

    private List<Typed> history(@Nullable String count) {
        int wanted = count == null ? HISTORY_MAX : Integer.parseInt(count);
        return history.stream().skip(Math.max(0, history.size() - wanted)).toList();
    }

    private Settings settings() {
        return new Settings(completeOnSpace, output.screenLength(), screen.columns());
    }

    private static List<String> text(Settings settings) {
        return List.of(
                """
                CLI complete-on-space set to %s
                CLI screen-length set to %d
                CLI screen-width set to %d
                """
                        .formatted(
                                settings.completeOnSpace() ? "on" : "off",
                                settings.screenLength(),
                                settings.screenWidth()));
    }

    Screen screen() {
        return screen;
    }

    Client client() {
        return client;
    }

    /** Grammar of the mode the shell is in. */
    Position grammar() {
        return configuring.isActive() ? configuring.grammar() : operational.grammar();
    }

    /** What may stand at the end of an unfinished line, but for what the class may not run. */
    Parse.Completion complete(String line) throws CommandException {
        Permissions permissions = permissions();
        Predicate<String> mayBegin =
                configuring.isActive() ? permissions::mayBeginConfiguring : permissions::mayBegin;
        return Parse.complete(
                grammar().only(mayBegin, ""),
                command -> pipes(command).only(mayBegin, String.join(" ", command) + " | "),
                line);
    }

    /** Whether a command, or its begin, is of operational mode. */
    private boolean isOperational(String command) {
        return !configuring.isActive() || command.matches("(?s)run( .*)?");
    }

    private Position pipes(List<String> command) {
        return Pipe.grammar(
                this::revisions,
                operational.file("Name of the file", Pipe.end()),
                isOperational(command.getFirst()));
    }

    /** Committed configurations for completion. */
    List<Suggestion> revisions() {
        return ShowSystem.history(router, access.reader()).stream()
                .map(r ->
                        new Suggestion(
                                Integer.toString(r.number()),
                                Times.local(r.time()) + " by " + r.user() + " via " + r.client()))
                .toList();
    }

    Configuring configuring() {
        return configuring;
    }

    /** What an operator should know when the session begins. */
    String greeting() {
        return AlarmNews.greeting(router.alarms(), access.reader());
    }

    /** What stands before a line: {@code user@host> } or {@code user@host# }. */
    String prompt() {
        String end = configuring.isActive() ? "# " : "> ";
        return client.user() + "@" + router.hostName() + end;
    }

    /** What is printed above the prompt; empty in operational mode. */
    String banner() {
        return configuring.isActive() ? configuring.banner() : "";
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    boolean completesOnSpace() {
        return completeOnSpace;
    }

    void completeOnSpace(boolean on) {
        completeOnSpace = on;
    }

    Output output() {
        return output;
    }

    /** The session is over, however it ended. */
    void close() {
        listening.close();
        alarmsEnd.run();
        logs.close();
        configuring.leave();
    }

    private void tell(SessionMessage message) {
        StringBuilder text = new StringBuilder("\nMessage to all sessions at ");
        text.append(Times.local(message.time())).append(":\n").append(message.text()).append('\n');
        permissions().visible(message.errors()).forEach(error -> text.append(error).append('\n'));
        screen.tell(text.toString());
    }

    /** Runs one line; false when it failed. */
    boolean execute(String line) {
        String prompt = screen.isTerminal() ? prompt() : "";
        String shown = "a line";
        try {
            if (line.isBlank() || Word.isComment(line)) {
                return true;
            }
            remember(line.strip());
            Parse parse = parse(line);
            shown = parse.masked();
            admit(parse);
            audit.tell(AuditLog.Kind.COMMAND, parse.masked());
            output.run(parse);
            return true;
        } catch (CommandException e) {
            if (!screen.isTerminal() && e.column() >= 0) {
                screen.error(line.length() > 500 ? line.substring(0, 500) + "\n" : line + "\n");
            }
            screen.error(e.text(prompt + line, prompt.length()));
        } catch (UncheckedIOException e) {
            throw e; // the client is gone
        } catch (StackOverflowError e) {
            // java.util.regex recurses for repeated groups.
            screen.error("error: the line is too complex\n");
        } catch (RuntimeException e) {
            // A defect of ours in one command; the session goes on.
            LOG.error("'{}' failed", shown, e);
            screen.error("error: internal error: " + e + "\n");
        }
        configuring.failed(line);
        return false;
    }

    private void remember(String line) {
        String clipped =
                line.length() > REMEMBERED_MAX ? line.substring(0, REMEMBERED_MAX) + "..." : line;
        history.addLast(new Typed(Instant.now(), clipped));
        if (history.size() > HISTORY_MAX) {
            history.removeFirst();
        }
    }

    /** What a line means; one that means nothing is written down as well. */
    private Parse parse(String line) throws CommandException {
        Position grammar = grammar();
        try {
            int alien = screen.isTerminal() ? line.indexOf(Utf8.REPLACEMENT) : -1;
            if (alien >= 0) {
                throw new CommandException("this is not UTF-8.", alien);
            }
            if (line.length() > Word.LINE_MAX) {
                throw new CommandException(
                        "error: line of "
                                + line.length()
                                + " characters; expected at most "
                                + Word.LINE_MAX);
            }
            return Parse.of(grammar, this::pipes, line);
        } catch (CommandException e) {
            audit.tell(AuditLog.Kind.FAULTY, Parse.faulty(grammar, this::pipes, line));
            throw e;
        }
    }

    /** The router as the operator may use it. */
    Access access() {
        return access;
    }

    /** What the operator may do, by the running configuration. */
    Permissions permissions() {
        return access.permissions();
    }

    /** What the operator may see of the running configuration. */
    Branch running() {
        return access.running();
    }

    /** What completion may offer of a configuration that the operator may see. */
    Statements.Sight sight(Branch tree) {
        return new Statements.Sight(tree, permissions()::maySee, router.machine()::devices);
    }

    /** Refuses what the operator's class may not do; the one place where commands are admitted. */
    private void admit(Parse parse) throws CommandException {
        String command = parse.command();
        Permissions permissions = permissions();
        boolean may =
                configuring.isActive()
                        ? permissions.mayConfigure(command)
                        : permissions.mayRun(command);
        if (!may) {
            audit.tell(AuditLog.Kind.REFUSED, parse.masked());
            throw new CommandException("error: permission denied");
        }
    }

    Audit audit() {
        return audit;
    }

    Sessions sessions() {
        return sessions;
    }

    /** A hash of a password. */
    String hash(String password) throws CommandException {
        try {
            return router.machine().hash(password);
        } catch (IllegalArgumentException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    /** A committed configuration, by its number. */
    Branch revision(String number) throws CommandException {
        try {
            return permissions().visible(router.revision(Integer.parseInt(number)));
        } catch (IOException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    /** The configuration kept for emergencies. */
    Branch rescue() throws IOException {
        Loaded kept = router.rescue();
        Branch visible = permissions().visible(kept.tree());
        if (visible.equals(kept.tree())) { // a warning names values that may be hidden
            String refused =
                    "warning: the rescue configuration has a value that this version refuses: ";
            kept.warnings().forEach(warning -> screen.error(refused + warning + "\n"));
        }
        return visible;
    }

    /** The memory that all sessions share. */
    Room room() {
        return sessions.room();
    }

    /** The operator's files. */
    UserFiles files() {
        return files;
    }

    Tools tools() {
        return tools;
    }

    /** Logs that this session watches. */
    Logs logs() {
        return logs;
    }
}
