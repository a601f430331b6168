package floof.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Things to remove even if the JVM that made them dies without its shutdown hooks: a {@link Fork}
 * notes them in its own folder, and its {@link Lane} removes them. Without a lane nothing is noted.
 */
final class Leftovers {

    /** The folder, in the environment of the fork and of all that it starts. */
    static final String FOLDER = "FLOOF_LEFTOVERS";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Leftovers() {}

    /**
     * Notes a command that removes something.
     *
     * @return deletes the note
     */
    static Runnable note(String... words) {
        String folder = System.getenv(FOLDER);
        if (folder == null) {
            return () -> {};
        }
        Path file = Path.of(folder, "%06d".formatted(COUNT.incrementAndGet()));
        try {
            Files.write(file, List.of(words));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return () -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** An empty folder for the next fork. */
    static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path file : notes(folder)) {
            Files.delete(file);
        }
    }

    /** After the fork's end: ends its remaining processes and runs its notes, last first. */
    static void clear(Path folder) throws IOException {
        String mark = FOLDER + "=" + folder;
        ProcessHandle.allProcesses()
                .filter(process -> environment(process.pid()).contains(mark))
                .forEach(ProcessHandle::destroyForcibly);
        for (Path file : notes(folder)) {
            Process process =
                    new ProcessBuilder(Files.readAllLines(file))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try {
                process.waitFor(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Files.delete(file);
        }
    }

    private static List<String> environment(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", "" + pid, "environ"));
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of(); // it has ended, or is another user's
        }
    }

    private static List<Path> notes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
