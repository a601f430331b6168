package floof.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The terminal floofctl runs on, in raw mode while it lives, through stty(1): every byte goes to
 * the line editor in floofd. Standard input and output must both be the terminal.
 */
final class Tty implements AutoCloseable {

    /**
     * Prints the size when it changes, until its standard input ends: with us, however we end.
     * SIGWINCH reaches it because it is in our process group; the JDK has no public way to hear it.
     */
    private static final String WATCH =
            "exec 3<&0; trap 'stty size </dev/tty >&2' WINCH; cat <&3 &"
                    + " while kill -0 $! 2>/dev/null; do wait $!; done";

    /** What hears of a new size: columns and rows, 16 bits each in network order. */
    interface SizeListener {
        void onSize(byte[] size) throws IOException;
    }

    private final @Nullable String saved;
    private final String name;
    private final Thread restore = new Thread(this::restore, "floofctl-restore");
    private int columns;
    private int rows;
    private @Nullable Process watch;

    /** Tells name, modes and size of our terminal and makes it raw: one process for all of it. */
    private static final String TAKE =
            "test -t 1 && { tty; stty -g; stty size; stty raw -echo; } >&2";

    private Tty(@Nullable String saved, String name, String size) {
        this.saved = saved;
        this.name = name;
        take(size);
        if (saved != null) {
            Runtime.getRuntime().addShutdownHook(restore);
        }
    }

    /**
     * @param possible false when standard input is not the process's own
     */
    static Tty of(boolean possible) {
        String state = possible ? Floofctl.tool(List.of("sh", "-c", TAKE)) : null;
        String[] lines = state == null ? new String[0] : state.split("\n");
        return lines.length == 3 ? new Tty(lines[1], lines[0], lines[2]) : new Tty(null, "-", "");
    }

    boolean isTerminal() {
        return saved != null;
    }

    String name() {
        return name.replaceFirst("^/dev/", "");
    }

    int columns() {
        return columns;
    }

    int rows() {
        return rows;
    }

    /** Takes {@code rows columns} of stty(1); false when the text is none. */
    private boolean take(String size) {
        if (!size.matches("[0-9]{1,5} [0-9]{1,5}")) {
            return false;
        }
        String[] numbers = size.split(" ");
        rows = Integer.parseInt(numbers[0]);
        columns = Integer.parseInt(numbers[1]);
        return true;
    }

    /** Tells of new sizes until closed, on a thread of its own. */
    void onResize(SizeListener listener) throws IOException {
        if (saved == null) {
            return;
        }
        Process process =
                new ProcessBuilder("sh", "-c", WATCH)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        watch = process;
        Thread thread = new Thread(() -> watch(process.errorReader(), listener), "floofctl-size");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(BufferedReader sizes, SizeListener listener) {
        try {
            for (String line = sizes.readLine(); line != null; line = sizes.readLine()) {
                if (take(line)) {
                    listener.onSize(
                            ByteBuffer.allocate(4)
                                    .putShort((short) columns)
                                    .putShort((short) rows)
                                    .array());
                }
            }
        } catch (IOException e) {
            // The session is over.
        }
    }

    private void restore() {
        if (saved != null) {
            Floofctl.tool(List.of("stty", saved));
        }
    }

    @Override
    public void close() {
        Process process = watch;
        if (process != null) {
            process.destroy();
        }
        restore();
        if (saved != null) {
            Runtime.getRuntime().removeShutdownHook(restore);
        }
    }
}
