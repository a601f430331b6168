package floof.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The terminal floofctl runs on, in raw mode while it lives, through stty(1): every byte goes to
 * the line editor in floofd. Standard input and output must both be the terminal.
 */
final class Tty implements AutoCloseable {

    /** How often the size is looked at; a resize is seen soon, a stty costs about a millisecond. */
    private static final long SIZE_CHECK_MS = 1000;

    /** What hears of a new size: columns and rows, 16 bits each in network order. */
    interface SizeListener {
        void onSize(byte[] size) throws IOException;
    }

    private final @Nullable String saved;
    private final String name;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread restore = new Thread(this::restore, "floofctl-restore");
    private int columns;
    private int rows;

    private Tty(@Nullable String saved, String name) {
        this.saved = saved;
        this.name = name;
        if (saved != null) {
            Runtime.getRuntime().addShutdownHook(restore);
            Floofctl.tool(List.of("stty", "raw", "-echo"));
            readSize();
        }
    }

    /**
     * @param possible false when standard input is not the process's own
     */
    static Tty of(boolean possible) {
        String state =
                possible
                        ? Floofctl.tool(List.of("sh", "-c", "test -t 1 && { tty; stty -g; } >&2"))
                        : null;
        String[] lines = state == null ? new String[0] : state.split("\n");
        return lines.length == 2 ? new Tty(lines[1], lines[0]) : new Tty(null, "-");
    }

    boolean isTerminal() {
        return saved != null;
    }

    String name() {
        return name.replaceFirst("^/dev/", "");
    }

    synchronized int columns() {
        return columns;
    }

    synchronized int rows() {
        return rows;
    }

    /** True when it changed. */
    private synchronized boolean readSize() {
        String size = Floofctl.tool(List.of("sh", "-c", "stty size >&2"));
        if (size == null || !size.matches("[0-9]{1,5} [0-9]{1,5}")) {
            return false;
        }
        String[] numbers = size.split(" ");
        int newRows = Integer.parseInt(numbers[0]);
        int newColumns = Integer.parseInt(numbers[1]);
        boolean changed = newRows != rows || newColumns != columns;
        rows = newRows;
        columns = newColumns;
        return changed;
    }

    /** Tells of new sizes until closed, on a thread of its own. */
    void onResize(SizeListener listener) {
        if (saved == null) {
            return;
        }
        Thread watch = new Thread(() -> watch(listener), "floofctl-size");
        watch.setDaemon(true);
        watch.start();
    }

    private void watch(SizeListener listener) {
        try {
            while (!closed.await(SIZE_CHECK_MS, TimeUnit.MILLISECONDS)) {
                if (readSize()) {
                    listener.onSize(
                            ByteBuffer.allocate(4)
                                    .putShort((short) columns())
                                    .putShort((short) rows())
                                    .array());
                }
            }
        } catch (IOException e) {
            // The session is over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restore() {
        if (saved != null) {
            Floofctl.tool(List.of("stty", saved));
        }
    }

    @Override
    public void close() {
        closed.countDown();
        restore();
        if (saved != null) {
            Runtime.getRuntime().removeShutdownHook(restore);
        }
    }
}
