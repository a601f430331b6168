package floof.cli;

import floof.api.CommitResult;
import floof.api.Router;
import floof.api.SessionMessage;
import floof.config.Branch;
import floof.config.Diff;
import floof.config.Node;
import floof.config.Revision;
import floof.config.SetPrinter;
import floof.config.Statement;
import floof.config.TextPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static final Logger LOG = LoggerFactory.getLogger(Shell.class);

    private final Router router;
    private final Screen screen;
    private final Client client;
    private final Operational operational;
    private final Configuring configuring;
    private final Router.Listening listening;
    private boolean completeOnSpace = true;
    private int screenLength = -1;
    private boolean ended;

    Shell(Router router, Screen screen, Client client) {
        this.router = router;
        this.screen = screen;
        this.client = client;
        this.operational = new Operational(router, this);
        this.configuring = new Configuring(router, this, operational);
        this.listening = router.listen(this::tell);
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

    /** Grammar behind a |. */
    Position pipes() {
        return Pipe.grammar(this::revisions);
    }

    /** Committed configurations, for completion. */
    List<Suggestion> revisions() {
        return router.history().stream()
                .map(r ->
                        new Suggestion(
                                Integer.toString(r.number()),
                                Times.local(r.time()) + " by " + r.user() + " via " + r.client()))
                .toList();
    }

    Configuring configuring() {
        return configuring;
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

    void screenLength(int lines) {
        screenLength = lines;
    }

    private int pageLines() {
        return screenLength >= 0 ? screenLength : screen.rows();
    }

    /** The session is over, however it ended. */
    void close() {
        listening.close();
        configuring.leave();
    }

    private void tell(SessionMessage message) {
        screen.tell(
                "\nMessage to all sessions at "
                        + Times.local(message.time())
                        + ":\n"
                        + message.text()
                        + "\n");
    }

    /** Runs one line; false when it failed. */
    boolean execute(String line) {
        int offset = screen.isTerminal() ? prompt().length() : 0;
        try {
            if (line.length() > Word.LINE_MAX) {
                throw new CommandException(
                        "error: line of "
                                + line.length()
                                + " characters; expected at most "
                                + Word.LINE_MAX);
            }
            if (line.isBlank()) {
                return true;
            }
            Parse parse = Parse.of(grammar(), pipes(), line);
            print(parse.action().run(parse.words()), parse.pipes());
            return true;
        } catch (CommandException e) {
            if (!screen.isTerminal() && e.column() >= 0) {
                screen.error(line.length() > 500 ? line.substring(0, 500) + "\n" : line + "\n");
            }
            screen.error(e.text(offset));
        } catch (UncheckedIOException e) {
            throw e; // the client is gone
        } catch (RuntimeException e) {
            // A defect of ours in one command; the session goes on.
            LOG.error("'{}' failed", line, e);
            screen.error("error: internal error: " + e + "\n");
        }
        configuring.failed(line);
        return false;
    }

    private void print(Answer answer, List<Pipe> pipes) throws CommandException {
        String text = text(answer, pipes);
        List<Pipe> filters =
                pipes.stream()
                        .filter(p -> !List.of("display", "compare", "plan").contains(p.verb()))
                        .toList();
        boolean paging = filters.stream().noneMatch(pipe -> pipe.verb().equals("no-more"));
        if (!filters.isEmpty()) {
            List<String> lines = text.lines().toList();
            for (Pipe pipe : filters) {
                if (pipe.verb().equals("save")) {
                    lines = List.of(save(pipe.operand(), lines, "output"));
                } else {
                    lines = pipe.filter(lines, Math.max(1, pageLines()));
                }
            }
            text = String.join("", lines.stream().map(line -> line + "\n").toList());
        }
        if (paging) {
            screen.page(text, pageLines());
        } else {
            screen.print(text);
        }
    }

    private String text(Answer answer, List<Pipe> pipes) throws CommandException {
        boolean json = false;
        boolean set = false;
        boolean detail = false;
        boolean plan = false;
        Pipe compare = null;
        for (Pipe pipe : pipes) {
            json |= pipe.verb().equals("display") && pipe.operand().equals("json");
            set |= pipe.verb().equals("display") && pipe.operand().equals("set");
            detail |= pipe.verb().equals("display") && pipe.operand().equals("detail");
            plan |= pipe.verb().equals("plan");
            compare = pipe.verb().equals("compare") ? pipe : compare;
        }
        if (answer instanceof Answer.Tree tree) {
            if (plan) {
                return plan(tree.root());
            }
            if (compare != null) {
                return compare(tree, compare);
            }
            return json ? Json.print(tree.root().only(tree.path()), commit(tree)) : tree(tree, set);
        }
        if (compare != null || set || plan) {
            throw new CommandException(
                    "error: '"
                            + (set ? "display set" : plan ? "plan" : "compare")
                            + "' is for configurations only");
        }
        return switch (answer) {
            case Answer.Data data -> json ? Json.print(data.value()) : data.text();
            case Answer.Text plain -> {
                if (json) {
                    throw new CommandException("error: this output has no JSON form");
                }
                yield detail ? plain.detail() + plain.text() : plain.text();
            }
            case Answer.Tree tree -> tree(tree, false);
        };
    }

    private @Nullable Revision commit(Answer.Tree tree) {
        List<Revision> history = tree.candidate() ? List.of() : router.history();
        return history.isEmpty() ? null : history.getFirst();
    }

    private static String tree(Answer.Tree answer, boolean set) {
        Node node = answer.root().find(answer.path());
        return switch (node) {
            case null -> "";
            case Branch branch ->
                    set ? SetPrinter.print(branch, answer.path()) : TextPrinter.print(branch);
            case Statement statement ->
                    set
                            ? SetPrinter.print(
                                    statement, answer.path().subList(0, answer.path().size() - 1))
                            : statement + "\n";
        };
    }

    /** What a commit would do. */
    private String plan(Branch tree) throws CommandException {
        CommitResult plan = router.plan(tree);
        if (!plan.isDone()) {
            throw new CommandException(Committing.text(plan.errors()));
        }
        return String.join("", plan.steps().stream().map(step -> step + "\n").toList());
    }

    private String compare(Answer.Tree tree, Pipe pipe) throws CommandException {
        Branch other =
                pipe.words().size() == 3
                        ? revision(pipe.words().get(2))
                        : tree.candidate() ? router.running() : tree.root();
        return Diff.text(other, tree.root(), tree.path());
    }

    /** A committed configuration, by its number. */
    Branch revision(String number) throws CommandException {
        try {
            return router.revision(Integer.parseInt(number));
        } catch (IOException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    /** The configuration kept for emergencies. */
    Branch rescue() throws CommandException {
        try {
            return router.rescue();
        } catch (IOException e) {
            throw new CommandException("error: " + e.getMessage());
        }
    }

    /** The file a name means to the client. */
    Path file(String name) throws CommandException {
        try {
            return client.directory().resolve(name);
        } catch (InvalidPathException e) {
            throw new CommandException("error: '" + name + "' is no name of a file");
        }
    }

    String save(String name, List<String> lines, String what) throws CommandException {
        List<String> written = new ArrayList<>(lines);
        try {
            Files.write(file(name), written);
        } catch (IOException e) {
            throw new CommandException("error: cannot write '" + name + "': " + reason(e));
        }
        return "Wrote " + written.size() + " lines of " + what + " to '" + name + "'";
    }

    /** Why a file could not be used; the exceptions of java.nio.file carry only its name. */
    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException _ -> "no such file or directory";
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }
}
