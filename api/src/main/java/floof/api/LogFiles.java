package floof.api;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The router's logs: files {@code NAME.log}. Thread: any.
 *
 * @param folder theirs
 */
public record LogFiles(Path folder) {

    /** The end of a log that is read, in bytes: more than anybody reads. */
    private static final int READ_MAX = 4 << 20;

    private static final String ENDING = ".log";

    /**
     * A log.
     *
     * @param changed when its last line came
     */
    public record Log(String name, long bytes, Instant changed) {}

    /** Those that are there, in order. */
    public List<String> names() {
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

    public List<Log> all() throws IOException {
        List<Log> logs = new ArrayList<>();
        for (String name : names()) {
            Instant changed = Files.getLastModifiedTime(file(name)).toInstant();
            logs.add(new Log(name, Files.size(file(name)), changed));
        }
        return logs;
    }

    /** For reading. */
    public RandomAccessFile open(String name) throws IOException {
        return new RandomAccessFile(file(name).toFile(), "r");
    }

    /** The last lines. */
    public List<String> lines(String name) throws IOException {
        try (RandomAccessFile file = open(name)) {
            return text(file, Math.max(0, file.length() - READ_MAX), READ_MAX).lines().toList();
        }
    }

    /** A part of an open log. */
    public static String text(RandomAccessFile file, long from, int bytesMax) throws IOException {
        byte[] bytes = new byte[(int) Math.min(bytesMax, file.length() - from)];
        file.seek(from);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Who writes it goes on at its new end. */
    public void clear(String name) throws IOException {
        Files.write(file(name), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    }

    private Path file(String name) {
        return folder.resolve(name + ENDING);
    }
}
