package floof.cli;

import java.io.IOException;
import java.util.Set;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;

/**
 * JLine's editor, which draws a line for each key, made to draw it once for many that come at once:
 * a pasted line costs a twentieth. Thread: the session's.
 */
final class LineEditor extends LineReaderImpl {

    /** What JLine knows without asking a program for it. */
    private static final Set<String> TERMS =
            Set.of("ansi", "dumb", "rxvt", "screen", "screen-256color", "xterm", "xterm-256color");

    private boolean isDue;

    LineEditor(Terminal terminal) throws IOException {
        super(terminal, "floofctl");
        setVariable(LineReader.HISTORY_SIZE, Shell.HISTORY_MAX);
        option(Option.DISABLE_EVENT_EXPANSION, true);
        option(Option.BRACKETED_PASTE, false);
        option(Option.HISTORY_BEEP, false);
    }

    /** The type of terminal that JLine is to take for this one. */
    static String known(String term) {
        if (TERMS.contains(term)) {
            return term;
        }
        return term.startsWith("tmux") || term.startsWith("screen")
                ? "screen-256color"
                : term.equals("vt100") || term.equals("linux") ? "ansi" : "xterm-256color";
    }

    @Override
    protected void redisplay(boolean flush) {
        if (isDue || terminal.reader().available() == 0) {
            super.redisplay(flush);
        }
    }

    /** The line as it was when it was ended. */
    @Override
    protected void doCleanup(boolean newLine) {
        drawn(() -> super.doCleanup(newLine));
    }

    /** Does what needs the line on the screen, whatever follows. */
    void drawn(Runnable work) {
        boolean before = isDue;
        isDue = true;
        try {
            work.run();
        } finally {
            isDue = before;
        }
    }
}
