package floof.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A lock file held by at most one living process; the kernel releases it at that process's death
 * (fcntl(2), F_SETLK). The file holds the number of the process; only its holder may remove it.
 */
public final class InstanceLock implements AutoCloseable {

    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param what runs under this lock, for the message
     * @throws IOException when another process holds it, naming that process
     */
    public static InstanceLock take(Path file, String what) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String pid = ProcessHandle.current().pid() + "\n";
        while (true) {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new IOException(
                        what + " runs already (process " + holder(file) + " holds " + file + ")");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            if (holder(file).equals(pid.strip())) {
                return new InstanceLock(channel);
            }
            // Its last holder removed the file between our opening and locking it.
            channel.close();
        }
    }

    private static String holder(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
