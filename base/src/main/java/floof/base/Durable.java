package floof.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are whole under their name or not there: written aside, flushed, renamed. Their owner
 * alone may read them.
 */
public final class Durable {

    /** Configurations hold hashes of passwords. */
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Bytes that are written at once: the JDK copies each write to memory of that size. */
    private static final int CHUNK = 1 << 16;

    private Durable() {}

    /** Replaces the content of a file, in UTF-8; on disk when this returns. */
    public static void write(Path file, String text) throws IOException {
        write(file, text, true);
        flushFolder(file);
    }

    /**
     * Removes a file for good: it does not come back after a power cut.
     *
     * @return whether it was there
     */
    public static boolean delete(Path file) throws IOException {
        boolean isThere = Files.deleteIfExists(file);
        if (isThere) {
            flushFolder(file);
        }
        return isThere;
    }

    /** A new name, or its end, is durable once the directory is. */
    private static void flushFolder(Path file) throws IOException {
        try (FileChannel folder =
                FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** The same for what ends with the machine: it outlives processes, and needs no disk. */
    public static void replace(Path file, String text) throws IOException {
        write(file, text, false);
    }

    private static void write(Path file, String text, boolean isFlushed) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel =
                FileChannel.open(
                        draft,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OWNER_ONLY)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int done = 0; done < bytes.length; ) {
                int length = Math.min(bytes.length - done, CHUNK);
                done += channel.write(ByteBuffer.wrap(bytes, done, length));
            }
            if (isFlushed) {
                channel.force(true);
            }
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
