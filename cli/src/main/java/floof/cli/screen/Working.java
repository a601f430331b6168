package floof.cli.screen;

import floof.cli.answer.Columns;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Shows on a terminal that a command still runs, and its step: after two seconds of silence, and
 * each second from then on, on a line that goes before anything else is printed. Thread: any; it
 * has one of its own from its start until it is closed.
 */
public final class Working implements AutoCloseable {

    static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);

    /** Erases the rest of the line (ECMA-48). */
    private static final String ERASE = "\033[K";

    private final Consumer<String> terminal;
    private final IntSupplier columns;
    private volatile String step = "working";
    private final long startNs = System.nanoTime();
    private long silentSinceNs = startNs;
    private int suspended;
    private boolean isShown;
    private boolean isEnded;

    /**
     * @param columns of the terminal, 0 for no end
     */
    public Working(Consumer<String> terminal, IntSupplier columns) {
        this.terminal = terminal;
        this.columns = columns;
    }

    public void start() {
        Thread.ofVirtual().name("cli-working").start(this::run);
    }

    private synchronized void run() {
        while (!isEnded) {
            try {
                wait(1000);
            } catch (InterruptedException e) {
                return; // nobody interrupts it
            }
            long nowNs = System.nanoTime();
            if (!isEnded && suspended == 0 && nowNs - silentSinceNs >= SILENCE_NS) {
                long seconds = TimeUnit.NANOSECONDS.toSeconds(nowNs - startNs);
                String time = ", " + seconds + " s";
                int width = columns.getAsInt();
                int room = width == 0 ? Integer.MAX_VALUE : width - 1 - time.length();
                terminal.accept("\r" + Columns.cut(step, room) + time + ERASE);
                isShown = true;
            }
        }
    }

    /** What is shown from now on, with the time since the start; never waits for the terminal. */
    public void step(String text) {
        step = text;
    }

    /** Makes room for what is printed. */
    public synchronized void hide() {
        if (isShown) {
            terminal.accept("\r" + ERASE);
            isShown = false;
        }
        silentSinceNs = System.nanoTime();
    }

    /** Ends the silence. */
    public interface Silence extends AutoCloseable {
        @Override
        void close();
    }

    /** Nothing is shown while the operator is asked, or something else has the screen. */
    public synchronized Silence silence() {
        hide();
        suspended++;
        return this::resume;
    }

    private synchronized void resume() {
        suspended--;
        silentSinceNs = System.nanoTime();
    }

    @Override
    public synchronized void close() {
        hide();
        isEnded = true;
        notifyAll();
    }
}
