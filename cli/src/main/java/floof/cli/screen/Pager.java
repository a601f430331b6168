package floof.cli.screen;

import floof.cli.answer.Columns;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Terminal;

/**
 * Shows lines a page at a time. Keys: space a page, Enter a line, b a page back, g to the begin, G
 * to the end, / and a text to the next line that has it, n to the one after, h help, q the end.
 * Ctrl-C stops a long way to the end or to a line.
 */
public final class Pager {

    private static final String HELP =
            "space: next page, Enter: next line, b: page back, g: begin, G: end,"
                    + " /text: search, n: again, q: quit";

    private static final int SEARCH_MAX = 80;

    /** Lines that are taken ahead, to know where a text ends that is not long. */
    private static final int AHEAD = 10_000;

    /** Lines after which a key may stop a long way. */
    private static final int LOOK_EVERY = 1_000;

    /** Lines that one can go back. */
    private static final int KEPT = 10_000;

    private final Terminal terminal;
    private final PrintWriter out;
    private final Lines source;

    /** Lines that were taken; of a long text the last ones, those behind {@link #forgotten}. */
    private final List<String> lines = new ArrayList<>();

    private long forgotten;
    private boolean isOver;
    private final int page;
    private final boolean hold;
    private int at;
    private String wanted = "";

    /**
     * @param length rows of a page, the prompt's included
     * @param hold whether the end waits for the operator too
     */
    public Pager(Terminal terminal, Lines source, int length, boolean hold) {
        this.terminal = terminal;
        this.out = terminal.writer();
        this.source = source;
        this.page = length - 1;
        this.hold = hold;
    }

    /** Shows a text that needs no pages; false when it does. */
    public boolean isShort() throws CommandException {
        if (hold || has(page)) {
            return false;
        }
        for (String line : lines) {
            out.print(line + "\r\n");
        }
        out.flush();
        return true;
    }

    /** Whether there is a line of this number; takes as many as are needed to know. */
    private boolean has(int number) throws CommandException {
        while (number >= lines.size() && !isOver) {
            String line = source.next();
            isOver = line == null;
            if (line != null) {
                lines.add(line);
            }
        }
        return number < lines.size();
    }

    /** Forgets the first lines, when there are too many. */
    private void forget() {
        int tooMany = Math.min(at, lines.size()) - KEPT;
        if (tooMany > KEPT / 4) {
            lines.subList(0, tooMany).clear();
            forgotten += tooMany;
            at -= tooMany;
        }
    }

    public int run() throws IOException, CommandException {
        show(page);
        while (has(at) || hold) {
            has(at + AHEAD);
            String prompt =
                    isOver && at + forgotten > 0
                            ? "---(more "
                                    + 100 * (at + forgotten) / (lines.size() + forgotten)
                                    + "%)---"
                            : "---(more)---";
            int key = ask(prompt);
            switch (key) {
                case ' ' -> show(page);
                case '\r', '\n' -> show(1);
                case 'b' -> {
                    at = back(back(at));
                    show(page);
                }
                case 'g' -> {
                    at = 0;
                    show(page);
                }
                case 'G' -> {
                    for (long i = 1; has(at) && !isStopped(i); i++) {
                        at = lines.size();
                        forget();
                    }
                    at = back(lines.size());
                    show(page);
                }
                case '/' -> search();
                case 'n' -> next();
                case 'h' -> out.print(HELP + "\r\n");
                case 'q', 'Q', 3, 4, -1 -> {
                    return 0;
                }
                default -> {
                    // Other keys mean nothing.
                }
            }
        }
        return 0;
    }

    /** Lines from the current one that fill {@code rows}, at least one. */
    private void show(int rows) throws CommandException {
        forget();
        for (int used = 0; used < rows && has(at); at++) {
            used += rows(lines.get(at));
            if (used > rows && used > rows(lines.get(at))) {
                break;
            }
            out.print(lines.get(at) + "\r\n");
        }
        out.flush();
    }

    /** Rows that a line takes on this terminal. */
    private int rows(String line) {
        int columns = Math.max(1, terminal.getSize().getColumns());
        int length = Columns.of(line.replaceAll("\033\\[[0-9;]*m", ""));
        return Math.max(1, (length + columns - 1) / columns);
    }

    /** Where the page begins that ends before line {@code end}. */
    private int back(int end) {
        int start = end;
        for (int used = 0; start > 0 && used + rows(lines.get(start - 1)) <= page; start--) {
            used += rows(lines.get(start - 1));
        }
        return start;
    }

    /** Shows the prompt, takes a key and removes the prompt. */
    private int ask(String prompt) throws IOException {
        out.print(prompt);
        out.flush();
        int key = terminal.reader().read();
        out.print("\r" + Columns.space("", Columns.of(prompt)) + "\r");
        return key;
    }

    /** Whether the operator wants to go no farther; other keys wait. */
    private boolean isStopped(long steps) throws IOException {
        return steps % LOOK_EVERY == 0
                && terminal.reader().available() > 0
                && terminal.reader().peek(1) == 3
                && terminal.reader().read() == 3;
    }

    private void search() throws IOException, CommandException {
        StringBuilder text = new StringBuilder();
        while (true) {
            int key = ask("/" + text);
            if (key == '\r' || key == '\n') {
                wanted = text.toString();
                next();
                return;
            } else if (key == 127 || key == '\b') {
                if (text.isEmpty()) {
                    return;
                }
                text.setLength(text.length() - 1);
            } else if (key < ' ') {
                return; // Ctrl-C, Escape, the end
            } else if (text.length() < SEARCH_MAX) {
                text.append((char) key);
            }
        }
    }

    /** Of a long text, what was looked at is not kept for ever: then the place moves on. */
    private void next() throws IOException, CommandException {
        long steps = 0;
        for (int i = at; has(i); i++) {
            if (isStopped(++steps)) {
                out.print("Search stopped\r\n");
                return;
            }
            if (lines.get(i).contains(wanted)) {
                at = i;
                show(page);
                return;
            }
            if (i - at > 2 * KEPT) {
                at = i;
                forget();
                i = at;
            }
        }
        out.print("Pattern not found\r\n");
    }
}
