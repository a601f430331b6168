package floof.linux.system;

import floof.linux.Fd;
import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces (network_namespaces(7)) that outlive processes: each is bind-mounted onto a
 * file. A path may also be {@code /proc/PID/ns/net}.
 *
 * <p>A thread that enters a namespace never comes back: it ends with its work. A thread in a pool
 * that kept the namespace would make every later socket in the wrong place.
 */
public final class NetworkNamespace {

    private static final long CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /**
     * Makes a new namespace, with nothing but its loopback device (down), known by {@code path}.
     * The directory above is made when missing. A plain file that lies there from a creation that
     * was cut off is taken over.
     *
     * @throws LinuxException with EEXIST if it exists already
     */
    public static void create(Path path) {
        if (exists(path)) {
            throw LinuxException.of(Errno.EEXIST, "create namespace", path);
        }
        try {
            Path directory = path.toAbsolutePath().resolveSibling("");
            Files.createDirectories(directory);
            Mount.share(directory);
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            // Left from a creation that was cut off before the mount.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        OwnThread.call(
                "netns new " + path.getFileName(),
                () -> {
                    Syscall.check(
                            Syscall.call(Syscall.UNSHARE, CLONE_NEWNET), "unshare", "CLONE_NEWNET");
                    Mount.bind(Path.of("/proc/thread-self/ns/net"), path);
                    return true;
                });
    }

    /** Whether a namespace is mounted at the path. */
    public static boolean exists(Path path) {
        return Files.exists(path) && Mount.isMountPoint(path);
    }

    /**
     * Forgets the path. The namespace itself ends when its last process, socket and mount is gone;
     * its virtual devices end with it.
     */
    public static void delete(Path path) {
        try {
            while (exists(path)) {
                Mount.unmount(path);
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs the work inside the namespace, on a thread of its own that ends with it. What it opens
     * (sockets, TAPs) stays in that namespace and may be used by any thread.
     *
     * <p>The work must not start threads, nor use what starts some (processes, common pools): a new
     * thread inherits the namespace of the one that starts it.
     *
     * @throws X what the work throws; unchecked exceptions as they are
     */
    public static <T extends @Nullable Object, X extends Exception> T call(
            Path path, OwnThread.Work<T, X> work) throws X {
        return OwnThread.call(
                "netns " + path.getFileName(),
                () -> {
                    enter(path);
                    return work.run();
                });
    }

    /**
     * One thread inside the namespace for much work, of the kind that {@link #call} may do; it ends
     * when the executor is closed.
     */
    public static ExecutorService executor(String name, Path path) {
        return Executors.newSingleThreadExecutor(work ->
                Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .unstarted(() -> {
                            enter(path);
                            work.run();
                        }));
    }

    private static void enter(Path path) {
        try (Fd fd = Fd.open(path.toString(), Fd.O_RDONLY, 0)) {
            Syscall.check(
                    Syscall.call(Syscall.SETNS, fd.number(), CLONE_NEWNET),
                    "setns",
                    fd,
                    "CLONE_NEWNET");
        }
    }
}
