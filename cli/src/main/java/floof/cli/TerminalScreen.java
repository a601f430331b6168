package floof.cli;

import floof.api.Program;
import floof.cli.answer.Answer;
import floof.cli.answer.Columns;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.answer.Suggestion;
import floof.cli.answer.Word;
import floof.cli.grammar.Parse;
import floof.cli.grammar.Position;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ModelessOutput;
import floof.cli.screen.Pager;
import floof.cli.screen.Screen;
import floof.cli.screen.Working;
import floof.cli.wire.Wire;
import floof.config.tree.TextPrinter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;

/**
 * The screen of an operator at a terminal: JLine's editor over the session's bytes, with completion
 * on space, tab and ?. Thread: the session's; {@link #resize} from its input.
 */
final class TerminalScreen implements Screen, AutoCloseable {

    /**
     * What terminals send for these keys unless their mode was set, which is not ({@link
     * ModelessOutput}).
     */
    private static final Map<String, String> CURSOR_KEYS =
            Map.of(
                    "\033[A", LineReader.UP_LINE_OR_HISTORY,
                    "\033[B", LineReader.DOWN_LINE_OR_HISTORY,
                    "\033[C", LineReader.FORWARD_CHAR,
                    "\033[D", LineReader.BACKWARD_CHAR,
                    "\033[H", LineReader.BEGINNING_OF_LINE,
                    "\033[F", LineReader.END_OF_LINE,
                    "\033[3~", LineReader.DELETE_CHAR);

    /** Erases the screen and goes to its first place (ECMA-48). */
    private static final String CLEAR = "\033[2J\033[H";

    /** How long the end of a program may go unnoticed while no key is pressed. */
    private static final int PATIENCE_MS = 50;

    private static final int COLUMNS_MAX = 1000;
    private static final int ROWS_MAX = 500;

    private final Terminal terminal;
    private final LineEditor reader;
    private @Nullable Shell shell;
    private final InputPipe in;
    private final String kind;
    private final ModelessOutput modeless;
    private final boolean colours;
    private volatile Program.@Nullable Running program;
    private boolean commanding;
    private boolean endless;
    private boolean isGivenUp;
    private Working working = new Working(this::write, this::columns);

    /**
     * @param colours false when the operator wants none
     */
    TerminalScreen(InputPipe in, Sink out, String term, int columns, int rows, boolean colours)
            throws IOException {
        this.in = in;
        this.kind = LineEditor.known(term);
        this.colours = colours && !term.equals("dumb") && !term.startsWith("vt");
        OutputStream stream =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(Wire.Type.OUTPUT, bytes, offset, length);
                    }
                };
        modeless = new ModelessOutput(new BufferedOutputStream(stream, 8192));
        terminal =
                new ExternalTerminal(
                        null,
                        "floofctl",
                        kind,
                        in,
                        modeless,
                        StandardCharsets.UTF_8,
                        StandardCharsets.UTF_8,
                        StandardCharsets.UTF_8,
                        Terminal.SignalHandler.SIG_IGN,
                        false,
                        null,
                        size(columns, rows));
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(null);
        parser.setQuoteChars(new char[0]);
        reader = new LineEditor(terminal);
        reader.setParser(parser);
        bind("cli-space", " ", this::space);
        bind("cli-tab", "\t", this::tab);
        bind("cli-help", "?", this::help);
        bind("cli-search", "\022", this::search);
        bind("\003", LineReader.INTERRUPT);
        signals(false);
        CURSOR_KEYS.forEach(this::bind);
    }

    /** Ctrl-R: in what is searched for, a space and a question mark are themselves. */
    private boolean search() {
        bind(" ", LineReader.SELF_INSERT);
        bind("?", LineReader.SELF_INSERT);
        try {
            reader.callWidget(LineReader.HISTORY_INCREMENTAL_SEARCH_BACKWARD);
        } finally {
            bind(" ", "cli-space");
            bind("?", "cli-help");
        }
        return true;
    }

    private void bind(String name, String key, org.jline.reader.Widget widget) {
        reader.getWidgets().put(name, widget);
        bind(key, name);
    }

    private void bind(String key, String name) {
        for (String map : List.of(LineReader.MAIN, LineReader.EMACS, LineReader.DUMB)) {
            KeyMap<Binding> keys = reader.getKeyMaps().get(map);
            if (keys != null) {
                keys.bind(new Reference(name), key);
            }
        }
    }

    /** Whether Ctrl-C acts at once, or is a key that keeps its place among those typed ahead. */
    private void signals(boolean atOnce) {
        Attributes attributes = terminal.getAttributes();
        attributes.setLocalFlag(Attributes.LocalFlag.ISIG, atOnce);
        terminal.setAttributes(attributes);
    }

    /** Sizes a terminal can have; a wild one must cost no memory. */
    private static Size size(int columns, int rows) {
        return Size.of(
                columns < 10 ? 80 : Math.min(columns, COLUMNS_MAX),
                rows < 3 ? 24 : Math.min(rows, ROWS_MAX));
    }

    @Override
    public void width(int columns) {
        endless = columns == 0;
        resize(columns == 0 ? COLUMNS_MAX : columns, rows());
    }

    void resize(int columns, int rows) {
        terminal.setSize(size(columns, rows));
        terminal.raise(Terminal.Signal.WINCH);
        Program.Running running = program;
        if (running != null) {
            running.resize(columns, rows);
        }
    }

    /** Reads and runs commands until the shell or the input ends. */
    void run(Shell owner) {
        shell = owner;
        while (!owner.isEnded()) {
            print(owner.banner());
            commanding = true;
            try {
                String line = reader.readLine(owner.prompt());
                commanding = false;
                owner.execute(line);
            } catch (UserInterruptException e) {
                commanding = false; // Ctrl-C: a new line
            } catch (EndOfFileException e) {
                commanding = false;
                if (isGone()) {
                    return;
                }
                // Ctrl-D on an empty line: as exit.
                owner.execute("exit");
            }
        }
    }

    private boolean isGone() {
        try {
            return terminal.reader().peek(1) == -1;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public Answer working(Question question) throws CommandException {
        try (Working shown = new Working(this::write, this::columns)) {
            working = shown;
            shown.start();
            return question.run();
        }
    }

    @Override
    public void progress(String step) {
        working.step(step);
    }

    @Override
    public void print(String text) {
        working.hide();
        write(text);
    }

    private void write(String text) {
        terminal.writer().print(text);
        terminal.flush();
    }

    @Override
    public void error(String text) {
        print(text);
    }

    @Override
    public void tell(String text) {
        // Ends with the write, or with the session when the client does not read.
        Thread.ofVirtual().name("cli-message").start(() -> reader.printAbove(text));
    }

    @Override
    public @Nullable String ask(String prompt) {
        return ask(prompt, null);
    }

    @Override
    public @Nullable String askSecret(String prompt) {
        return ask(prompt, '\0');
    }

    private @Nullable String ask(String prompt, @Nullable Character mask) {
        isGivenUp = false;
        try (Working.Silence _ = working.silence()) {
            return reader.readLine(prompt, mask);
        } catch (UserInterruptException e) {
            isGivenUp = true;
            return null;
        } catch (EndOfFileException e) {
            return null;
        }
    }

    @Override
    public boolean isGivenUp() {
        return isGivenUp;
    }

    @Override
    public boolean isTerminal() {
        return true;
    }

    @Override
    public int rows() {
        return terminal.getSize().getRows();
    }

    @Override
    public void page(Lines lines, int length, boolean hold) throws CommandException {
        if (length < 3) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                terminal.writer().print(line + "\n");
            }
            terminal.flush();
            return;
        }
        Pager pager = new Pager(terminal, lines, length, hold);
        if (!pager.isShort()) {
            raw(pager::run);
        }
    }

    @Override
    public void interruptibly(Runnable giveUp, Work work) throws CommandException {
        Terminal.SignalHandler before =
                terminal.handle(Terminal.Signal.INT, signal -> giveUp.run());
        Attributes former = terminal.getAttributes();
        try (InputPipe.Watch _ = atGone(giveUp)) {
            signals(true);
            work.run();
        } finally {
            terminal.setAttributes(former);
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    @Override
    public void replace(String title, List<String> lines) {
        int columns = terminal.getSize().getColumns();
        StringBuilder text = new StringBuilder(CLEAR);
        text.append(Columns.cut(title, columns)).append('\n');
        lines.stream()
                .limit(rows() - 2L)
                .forEach(line -> text.append(Columns.cut(line, columns)).append('\n'));
        print(text.toString());
    }

    @Override
    public int key(long ms) {
        return raw(() -> terminal.reader().read(ms));
    }

    @Override
    public Program.Size size() {
        return new Program.Size(kind, terminal.getSize().getColumns(), rows());
    }

    @Override
    public void run(Program.Running running) throws IOException {
        Attributes cooked = terminal.getAttributes();
        Attributes open = new Attributes(cooked);
        open.setLocalFlags(EnumSet.noneOf(Attributes.LocalFlag.class));
        open.setInputFlags(EnumSet.noneOf(Attributes.InputFlag.class));
        open.setOutputFlags(EnumSet.noneOf(Attributes.OutputFlag.class));
        terminal.setAttributes(open);
        program = running;
        modeless.open(true);
        Thread printer =
                Thread.ofPlatform().daemon().name("cli-program").start(() -> show(running));
        try {
            for (int key = 0; printer.isAlive() && key != -1; ) {
                key = terminal.reader().read(PATIENCE_MS);
                if (key >= 0) {
                    type(running, key);
                }
            }
        } finally {
            program = null;
            modeless.open(false);
            running.close(); // the printer ends with it
            terminal.setAttributes(cooked);
        }
    }

    /** One character, which may be half of a pair, and what was typed with it. */
    private void type(Program.Running running, int first) throws IOException {
        StringBuilder keys = new StringBuilder().append((char) first);
        for (int key = terminal.reader().read(1); key >= 0; key = terminal.reader().read(1)) {
            keys.append((char) key);
        }
        byte[] bytes = keys.toString().getBytes(StandardCharsets.UTF_8);
        running.write(bytes, bytes.length);
    }

    private void show(Program.Running running) {
        byte[] bytes = new byte[8192];
        try {
            for (int n = running.read(bytes); n >= 0; n = running.read(bytes)) {
                terminal.output().write(bytes, 0, n);
                terminal.output().flush();
            }
        } catch (IOException e) {
            // The client or the program is gone: run() ends.
        }
    }

    @Override
    public InputPipe.Watch atGone(Runnable action) {
        return in.atGone(action);
    }

    /** What needs every key as it is typed. */
    private interface Keys<X extends Exception> {
        int run() throws IOException, X;
    }

    private <X extends Exception> int raw(Keys<X> keys) throws X {
        Attributes cooked = terminal.enterRawMode();
        signals(false);
        try (Working.Silence _ = working.silence()) {
            return keys.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            terminal.setAttributes(cooked);
        }
    }

    @Override
    public int columns() {
        return endless ? 0 : terminal.getSize().getColumns();
    }

    @Override
    public boolean hasColours() {
        return colours;
    }

    private boolean insert(String text) {
        reader.getBuffer().write(text);
        return true;
    }

    private String line() {
        return reader.getBuffer().upToCursor();
    }

    /** A question mark: lists what may stand here. */
    private boolean help() {
        Parse.Completion completion = completion();
        if (completion == null) {
            return commanding && !isInQuotes() && !Word.isComment(line()) || insert("?");
        }
        list(Suggestion.list(completion.suggestions(), columns()));
        return true;
    }

    private boolean tab() {
        Parse.Completion completion = completion();
        if (completion != null) {
            complete(completion, true);
        }
        return true;
    }

    /** A space: completes the keyword before it, or is a space. */
    private boolean space() {
        Shell owner = shell;
        boolean atEnd = reader.getBuffer().cursor() == reader.getBuffer().length();
        boolean isFree = !commanding || isInQuotes() || Word.isComment(line());
        if (isFree || owner == null || !owner.completesOnSpace() || !atEnd) {
            return insert(" ");
        }
        Parse.Completion completion = completion();
        if (completion == null) {
            return true;
        }
        if (completion.prefix().isEmpty()) {
            return line().isEmpty() || line().endsWith(" ") || insert(" ");
        }
        if (completion.position().argument() != null && isArgument(completion)) {
            return insert(" ");
        }
        complete(completion, false);
        return true;
    }

    /** True when the word is a value as it stands, not the beginning of a keyword. */
    private static boolean isArgument(Parse.Completion completion) {
        return completion.position().keywords().stream()
                .noneMatch(k -> k.word().startsWith(completion.prefix()));
    }

    /** What may stand at the cursor; null where nothing is completed, or after saying why not. */
    private Parse.@Nullable Completion completion() {
        Shell owner = shell;
        if (!commanding || owner == null || isInQuotes() || Word.isComment(line())) {
            return null;
        }
        try {
            return owner.complete(line());
        } catch (CommandException e) {
            list(e.text(owner.prompt() + line(), owner.prompt().length()));
            return null;
        }
    }

    private boolean isInQuotes() {
        boolean quoted = false;
        String line = line();
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '\\' && quoted) {
                i++;
            } else if (line.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return quoted;
    }

    private void complete(Parse.Completion completion, boolean values) {
        List<String> words = new ArrayList<>();
        List<Suggestion> suggestions = completion.suggestions();
        for (Suggestion s : suggestions) {
            if (!s.isPlaceholder()) {
                words.add(s.word());
            }
        }
        if (words.contains(completion.prefix())) {
            words = List.of(completion.prefix());
        }
        boolean fits = suggestions.size() > words.size();
        if (words.size() == 1) {
            String word = words.getFirst();
            String end = word.endsWith("/") ? "" : " "; // a folder: its files come next
            replace(completion, typed(completion.position(), word) + end);
        } else if (words.isEmpty() && fits && !completion.prefix().isEmpty()) {
            insert(" ");
        } else if (words.isEmpty() && !fits) {
            caret(completion, completion.start() == 0 ? "unknown command." : "syntax error.");
        } else {
            String common = Suggestion.common(words);
            boolean isLonger = common.length() > completion.prefix().length();
            if (values && isLonger && TextPrinter.quoted(common).equals(common)) {
                replace(completion, common);
                return;
            }
            String list = Suggestion.list(suggestions, columns());
            if (completion.prefix().isEmpty()) {
                list(list);
            } else {
                caret(
                        completion,
                        "'" + completion.prefix() + "' is ambiguous.\n" + list.stripTrailing());
            }
        }
    }

    /** How a word is typed: a value in quotes where it must be. */
    private static String typed(Position position, String word) {
        boolean isKeyword = position.keywords().stream().anyMatch(k -> k.word().equals(word));
        return isKeyword ? word : TextPrinter.quoted(word);
    }

    /** Types {@code text} in the place of the word that has begun. */
    private void replace(Parse.Completion completion, String text) {
        reader.getBuffer().backspace(line().length() - completion.start());
        insert(text);
    }

    private void caret(Parse.Completion completion, String message) {
        Shell owner = shell;
        String prompt = owner == null ? "" : owner.prompt();
        CommandException wrong = new CommandException(message, completion.start());
        list(wrong.text(prompt + line(), prompt.length()));
    }

    /** Prints below the line and shows the line again. */
    private void list(String text) {
        reader.drawn(() -> below(text));
    }

    private void below(String text) {
        int cursor = reader.getBuffer().cursor();
        reader.callWidget(LineReader.END_OF_LINE);
        reader.callWidget(LineReader.REDISPLAY);
        terminal.writer().print("\n" + text);
        reader.getBuffer().cursor(cursor);
        reader.callWidget(LineReader.REDRAW_LINE);
        reader.callWidget(LineReader.REDISPLAY);
        terminal.flush();
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
