package floof.api;

import floof.api.view.Cursor;
import floof.api.view.Kind;
import floof.api.view.UnavailableException;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The router's logs: files {@code NAME.log}. Thread: any.
 *
 * @param folder that they are in
 */
public record LogFiles(Path folder) {

    /** How much of a log's end is read, in bytes: more than anybody reads. */
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
                    .filter(name -> Kind.LOG.wrong().apply(name) == null)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of(); // no logs yet
        }
    }

    /**
     * All of them, in order.
     *
     * @throws IOException when one cannot be read; the message is for the operator
     */
    public List<Log> all() throws IOException {
        List<Log> logs = new ArrayList<>();
        for (String name : names()) {
            try {
                Instant changed = Files.getLastModifiedTime(file(name)).toInstant();
                logs.add(new Log(name, Files.size(file(name)), changed));
            } catch (IOException e) {
                throw named(name, e);
            }
        }
        return logs;
    }

    /** For reading; messages of exceptions are for the operator. */
    public RandomAccessFile open(String name) throws IOException {
        try {
            return new RandomAccessFile(file(name).toFile(), "r");
        } catch (IOException e) {
            throw named(name, e);
        }
    }

    /** The last lines, as they are read. */
    public Cursor<Object> lines(String name) throws IOException {
        RandomAccessFile file = open(name);
        try {
            file.seek(Math.max(0, file.length() - READ_MAX));
        } catch (IOException e) {
            file.close();
            throw named(name, e);
        }
        BufferedReader lines =
                new BufferedReader(Channels.newReader(file.getChannel(), StandardCharsets.UTF_8));
        return new Cursor<>() {
            @Override
            public @Nullable String next() throws UnavailableException {
                try {
                    return lines.readLine();
                } catch (IOException e) {
                    throw new UnavailableException("" + named(name, e).getMessage(), e);
                }
            }

            @Override
            public void close() {
                try {
                    file.close();
                } catch (IOException e) {
                    // It was only read.
                }
            }
        };
    }

    private static IOException named(String name, IOException cause) {
        return new IOException("log " + name + ": " + reason(cause), cause);
    }

    /** Why a file could not be used; the exceptions of java.nio.file carry only its name. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _, FileNotFoundException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** A part of an open log. */
    public static String text(RandomAccessFile file, long from, int bytesMax) throws IOException {
        byte[] bytes = new byte[(int) Math.min(bytesMax, file.length() - from)];
        file.seek(from);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Empties it; the writer continues at the new end. */
    public void clear(String name) throws IOException {
        try {
            Files.write(file(name), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw named(name, e);
        }
    }

    private Path file(String name) {
        return folder.resolve(name + ENDING);
    }
}
