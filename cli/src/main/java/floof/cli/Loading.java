package floof.cli;

import floof.api.view.Arguments;
import floof.api.view.Commands;
import floof.api.view.Parameter;
import floof.api.view.Parameter.Word;
import floof.base.Plural;
import floof.base.Utf8;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.grammar.ShellCommand;
import floof.cli.limit.Room;
import floof.cli.tool.UserFiles;
import floof.config.edit.Edit;
import floof.config.text.Diff;
import floof.config.text.JsonReader;
import floof.config.text.Loaded;
import floof.config.text.PatchParser;
import floof.config.text.SetParser;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import floof.config.value.StatementException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Configurations from and to files and the terminal. */
final class Loading {

    /** Longest text that load reads from a terminal or script: a hundred may come at once. */
    private static final int LOAD_MAX = TextParser.TEXT_MAX / 2;

    /** Warnings of one load that are shown. */
    private static final int WARNINGS_MAX = 50;

    /** The word that stands in place of a file: the operator types the text. */
    private static final String TERMINAL = "terminal";

    private static final Parameter JSON = Parameter.flag("json", "The input is JSON").after("file");
    private static final Parameter RELATIVE =
            Parameter.flag("relative", "Paths are relative to this level").after("file");

    private final Shell shell;
    private final Configuring configuring;

    Loading(Shell shell, Configuring configuring) {
        this.shell = shell;
        this.configuring = configuring;
    }

    Commands commands() {
        return Commands.of(
                        ShellCommand.of(
                                "load factory-default",
                                "The factory configuration",
                                typed -> factoryDefault()),
                        nested("merge", "Merge into the candidate", TextParser::load),
                        nested("override", "Replace the candidate", anew(TextParser::load)),
                        loading("patch", "Apply output of 'show | compare'", PatchParser::load),
                        nested("replace", "Merge, honouring 'replace:' tags", TextParser::replace),
                        loading(
                                "set",
                                "Run set, delete and other commands",
                                SetParser::load,
                                RELATIVE),
                        nested(
                                "update",
                                "Replace the parts of the candidate that differ",
                                anew(TextParser::load)),
                        ShellCommand.of(
                                "save",
                                "Save this level to a file",
                                typed -> save(typed.required("file")),
                                Parameter.free("file", "Name", UserFiles.FILE).required()))
                .group("load", "Load a configuration");
    }

    /** How a text changes what is at a level. */
    private interface Reader {
        Loaded read(Branch at, String text);
    }

    private Answer factoryDefault() throws StatementException {
        configuring.candidate().edit(tree -> Branch.empty(tree.schema()));
        shell.screen().error("warning: activating factory configuration\n");
        return new Answer.Text("load complete\n");
    }

    /** Gives what the text alone says, sharing what is the same with what was there. */
    private static Reader anew(Reader reader) {
        return (at, text) -> {
            Loaded loaded = reader.read(at.bare(), text);
            Branch changed = Diff.apply(at, Diff.between(at, loaded.tree()));
            return new Loaded(changed, loaded.errors(), List.of());
        };
    }

    /** Reads text in braces, or JSON. */
    private ShellCommand nested(String how, String help, Reader reader) {
        return loading(how, help, reader, JSON, RELATIVE);
    }

    private ShellCommand loading(String how, String help, Reader reader, Parameter... options) {
        List<Parameter> all = new ArrayList<>();
        all.add(
                Parameter.free(
                                "file",
                                "Name of a file",
                                UserFiles.FILE,
                                new Word(TERMINAL, "Typed input, up to ^D"))
                        .required());
        all.addAll(List.of(options));
        return ShellCommand.of(
                "load " + how,
                help,
                typed -> load(typed, typed.has("json") ? json(how) : reader),
                all.toArray(Parameter[]::new));
    }

    private static Reader json(String how) {
        return switch (how) {
            case "override", "update" -> anew(JsonReader::load);
            default -> JsonReader::load;
        };
    }

    private Answer load(Arguments typed, Reader reader)
            throws CommandException, StatementException {
        String name = typed.required("file");
        String text = name.equals(TERMINAL) ? terminal() : shell.files().read(name);
        List<String> from = typed.has("relative") ? configuring.level() : List.of();
        List<Loaded.Mistake> warnings = new ArrayList<>();
        Function<Branch, Loaded> reading = tree -> at(tree, from, text, reader, warnings);
        List<Loaded.Mistake> mistakes =
                shell.room().read(text, () -> configuring.candidate().load(reading));
        if (mistakes.isEmpty()) {
            warn(name, warnings);
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
        report.append("load complete (").append(Plural.of(mistakes.size(), "error")).append(")\n");
        throw new CommandException(report.append("candidate unchanged").toString());
    }

    private void warn(String name, List<Loaded.Mistake> warnings) {
        for (Loaded.Mistake warning :
                warnings.subList(0, Math.min(WARNINGS_MAX, warnings.size()))) {
            shell.screen()
                    .error(
                            "warning: %s: %s:%d: %s\n"
                                    .formatted(
                                            warning.message(),
                                            name,
                                            warning.line(),
                                            warning.token()));
        }
        if (warnings.size() > WARNINGS_MAX) {
            int more = warnings.size() - WARNINGS_MAX;
            shell.screen().error("warning: " + Plural.of(more, "more warning") + "\n");
        }
    }

    private static Loaded at(
            Branch tree,
            List<String> from,
            String text,
            Reader reader,
            List<Loaded.Mistake> warnings) {
        List<Loaded.Mistake> mistakes = new ArrayList<>();
        try {
            Branch changed =
                    Edit.at(
                            tree,
                            from,
                            branch -> {
                                Loaded loaded = reader.read(branch, text);
                                mistakes.addAll(loaded.errors());
                                warnings.addAll(loaded.warnings());
                                return loaded.tree();
                            });
            return new Loaded(changed, mistakes, warnings);
        } catch (StatementException e) {
            mistakes.add(new Loaded.Mistake(1, 1, "", e.getMessage()));
            return new Loaded(tree, mistakes, warnings);
        }
    }

    private String terminal() throws CommandException {
        if (shell.screen().isTerminal()) {
            shell.screen().print("[Type ^D at a new line to end input]\n");
        }
        StringBuilder text = new StringBuilder();
        CommandException failure = null;
        try (Room.Share share = shell.room().share()) {
            for (String line = shell.screen().ask("");
                    line != null && !line.equals("\u0004");
                    line = shell.screen().ask("")) {
                try {
                    if (failure == null) {
                        add(text, line, share);
                    }
                } catch (CommandException e) { // read to its end: what is left are no commands
                    failure = e;
                    text = new StringBuilder();
                    share.giveBack();
                }
            }
        }
        if (shell.screen().isGivenUp()) {
            throw new CommandException("error: interrupted; candidate unchanged");
        }
        if (failure != null) {
            throw failure;
        }
        return text.toString();
    }

    private void add(StringBuilder text, String line, Room.Share share) throws CommandException {
        if (text.length() + line.length() >= LOAD_MAX) {
            throw new CommandException("error: input of more than " + LOAD_MAX + " characters");
        }
        if (shell.screen().isTerminal() && line.indexOf(Utf8.REPLACEMENT) >= 0) {
            throw new CommandException(
                    "error: line %d, column %d: not UTF-8"
                            .formatted(
                                    text.chars().filter(c -> c == '\n').count() + 1,
                                    line.indexOf(Utf8.REPLACEMENT) + 1));
        }
        share.take(line.length() + 1L);
        text.append(line).append('\n');
    }

    private Answer save(String file) throws CommandException {
        Branch branch =
                configuring.candidate().tree().find(configuring.level()) instanceof Branch found
                        ? found
                        : Branch.empty(configuring.candidate().tree().schema());
        List<String> lines = TextPrinter.print(Objects.requireNonNull(branch)).lines().toList();
        return new Answer.Text(shell.files().write(file, lines, "configuration") + "\n");
    }
}
