package floof.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jline.terminal.Terminal;

/**
 * Shows lines a page at a time. Keys: space a page, Enter a line, b a page back, G to the end, /
 * and a text to the next line that has it, h help, q the end.
 */
final class Pager {

    private static final String HELP =
            "space: next page, Enter: next line, b: page back, G: to the end, /text: search, q: quit";

    private final Terminal terminal;
    private final PrintWriter out;
    private final List<String> lines;
    private final int page;
    private int at;

    Pager(Terminal terminal, List<String> lines, int screenLength) {
        this.terminal = terminal;
        this.out = terminal.writer();
        this.lines = lines;
        this.page = screenLength - 1;
    }

    void run() throws IOException {
        show(page);
        while (at < lines.size()) {
            String prompt = "---(more " + 100 * at / lines.size() + "%)---";
            int key = ask(prompt);
            switch (key) {
                case ' ' -> show(page);
                case '\r', '\n' -> show(1);
                case 'b' -> {
                    at = Math.max(0, at - 2 * page);
                    show(page);
                }
                case 'G' -> show(lines.size());
                case '/' -> search();
                case 'h' -> out.print(HELP + "\r\n");
                case 'q', 'Q', 3, 4, -1 -> {
                    return;
                }
                default -> {
                    // Other keys mean nothing.
                }
            }
        }
    }

    private void show(int count) {
        for (int i = 0; i < count && at < lines.size(); i++) {
            out.print(lines.get(at++) + "\r\n");
        }
        out.flush();
    }

    /** Shows the prompt, takes a key and removes the prompt. */
    private int ask(String prompt) throws IOException {
        out.print(prompt);
        out.flush();
        int key = terminal.reader().read();
        out.print("\r" + " ".repeat(prompt.length()) + "\r");
        return key;
    }

    private void search() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int key = ask("/"); key >= ' ' && text.length() < 80; key = ask("/" + text)) {
            text.append((char) key);
        }
        for (int i = at; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                at = i;
                show(page);
                return;
            }
        }
        out.print("Pattern not found\r\n");
    }
}
