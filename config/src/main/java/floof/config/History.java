package floof.config;

import floof.base.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The last {@link #REVISIONS} committed configurations, one file each, named by an ascending
 * sequence number; {@code config} is a copy of the last one for people and tools to read.
 *
 * <p>A file is the text form under a header of comments: time, user, client, comment, and the CRC
 * of the body. It is written under another name, flushed and renamed, so that a file of the right
 * name is whole; one that is not (a damaged disk) is left out with a message. Thread: any.
 */
public final class History {

    /** Revisions kept: rollback 0..49. */
    public static final int REVISIONS = 50;

    private static final String FORMAT = "# floofos configuration 1";

    private record Stored(
            long sequence,
            Instant time,
            String user,
            String client,
            String comment,
            String digest) {}

    private final Path directory;
    private final Path configFile;
    private final Path rescueFile;
    private final Consumer<String> messages;
    private final List<Stored> stored = new ArrayList<>();

    /**
     * Reads what {@code directory} holds.
     *
     * @param directory the instance's state; made when absent
     * @param messages gets one line per revision that cannot be used
     */
    public History(Path directory, Consumer<String> messages) throws IOException {
        this.directory = directory.resolve("history");
        this.configFile = directory.resolve("config");
        this.rescueFile = directory.resolve("rescue");
        this.messages = messages;
        Files.createDirectories(this.directory);
        for (long sequence : sequences()) {
            try {
                List<String> lines = lines(sequence);
                check(sequence, lines);
                stored.add(header(sequence, lines));
            } catch (IOException e) {
                messages.accept("revision ignored: " + e.getMessage());
            }
        }
        // The newest is what the router starts with: it must be readable as well.
        while (!stored.isEmpty()) {
            try {
                read(stored.getLast().sequence());
                break;
            } catch (IOException e) {
                messages.accept("revision ignored: " + e.getMessage());
                stored.removeLast();
            }
        }
    }

    /** The revisions, newest (number 0) first. */
    public synchronized List<Revision> revisions() {
        List<Revision> revisions = new ArrayList<>();
        for (Stored label : stored.reversed()) {
            revisions.add(
                    new Revision(
                            revisions.size(),
                            label.time(),
                            label.user(),
                            label.client(),
                            label.comment(),
                            label.digest()));
        }
        return revisions;
    }

    /**
     * The configuration of a revision.
     *
     * @throws IOException when there is no such revision or its file cannot be read
     */
    public synchronized Branch load(int number) throws IOException {
        if (number < 0 || number >= stored.size()) {
            throw new NoSuchFileException(
                    "there is no revision "
                            + number
                            + (stored.isEmpty()
                                    ? "; nothing was committed yet"
                                    : "; expected 0.." + (stored.size() - 1)));
        }
        return read(stored.reversed().get(number).sequence());
    }

    /** The running configuration: revision 0, or the empty one before the first commit. */
    public synchronized Branch running() throws IOException {
        return stored.isEmpty() ? Schema.EMPTY : load(0);
    }

    /** Stores a configuration as revision 0. When this fails nothing has changed. */
    public synchronized void add(
            Branch tree, Instant time, String user, String client, String comment)
            throws IOException {
        long sequence = stored.isEmpty() ? 1 : stored.getLast().sequence() + 1;
        String body = TextPrinter.print(tree);
        Stored label =
                new Stored(
                        sequence,
                        time,
                        oneLine(user),
                        oneLine(client),
                        oneLine(comment),
                        digest(body));
        String text =
                String.join(
                        "\n",
                        FORMAT,
                        "# time " + label.time(),
                        "# user " + label.user(),
                        "# client " + label.client(),
                        "# comment " + label.comment(),
                        "# crc32 " + crc(body),
                        body);
        Durable.write(file(sequence), text);
        stored.add(label);
        try {
            Durable.write(configFile, text);
            while (stored.size() > REVISIONS) {
                Files.deleteIfExists(file(stored.removeFirst().sequence()));
            }
        } catch (IOException e) {
            // The revision itself is safe; only the copy or the clean-up is late.
            messages.accept("after the commit: " + e.getMessage());
        }
    }

    /**
     * The configuration kept for emergencies.
     *
     * @throws IOException when there is none or it cannot be read
     */
    public synchronized Branch rescue() throws IOException {
        if (!Files.exists(rescueFile)) {
            throw new NoSuchFileException(
                    "there is no rescue configuration ('request system configuration rescue save')");
        }
        Loaded loaded = TextParser.load(Schema.EMPTY, Files.readString(rescueFile));
        if (!loaded.errors().isEmpty()) {
            throw new IOException(rescueFile + ": " + loaded.errors().getFirst());
        }
        return loaded.tree();
    }

    /** Keeps a configuration for emergencies, in place of the one before. */
    public synchronized void saveRescue(Branch tree) throws IOException {
        Durable.write(rescueFile, TextPrinter.print(tree));
    }

    /** Forgets it; false when there is none. */
    public synchronized boolean deleteRescue() throws IOException {
        return Files.deleteIfExists(rescueFile);
    }

    private List<Long> sequences() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("[0-9]{1,18}"))
                    .map(Long::valueOf)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private Path file(long sequence) {
        return directory.resolve(String.format("%08d", sequence));
    }

    private List<String> lines(long sequence) throws IOException {
        String text = Files.readString(file(sequence), StandardCharsets.UTF_8);
        List<String> lines = List.of(text.split("\n", 7));
        if (lines.size() < 7 || !lines.getFirst().equals(FORMAT)) {
            throw new IOException(file(sequence) + " is incomplete");
        }
        return lines;
    }

    private Stored header(long sequence, List<String> lines) throws IOException {
        try {
            return new Stored(
                    sequence,
                    Instant.parse(field(sequence, lines, 1, "time")),
                    field(sequence, lines, 2, "user"),
                    field(sequence, lines, 3, "client"),
                    field(sequence, lines, 4, "comment"),
                    digest(lines.get(6)));
        } catch (DateTimeParseException e) {
            throw new IOException(file(sequence) + " has a bad time: " + e.getParsedString(), e);
        }
    }

    private String field(long sequence, List<String> lines, int index, String name)
            throws IOException {
        String start = "# " + name + " ";
        if (!lines.get(index).startsWith(start)) {
            throw new IOException(file(sequence) + " lacks its " + name);
        }
        return lines.get(index).substring(start.length());
    }

    private Branch read(long sequence) throws IOException {
        List<String> lines = lines(sequence);
        check(sequence, lines);
        Loaded loaded = TextParser.load(Schema.EMPTY, lines.get(6));
        if (!loaded.errors().isEmpty()) {
            throw new IOException(file(sequence) + ": " + loaded.errors().getFirst());
        }
        return loaded.tree();
    }

    private void check(long sequence, List<String> lines) throws IOException {
        if (!crc(lines.get(6)).equals(field(sequence, lines, 5, "crc32"))) {
            throw new IOException(file(sequence) + " is damaged: its checksum is wrong");
        }
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static String digest(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
