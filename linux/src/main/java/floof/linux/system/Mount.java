package floof.linux.system;

import floof.linux.Fd;
import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** mount(2) and umount(2) for what the router mounts: bind mounts and its own tmpfs. */
public final class Mount {

    private static final long MS_REMOUNT = 1L << 5;
    private static final long MS_BIND = 1L << 12;
    private static final long MS_REC = 1L << 14;
    private static final long MS_SHARED = 1L << 20;
    private static final long MS_NOSUID_NODEV_NOEXEC = 2 | 4 | 8;
    private static final int MNT_DETACH = 2;
    private static final int AT_FDCWD = -100;
    private static final int OPEN_TREE_CLONE = 1;

    private Mount() {}

    /**
     * A tmpfs over an existing directory, for root alone, whose files get huge pages wherever 2 MiB
     * are mapped (so that {@code /sys/kernel/mm/transparent_hugepage/shmem_enabled} need not be
     * changed).
     *
     * @param sizeBytes what all files together may take; pages are taken when used
     * @return false when the kernel has no huge pages for a tmpfs, and it is one of small pages
     */
    public static boolean hugeTmpfs(Path directory, long sizeBytes) {
        return tmpfs(directory, sizeBytes, "always");
    }

    /**
     * @param huge how files get huge pages (tmpfs(5)); small ones when the kernel does not know it
     */
    public static boolean tmpfs(Path directory, long sizeBytes, String huge) {
        String options = "size=" + sizeBytes + ",mode=0700";
        boolean isHuge =
                LinuxException.succeeds(
                        Errno.EINVAL, () -> tmpfs(directory, options + ",huge=" + huge));
        if (!isHuge) {
            tmpfs(directory, options);
        }
        return isHuge;
    }

    private static void tmpfs(Path directory, String options) {
        mount("tmpfs", directory, "tmpfs", MS_NOSUID_NODEV_NOEXEC, options);
    }

    /** Changes how much all files of a mounted tmpfs together may take. */
    public static void resize(Path directory, long sizeBytes) {
        mount(
                "tmpfs",
                directory,
                "tmpfs",
                MS_REMOUNT | MS_NOSUID_NODEV_NOEXEC,
                "size=" + sizeBytes);
    }

    /** Makes {@code target} show what {@code source} shows. */
    public static void bind(Path source, Path target) {
        mount(source.toString(), target, "none", MS_BIND, "");
    }

    /**
     * Lets mounts made under the directory later appear in every mount namespace, as ip-netns(8)
     * does: what a process in a namespace of its own still held mounted could not be removed.
     */
    public static void share(Path directory) {
        Runnable shared = () -> mount("none", directory, "none", MS_SHARED | MS_REC, "");
        if (!LinuxException.succeeds(Errno.EINVAL, shared)) {
            mount(directory.toString(), directory, "none", MS_BIND | MS_REC, "");
            shared.run();
        }
    }

    /** Unmounts the topmost mount; what still uses it keeps it until it lets go (MNT_DETACH). */
    public static void unmount(Path target) {
        try (Arena arena = Arena.ofConfined()) {
            Syscall.check(
                    Syscall.call(
                            Syscall.UMOUNT2,
                            arena.allocateFrom(target.toString()).address(),
                            MNT_DETACH),
                    "umount",
                    target);
        }
    }

    /**
     * A folder without what is mounted onto files and folders in it, until it is closed.
     *
     * @param folder its path meanwhile
     */
    public record Beneath(Path folder, Fd tree) implements AutoCloseable {
        @Override
        public void close() {
            tree.close();
        }
    }

    /** Shows what mounts in a folder cover (open_tree(2)); nothing is unmounted. */
    public static Beneath beneath(Path folder) {
        try (Arena arena = Arena.ofConfined()) {
            long fd =
                    Syscall.check(
                            Syscall.call(
                                    Syscall.OPEN_TREE,
                                    AT_FDCWD,
                                    arena.allocateFrom(folder.toString()).address(),
                                    OPEN_TREE_CLONE | Fd.O_CLOEXEC),
                            "open_tree",
                            folder);
            Fd tree = Fd.own(Math.toIntExact(fd), "beneath " + folder);
            return new Beneath(Path.of("/proc/self/fd/" + fd), tree);
        }
    }

    /** Whether something is mounted exactly here, by /proc/self/mountinfo (proc(5)). */
    public static boolean isMountPoint(Path target) {
        String escaped = target.toAbsolutePath().normalize().toString().replace(" ", "\\040");
        try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.anyMatch(line -> line.split(" ", 6)[4].equals(escaped));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mount(String source, Path target, String type, long flags, String options) {
        try (Arena arena = Arena.ofConfined()) {
            Syscall.check(
                    Syscall.call(
                            Syscall.MOUNT,
                            arena.allocateFrom(source).address(),
                            arena.allocateFrom(target.toString()).address(),
                            arena.allocateFrom(type).address(),
                            flags,
                            arena.allocateFrom(options).address(),
                            0),
                    "mount",
                    source,
                    target,
                    type,
                    "0x" + Long.toHexString(flags),
                    options);
        }
    }
}
