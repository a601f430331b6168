package floof.control.port;

import floof.base.Durable;
import floof.control.instance.Instance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claims of an instance, in a file that outlives processes, not the machine: a claim is there
 * before anything is changed, and goes after everything is undone, so that whoever comes later can
 * finish either. A line is a claim, or the name of a port that was let go; the last of a port
 * counts. One file, because a thousand small ones take ext4 half a second. Thread: one at a time.
 */
public final class Claims {

    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    /** A port that was let go: the form of names of interfaces. */
    private static final String PORT = "[A-Za-z0-9_.-]+";

    /** More lines than claims that the file may have, before it is written anew. */
    private static final int SLACK = 1_000;

    private final Path file;
    private final SortedMap<String, Claim> all = new TreeMap<>();
    private int lines;

    /** The file has other lines than it should. */
    private boolean isStale;

    /** Those of an instance: of its file, and, where that is damaged, of the origins. */
    public static Claims of(Instance instance) throws IOException {
        return new Claims(instance.claims(), Origins.claims(instance));
    }

    /**
     * Reads them; a file that is not there has none. Damaged lines are told in the log and kept
     * beside the file.
     *
     * @param origins what devices carry with them, for ports of which the file does not tell
     */
    public Claims(Path file, List<Claim> origins) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            read(Files.readAllBytes(file));
        }
        for (Claim claim : origins) {
            if (all.putIfAbsent(claim.port(), claim) == null) {
                LOG.warn("{} does not tell of {}: found at its device", file, claim.port());
                isStale = true;
            }
        }
        if (isStale || lines != all.size()) {
            try {
                rewrite();
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage()); // it is longer than it needs to be, no more
            }
        }
    }

    private void read(byte[] bytes) throws IOException {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            // It was being written when its writer was killed: nothing followed it.
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end);
            }
        }
        int damaged = 0;
        for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList()) {
            lines++;
            if (line.matches(PORT)) {
                all.remove(line);
                continue;
            }
            try {
                Claim claim = Claim.parse(line);
                all.put(claim.port(), claim);
            } catch (IllegalArgumentException e) {
                damaged++;
                LOG.error("{}, line {}, is damaged: {}", file, lines, e.getMessage());
            }
        }
        if (damaged > 0) {
            isStale = true;
            Files.copy(
                    file,
                    file.resolveSibling(file.getFileName() + ".damaged"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** By port; a copy. */
    public SortedMap<String, Claim> all() {
        return new TreeMap<>(all);
    }

    @Nullable Claim get(String port) {
        return all.get(port);
    }

    /** Writes a claim down. */
    public void put(Claim claim) throws IOException {
        append(claim.json());
        all.put(claim.port(), claim);
    }

    /** Forgets a port, if there is one of that name. */
    public void remove(String port) throws IOException {
        if (all.containsKey(port)) {
            all.remove(port);
            try {
                append(port);
            } catch (IOException e) {
                shorten(); // a full file system must not keep a device from being given back
            }
            if (lines > all.size() + SLACK) {
                rewrite();
            }
        }
    }

    private void append(String line) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long size = channel.size();
            try {
                write(channel.position(size), line + "\n");
            } catch (IOException e) {
                channel.truncate(size); // no half line before the next one
                throw Durable.failure(file, e);
            }
        }
        lines++;
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void rewrite() throws IOException {
        Durable.replace(file, text());
        lines = all.size();
        isStale = false;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        all.values().forEach(claim -> text.append(claim.json()).append('\n'));
        return text.toString();
    }

    /** The same in place, which takes no room: what is left is shorter than what was there. */
    private void shorten() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            write(channel, text());
            channel.truncate(channel.position());
        }
        lines = all.size();
    }
}
