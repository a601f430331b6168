package floof.config.store;

import floof.base.Durable;
import floof.config.edit.Edit;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;

/**
 * One file of the history: a header of comments, each a name and a value, and a body, which is the
 * difference to the revision before or the whole configuration. The digest is that of everything
 * behind its line, so that a file proves itself; as the digest of the revision before is in there,
 * it also proves all that led here.
 *
 * @param number ascending, from 1
 * @param parent digest of the revision before; {@code -} for none
 * @param back of one that is to be confirmed: the number of the revision that runs again when
 *     nobody does, 0 for the empty one; else {@link #NO_ROLLBACK_TARGET}
 */
record Stored(
        Path file,
        String digest,
        String parent,
        long number,
        Instant time,
        String user,
        String client,
        String comment,
        boolean isWhole,
        long back) {

    static final long NO_ROLLBACK_TARGET = -1;

    /** Behind the kind of body. */
    private static final String BACK = " back-to ";

    /** The files of a real disk. */
    static final History.Disk DISK =
            new History.Disk() {
                @Override
                public void write(Path file, String text) throws IOException {
                    Durable.write(file, text);
                }

                @Override
                public void delete(Path file) throws IOException {
                    Files.deleteIfExists(file);
                }
            };

    private static final String FORMAT = "# floofos configuration 2";

    /** Lines before the body. */
    private static final int HEADER = 9;

    /** The same label for another file, which has a whole body. */
    Stored wholeIn(Path other) {
        return new Stored(other, digest, parent, number, time, user, client, comment, true, back);
    }

    /** The whole file; {@code digest} of the label is not looked at. */
    String text(String body) {
        String rest =
                String.join(
                        "\n",
                        "# parent " + parent,
                        "# number " + number,
                        "# time " + time,
                        "# user " + user,
                        "# client " + client,
                        "# comment " + comment,
                        "# body "
                                + (isWhole ? "whole" : "difference")
                                + (back == NO_ROLLBACK_TARGET ? "" : BACK + back),
                        body);
        return FORMAT
                + "\n# digest "
                + sha256(rest.getBytes(StandardCharsets.UTF_8), 0)
                + "\n"
                + rest;
    }

    /** This label with the digest that its file has. */
    Stored digested(String text) {
        String proof = value(text.lines().skip(1).findFirst().orElseThrow());
        return new Stored(file, proof, parent, number, time, user, client, comment, isWhole, back);
    }

    /**
     * Reads the label and proves the file.
     *
     * @throws IOException that names the file and what is wrong with it
     */
    static Stored read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int header = behindLine(bytes, HEADER);
        if (header < 0) {
            throw new IOException(file + " is incomplete");
        }
        String[] lines = new String(bytes, 0, header, StandardCharsets.UTF_8).split("\n");
        if (!lines[0].equals(FORMAT)) {
            throw new IOException(file + " is of another format: " + Edit.clipped(lines[0]));
        }
        String digest = value(lines[1]);
        int proven = behindLine(bytes, 2);
        if (!digest.equals(sha256(bytes, proven))) {
            throw new IOException(file + " is damaged: its digest is wrong");
        }
        String[] kind = value(lines[8]).split(BACK);
        try {
            return new Stored(
                    file,
                    digest,
                    value(lines[2]),
                    Long.parseLong(value(lines[3])),
                    Instant.parse(value(lines[4])),
                    value(lines[5]),
                    value(lines[6]),
                    value(lines[7]),
                    kind[0].equals("whole"),
                    kind.length < 2 ? NO_ROLLBACK_TARGET : Long.parseLong(kind[1]));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new IOException(file + " has a bad header: " + e.getMessage(), e);
        }
    }

    /** Where the text behind that many lines begins; -1 when there are not so many. */
    private static int behindLine(byte[] text, int count) {
        int left = count;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n' && --left == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** What the file holds, its label apart. */
    private String body() throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).split("\n", HEADER + 1)[HEADER];
    }

    Branch whole(Branch empty) throws IOException {
        Loaded loaded = TextParser.loadStored(empty, body());
        if (!loaded.errors().isEmpty()) {
            throw new IOException(file + ": " + loaded.errors().getFirst());
        }
        return loaded.tree();
    }

    Delta difference(Branch empty) throws IOException {
        try {
            return Delta.parse(empty, body());
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** {@code # name value}: the value, which may be empty. */
    private static String value(String line) {
        int space = line.indexOf(' ', 2);
        return space < 0 ? "" : line.substring(space + 1);
    }

    private static String sha256(byte[] text, int from) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(text, from, text.length - from);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The label as operators see it. */
    Revision revision(int place) {
        return new Revision(place, time, user, client, comment, digest);
    }
}
