package floof.control;

import floof.base.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The claims of an instance, in a file that outlives processes, not the machine: a claim is there
 * before anything is changed, and goes after everything is undone, so that whoever comes later can
 * finish either. A line is a claim, or the name of a port that was let go; the last of a port
 * counts. One file, because a thousand small ones take ext4 half a second. Thread: one at a time.
 */
final class Claims {

    /** More lines than claims that the file may have, before it is written anew. */
    private static final int SLACK = 1_000;

    private final Path file;
    private final SortedMap<String, Claim> all = new TreeMap<>();
    private int lines;

    /**
     * Reads them; a file that is not there has none.
     *
     * @throws IOException with the line that is damaged
     */
    Claims(Path file) throws IOException {
        this.file = file;
        if (!Files.exists(file)) {
            return;
        }
        String text = Files.readString(file);
        // A line without an end was being written when its writer was killed: nothing followed it.
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            lines++;
            if (line.startsWith("{")) {
                try {
                    Claim claim = Claim.parse(line);
                    all.put(claim.port(), claim);
                } catch (IllegalArgumentException e) {
                    String place = file + ", line " + lines + ", is damaged: ";
                    throw new IOException(place + e.getMessage(), e);
                }
            } else {
                all.remove(line);
            }
        }
        rewrite();
    }

    /** By port; a copy. */
    SortedMap<String, Claim> all() {
        return new TreeMap<>(all);
    }

    @Nullable Claim get(String port) {
        return all.get(port);
    }

    /** Writes a claim down. */
    void put(Claim claim) throws IOException {
        append(claim.json());
        all.put(claim.port(), claim);
    }

    /** Forgets a port, if there is one of that name. */
    void remove(String port) throws IOException {
        if (all.containsKey(port)) {
            append(port);
            all.remove(port);
            if (lines > all.size() + SLACK) {
                rewrite();
            }
        }
    }

    private void append(String line) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long size = channel.size();
            channel.position(size);
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                channel.truncate(size); // no half line before the next one
                throw e;
            }
        }
        lines++;
    }

    private void rewrite() throws IOException {
        StringBuilder text = new StringBuilder();
        all.values().forEach(claim -> text.append(claim.json()).append('\n'));
        Durable.replace(file, text.toString());
        lines = all.size();
    }
}
