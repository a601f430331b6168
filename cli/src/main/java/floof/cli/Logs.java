package floof.cli;

import floof.api.view.Times;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Table;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The router's logs: {@code show log}, {@code clear log}, and {@code monitor start}, which tells
 * each new line. A log that is watched has a thread {@code cli-log} until {@link #stop} or {@link
 * #close}.
 */
final class Logs implements AutoCloseable {

    /** The end of a log that is shown, in bytes: more than anybody reads. */
    private static final int SHOWN_MAX = 4 << 20;

    /** Most that is told of a log at once; what came before it is left out. */
    private static final int TOLD_MAX = 16 << 10;

    private static final long STEP_MS = 300;
    private static final String ENDING = ".log";

    /**
     * A log.
     *
     * @param changed when its last line came
     */
    record Log(String name, long bytes, Instant changed) {}

    private final Path folder;
    private final Consumer<String> listener;
    private final Map<String, Thread> watched = new ConcurrentHashMap<>();

    /**
     * @param listener is told lines of watched logs; on any thread
     */
    Logs(Path folder, Consumer<String> listener) {
        this.folder = folder;
        this.listener = listener;
    }

    /** Those that are there. */
    static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of(); // no logs yet
        }
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + ENDING);
    }

    static Answer list(Path folder) throws CommandException {
        Table table = new Table("Log", ">Bytes", "Changed");
        List<Log> logs = new ArrayList<>();
        for (String name : names(folder)) {
            try {
                Path file = file(folder, name);
                Log log =
                        new Log(
                                name,
                                Files.size(file),
                                Files.getLastModifiedTime(file).toInstant());
                logs.add(log);
                table.row(name, log.bytes(), Times.local(log.changed()));
            } catch (IOException e) {
                throw new CommandException("error: log " + name + ": " + Shell.reason(e));
            }
        }
        return Answer.Data.of(Log.class, logs, table);
    }

    static Answer show(Path folder, String name) throws CommandException {
        try (RandomAccessFile file = new RandomAccessFile(file(folder, name).toFile(), "r")) {
            long from = Math.max(0, file.length() - SHOWN_MAX);
            String text = text(file, from, SHOWN_MAX);
            return Answer.Data.of(String.class, text.lines().toList(), text);
        } catch (IOException e) {
            throw new CommandException("error: log " + name + ": " + Shell.reason(e));
        }
    }

    private static String text(RandomAccessFile file, long from, int bytesMax) throws IOException {
        byte[] bytes = new byte[(int) Math.min(bytesMax, file.length() - from)];
        file.seek(from);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Who writes it goes on at its new end. */
    static void clear(Path folder, String name) throws CommandException {
        try {
            Files.write(file(folder, name), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new CommandException("error: log " + name + ": " + Shell.reason(e));
        }
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
        try (RandomAccessFile file = new RandomAccessFile(file(folder, name).toFile(), "r")) {
            long at = file.length();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(STEP_MS);
                long end = file.length();
                if (end > at) {
                    long from = Math.max(at, end - TOLD_MAX);
                    String text = text(file, from, TOLD_MAX);
                    listener.accept("*** " + name + " ***\n" + text.stripTrailing() + "\n");
                }
                at = end;
            }
        } catch (IOException e) {
            listener.accept("error: log " + name + ": " + Shell.reason(e) + "\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // its end
        }
    }

    @Override
    public void close() {
        watched.keySet().forEach(this::stop);
    }
}
