package floof.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import floof.cli.client.Floofctl;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A program on a terminal of 24 lines and 100 columns, made by script(1), and what a person sees
 * there: lines that scrolled away are kept. It knows the control sequences of ECMA-48 that move,
 * erase and print; colours and modes are passed over. Thread: any; a thread of its own reads.
 */
final class Screen implements AutoCloseable {

    private static final int COLUMNS = 100;

    /** What follows a carriage return when floofd is slow, as on a busy machine. */
    private static final List<String> NOTICES =
            List.of(Floofctl.SILENT.substring(1), Floofctl.ANSWERING.substring(1));

    private static final int NOTICE_MAX = 64;

    private final Process process;
    private final OutputStream keyboard;
    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;
    private long changed = System.nanoTime();

    /**
     * @param command for a shell
     */
    Screen(String command) {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "script",
                        "-qfc",
                        "stty rows 24 cols " + COLUMNS + "; " + command,
                        "/dev/null");
        builder.environment().put("TERM", "xterm");
        builder.environment().put("NO_COLOR", "1");
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keyboard = process.getOutputStream();
        Thread.ofPlatform().daemon().name("test-screen").start(this::read);
    }

    void type(String keys) throws IOException {
        synchronized (this) {
            changed = System.nanoTime();
        }
        keyboard.write(keys.getBytes(UTF_8));
        keyboard.flush();
    }

    /** Lines from {@code first} on to the last, without blanks at their ends. */
    synchronized List<String> lines(int first) {
        return lines.stream().skip(first).map(line -> line.toString().stripTrailing()).toList();
    }

    /** The line of the cursor, counted from the first that was ever shown. */
    synchronized int cursorLine() {
        return row;
    }

    /** Nanoseconds since it last changed. */
    synchronized long quietNanos() {
        return System.nanoTime() - changed;
    }

    private void read() {
        try (InputStream in = process.getInputStream();
                PushbackReader reader =
                        new PushbackReader(new InputStreamReader(in, UTF_8), NOTICE_MAX)) {
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c == '\r' && isNotice(reader)) {
                    continue;
                }
                if (c == 0x1b) {
                    escape(reader);
                } else {
                    character((char) c);
                }
            }
        } catch (IOException e) {
            // The program ended.
        }
    }

    /** Passes over what follows a carriage return, if it is a notice as a whole. */
    private static boolean isNotice(PushbackReader reader) throws IOException {
        StringBuilder text = new StringBuilder();
        while (NOTICES.stream().anyMatch(notice -> notice.startsWith(text.toString()))) {
            if (NOTICES.contains(text.toString())) {
                return true;
            }
            if (!reader.ready()) {
                break; // what a person sees must not wait
            }
            text.append((char) reader.read());
        }
        reader.unread(text.toString().toCharArray());
        return false;
    }

    private synchronized void character(char c) {
        changed = System.nanoTime();
        switch (c) {
            case '\r' -> column = 0;
            case '\n' -> down(1);
            case '\b' -> column = Math.max(0, column - 1);
            case '\7', '\0' -> {}
            default -> {
                if (column == COLUMNS) {
                    column = 0;
                    down(1);
                }
                StringBuilder line = lines.get(row);
                line.repeat(' ', Math.max(0, column - line.length()));
                line.replace(column, Math.min(column + 1, line.length()), String.valueOf(c));
                column++;
            }
        }
    }

    private void down(int count) {
        row += count;
        while (lines.size() <= row) {
            lines.add(new StringBuilder());
        }
    }

    private void escape(Reader reader) throws IOException {
        int c = reader.read();
        if (c == ']') { // a title, up to BEL
            while (c >= 0 && c != 7) {
                c = reader.read();
            }
        }
        if (c != '[') {
            return;
        }
        StringBuilder arguments = new StringBuilder();
        for (c = reader.read(); c >= 0 && c < '@'; c = reader.read()) {
            arguments.append((char) c);
        }
        control((char) c, arguments.toString());
    }

    private synchronized void control(char what, String arguments) {
        changed = System.nanoTime();
        int number = arguments.matches("[0-9]+") ? Integer.parseInt(arguments) : 0;
        int count = Math.max(1, number);
        int top = Math.max(0, lines.size() - 24);
        switch (what) {
            case 'A' -> row = Math.max(top, row - count);
            case 'B' -> down(count);
            case 'C' -> column = Math.min(COLUMNS - 1, column + count);
            case 'D' -> column = Math.max(0, column - count);
            case 'G' -> column = count - 1;
            case 'H' -> {
                row = top;
                column = 0;
            }
            case 'K' -> {
                StringBuilder line = lines.get(row);
                line.setLength(Math.min(line.length(), number == 2 ? 0 : column));
            }
            case 'J' -> {
                lines.get(row).setLength(Math.min(lines.get(row).length(), column));
                while (lines.size() > row + 1) {
                    lines.removeLast();
                }
            }
            case 'P' -> {
                StringBuilder line = lines.get(row);
                line.delete(column, Math.min(line.length(), column + count));
            }
            case '@' ->
                    lines.get(row)
                            .insert(Math.min(column, lines.get(row).length()), " ".repeat(count));
            default -> {} // colours, modes
        }
    }

    /** Ends the program by hanging up. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
