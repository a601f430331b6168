package floof.control.instance;

import floof.linux.SharedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A lock file held by at most one living process. The lock belongs to the open file and is released
 * by the kernel at the process's death (open file description lock, fcntl(2); the older kind would
 * be lost when the process closes any other descriptor of the file). The file holds the number of
 * the process; only its holder may remove it.
 */
public final class InstanceLock implements AutoCloseable {

    private final SharedFile file;

    private InstanceLock(SharedFile file) {
        this.file = file;
    }

    /**
     * @param what runs under this lock, for the message
     * @throws IOException when another process holds it, naming that process
     */
    public static InstanceLock take(Path path, String what) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        String pid = ProcessHandle.current().pid() + "\n";
        while (true) {
            SharedFile file = SharedFile.create(path, 0);
            if (!file.lockExclusive(0, 1)) {
                file.close();
                throw new IOException(
                        what + " runs already (process " + holder(path) + " holds " + path + ")");
            }
            if (file.isAt(path)) {
                Files.writeString(path, pid);
                return new InstanceLock(file);
            }
            // Its last holder removed the file between our opening and locking it.
            file.close();
        }
    }

    private static String holder(Path path) throws IOException {
        return Files.exists(path) ? Files.readString(path).strip() : "";
    }

    @Override
    public void close() {
        file.close();
    }
}
