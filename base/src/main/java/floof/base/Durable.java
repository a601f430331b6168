package floof.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes files atomically: under a temporary name, flushed, then renamed. Only their owner may read
 * them. A failure leaves everything as it was; the error names the file system, which may be full.
 * Thread: any, one at a time per file.
 */
public final class Durable {

    /** Configurations hold hashes of passwords. */
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Bytes per write: the JDK copies each write to memory of that size. */
    private static final int CHUNK = 1 << 16;

    private Durable() {}

    /** Makes the names in a folder durable; tests replace it by one that fails. */
    @FunctionalInterface
    interface FolderFlush {
        void flush(Path folder) throws IOException;
    }

    /** Replaces the content of a file, in UTF-8. The new content is on disk when this returns. */
    public static void write(Path file, String text) throws IOException {
        write(file, text, Durable::flush);
    }

    static void write(Path file, String text, FolderFlush folders) throws IOException {
        Path former = file.resolveSibling(file.getFileName() + ".old");
        try {
            boolean isNew = !Files.exists(file);
            Files.deleteIfExists(former);
            if (!isNew) {
                Files.createLink(former, file);
            }
            try {
                draft(file, text, true);
                flush(file, isNew ? null : former, folders);
            } finally {
                Files.deleteIfExists(former);
            }
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** Removes a name that a power cut might remove: the caller gets an error. */
    private static void flush(Path file, @Nullable Path former, FolderFlush folders)
            throws IOException {
        try {
            folders.flush(folder(file));
        } catch (IOException e) {
            if (former == null) {
                Files.delete(file);
            } else {
                Files.move(former, file, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    /**
     * Removes a file durably: it does not reappear after a power cut.
     *
     * @return whether it existed
     */
    public static boolean delete(Path file) throws IOException {
        boolean isThere = Files.deleteIfExists(file);
        if (isThere) {
            flush(folder(file));
        }
        return isThere;
    }

    private static Path folder(Path file) {
        return file.toAbsolutePath().resolveSibling("");
    }

    /** Flushes the directory, which makes a new or removed name durable. */
    public static void flush(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The same for files that need not survive a reboot: they outlive processes, and are not
     * flushed to disk.
     */
    public static void replace(Path file, String text) throws IOException {
        try {
            draft(file, text, false);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /**
     * Describes a failure with a file for an operator, with its file system and the free space
     * there.
     */
    public static IOException failure(Path file, IOException why) {
        String reason =
                why instanceof FileSystemException e && e.getReason() != null
                        ? e.getReason()
                        : "" + why.getMessage();
        return new IOException("cannot write " + file + ": " + reason + place(file), why);
    }

    private static String place(Path file) {
        try {
            FileStore store = Files.getFileStore(folder(file));
            return " (file system " + store + ", " + (store.getUsableSpace() >> 10) + " KiB left)";
        } catch (IOException e) {
            return ""; // the folder is gone, which the reason says
        }
    }

    private static void draft(Path file, String text, boolean isFlushed) throws IOException {
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
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
    }
}
