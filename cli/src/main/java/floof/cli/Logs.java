package floof.cli;

import floof.api.LogFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * {@code monitor start}: tells each new line of a log. One that is watched has a thread {@code
 * cli-log} until {@link #stop} or {@link #close}.
 */
final class Logs implements AutoCloseable {

    /** Most that is told of a log at once; what came before it is left out. */
    private static final int TOLD_MAX = 16 << 10;

    private static final long STEP_MS = 300;

    private final LogFiles logs;
    private final Consumer<String> listener;
    private final Map<String, Thread> watched = new ConcurrentHashMap<>();

    /**
     * @param listener is told lines of watched logs; on any thread
     */
    Logs(LogFiles logs, Consumer<String> listener) {
        this.logs = logs;
        this.listener = listener;
    }

    /** Watches a log; a second time does nothing. */
    void start(String name) {
        watched.computeIfAbsent(
                name,
                log -> Thread.ofPlatform().daemon().name("cli-log " + log).start(() -> watch(log)));
    }

    /** Ends the watching of a log; false when it is not watched. */
    boolean stop(String name) {
        Thread thread = watched.remove(name);
        if (thread != null) {
            thread.interrupt();
        }
        return thread != null;
    }

    /** Logs that are watched. */
    List<String> watched() {
        return watched.keySet().stream().sorted().toList();
    }

    private void watch(String name) {
        try (RandomAccessFile file = logs.open(name)) {
            long at = file.length();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(STEP_MS);
                long end = file.length();
                if (end > at) {
                    long from = Math.max(at, end - TOLD_MAX);
                    String text = LogFiles.text(file, from, TOLD_MAX);
                    listener.accept("*** " + name + " ***\n" + text.stripTrailing() + "\n");
                }
                at = end;
            }
        } catch (IOException e) {
            listener.accept("error: " + e.getMessage() + "\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // its end
        }
    }

    @Override
    public void close() {
        watched.keySet().forEach(this::stop);
    }
}
