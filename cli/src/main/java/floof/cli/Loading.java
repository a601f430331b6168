package floof.cli;

import floof.cli.Position.Argument;
import floof.cli.Position.Keyword;
import floof.config.Branch;
import floof.config.Candidate;
import floof.config.Loaded;
import floof.config.Schema;
import floof.config.SetParser;
import floof.config.StatementException;
import floof.config.TextParser;
import floof.config.TextPrinter;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Configurations from and to files and the terminal. */
final class Loading {

    /** Largest file or terminal input that load reads, in characters; the parser's own limit. */
    private static final int LOAD_MAX = TextParser.TEXT_MAX;

    private final Shell shell;
    private final Supplier<Candidate> candidate;
    private final Supplier<List<String>> level;

    /**
     * @param candidate what is read onto
     * @param level the edit level
     */
    Loading(Shell shell, Supplier<Candidate> candidate, Supplier<List<String>> level) {
        this.shell = shell;
        this.candidate = candidate;
        this.level = level;
    }

    List<Keyword> keywords() {
        return List.of(
                new Keyword("load", "Read a configuration", this::loads),
                new Keyword(
                        "save",
                        "Write this level into a file",
                        () ->
                                new Position(
                                        List.of(),
                                        Argument.any("<file>", "Name", Position.end(this::save)),
                                        null)));
    }

    private Position loads() {
        return Position.of(
                loading("merge", "Combine with the candidate", TextParser::load),
                loading(
                        "override",
                        "Replace the candidate",
                        (tree, text) -> TextParser.load(Schema.EMPTY, text)),
                loading("set", "Run set and delete lines", SetParser::load));
    }

    private Keyword loading(String how, String help, BiFunction<Branch, String, Loaded> read) {
        return new Keyword(
                how,
                help,
                () ->
                        new Position(
                                List.of(
                                        new Keyword(
                                                "terminal",
                                                "What is typed, up to ^D",
                                                () ->
                                                        Position.end(words ->
                                                                load(
                                                                        "terminal",
                                                                        terminal(),
                                                                        read)))),
                                Argument.any(
                                        "<file>",
                                        "Name of a file",
                                        Position.end(words ->
                                                load(
                                                        words.getLast(),
                                                        file(words.getLast()),
                                                        read))),
                                null));
    }

    private Answer load(String name, String text, BiFunction<Branch, String, Loaded> read)
            throws CommandException {
        List<Loaded.Mistake> mistakes;
        try {
            mistakes = candidate.get().load(tree -> read.apply(tree, text));
        } catch (StatementException e) {
            throw new CommandException("error: " + e.getMessage());
        }
        if (mistakes.isEmpty()) {
            return new Answer.Text("load complete\n");
        }
        StringBuilder report = new StringBuilder();
        for (Loaded.Mistake mistake : mistakes) {
            report.append(name)
                    .append(':')
                    .append(mistake.line())
                    .append(":(")
                    .append(mistake.column())
                    .append(") syntax error: ")
                    .append(mistake.token())
                    .append("\n  ")
                    .append(mistake.message())
                    .append('\n');
        }
        report.append("load complete (").append(mistakes.size()).append(" errors)\n");
        throw new CommandException(report.append("candidate unchanged").toString());
    }

    private String terminal() throws CommandException {
        if (shell.screen().isTerminal()) {
            shell.screen().print("[Type ^D at a new line to end input]\n");
        }
        StringBuilder text = new StringBuilder();
        for (String line = shell.screen().ask("");
                line != null && !line.equals("\u0004");
                line = shell.screen().ask("")) {
            if (text.length() + line.length() >= LOAD_MAX) {
                throw tooLong();
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private static CommandException tooLong() {
        return new CommandException("error: input of more than " + LOAD_MAX + " characters");
    }

    private String file(String name) throws CommandException {
        String text = shell.files().read(name);
        if (text.length() > LOAD_MAX) {
            throw tooLong();
        }
        return text;
    }

    private Answer save(List<String> words) throws CommandException {
        Branch branch =
                candidate.get().tree().find(level.get()) instanceof Branch found
                        ? found
                        : Schema.EMPTY;
        List<String> lines = TextPrinter.print(Objects.requireNonNull(branch)).lines().toList();
        return new Answer.Text(shell.files().write(words.getLast(), lines, "configuration") + "\n");
    }
}
