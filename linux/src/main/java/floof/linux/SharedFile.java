package floof.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that processes share as memory, with locks on byte ranges that the kernel releases when
 * their holder dies (open file description locks, fcntl(2)).
 *
 * <p>A lock belongs to this opened file, not to the process: two {@code SharedFile}s of one path
 * exclude each other even within a process. Locked bytes need not exist.
 *
 * <p>Thread: any.
 */
public final class SharedFile implements AutoCloseable {

    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    private final Path path;
    private final Fd fd;

    private SharedFile(Path path, Fd fd) {
        this.path = path;
        this.fd = fd;
    }

    /**
     * Makes the file, or opens the one that is there, and gives it at least this size (a hole:
     * nothing is reserved).
     */
    public static SharedFile create(Path path, long sizeBytes) {
        SharedFile file =
                new SharedFile(path, Fd.open(path.toString(), Fd.O_RDWR | Fd.O_CREAT, 0600));
        if (file.sizeBytes() < sizeBytes) {
            file.fd.truncate(sizeBytes);
        }
        return file;
    }

    /** Opens one that exists. */
    public static SharedFile open(Path path) {
        return new SharedFile(path, Fd.open(path.toString(), Fd.O_RDWR, 0));
    }

    public long sizeBytes() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this very file still has that path, and not another or none. */
    public boolean isAt(Path other) {
        try {
            Path opened = Path.of("/proc/self/fd/" + fd.number());
            return Files.exists(other) && Files.isSameFile(opened, other);
        } catch (IOException e) {
            return false; // removed meanwhile
        }
    }

    /**
     * Takes pages for the range now (fallocate(2)), so that no later write can fail.
     *
     * @throws LinuxException with ENOSPC when the file system has not enough; what was reserved
     *     before stays
     */
    public void reserve(long offset, long sizeBytes) {
        fallocate(0, offset, sizeBytes);
    }

    /** Gives pages of the range back; it reads as zeros. The size stays. */
    public void punchHole(long offset, long sizeBytes) {
        fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, sizeBytes);
    }

    /** Maps the whole file as it is long now. */
    public Mapping map(boolean writable) {
        return Mapping.shared(fd, sizeBytes(), writable);
    }

    /** Locks the range for itself; false when somebody holds any of it. Never waits. */
    public boolean lockExclusive(long offset, long sizeBytes) {
        return lock(F_WRLCK, offset, sizeBytes);
    }

    /** Gives the range up; nothing happens where it held none. */
    public void unlock(long offset, long sizeBytes) {
        lock(F_UNLCK, offset, sizeBytes);
    }

    /** Whether another opened file holds a lock of any kind on some byte of the range. */
    public boolean isLockedByOther(long offset, long sizeBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lock = flock(arena, F_WRLCK, offset, sizeBytes);
            Syscall.check(
                    Syscall.call(Syscall.FCNTL, fd.number(), F_OFD_GETLK, lock.address()),
                    "fcntl",
                    fd,
                    "F_OFD_GETLK",
                    offset,
                    sizeBytes);
            return lock.get(JAVA_SHORT, 0) != F_UNLCK;
        }
    }

    /** Releases its locks (a mapping would hold them beyond the descriptor) and closes it. */
    @Override
    public void close() {
        unlock(0, 0); // 0 bytes: to the end of the file, however far
        fd.close();
    }

    private boolean lock(short type, long offset, long sizeBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lock = flock(arena, type, offset, sizeBytes);
            long result = Syscall.call(Syscall.FCNTL, fd.number(), F_OFD_SETLK, lock.address());
            if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
                return false;
            }
            Syscall.check(result, "fcntl", fd, "F_OFD_SETLK", type, offset, sizeBytes);
            return true;
        }
    }

    /** {@code struct flock}: 0 short type, 2 short whence, 8 start, 16 length, 24 int pid. */
    private static MemorySegment flock(Arena arena, short type, long offset, long sizeBytes) {
        MemorySegment lock = arena.allocate(32, 8);
        lock.set(JAVA_SHORT, 0, type);
        lock.set(JAVA_LONG, 8, offset);
        lock.set(JAVA_LONG, 16, sizeBytes);
        return lock;
    }

    private void fallocate(int mode, long offset, long sizeBytes) {
        long result;
        do {
            result = Syscall.call(Syscall.FALLOCATE, fd.number(), mode, offset, sizeBytes);
        } while (result == -Errno.EINTR);
        Syscall.check(result, "fallocate", fd, "0x" + Integer.toHexString(mode), offset, sizeBytes);
    }
}
