package floof.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says on a terminal that a command still runs: after two seconds of silence, and each second from
 * then on, on a line that goes before anything else is printed. Thread: any; it has one of its own
 * until it is closed.
 */
final class Working implements AutoCloseable {

    static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);

    private final Consumer<String> terminal;
    private final long startNs = System.nanoTime();
    private long silentSinceNs = startNs;
    private int suspended;
    private boolean isShown;
    private boolean isEnded;

    Working(Consumer<String> terminal) {
        this.terminal = terminal;
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
                terminal.accept("\rworking, " + seconds + " s");
                isShown = true;
            }
        }
    }

    /** Makes room for what is printed. */
    synchronized void hide() {
        if (isShown) {
            terminal.accept("\r\033[K"); // erases the line (ECMA-48)
            isShown = false;
        }
        silentSinceNs = System.nanoTime();
    }

    /** Ends the silence. */
    interface Silence extends AutoCloseable {
        @Override
        void close();
    }

    /** Nothing is shown while the operator is asked, or something else has the screen. */
    synchronized Silence silence() {
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
