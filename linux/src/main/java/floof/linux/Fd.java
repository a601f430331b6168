package floof.linux;

import floof.linux.call.Syscall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor with one owner, who closes it. Every descriptor is close-on-exec.
 *
 * <p>Thread: any; but who closes it while another thread is in a call risks that the number is
 * taken by another file meanwhile.
 */
public final class Fd implements AutoCloseable {

    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    private static final int AT_FDCWD = -100;
    private static final int F_SETFL = 4;

    private final AtomicInteger number;
    private final String what;

    private Fd(int number, String what) {
        this.number = new AtomicInteger(number);
        this.what = what;
    }

    /** Takes ownership of a descriptor; {@code what} is for messages. */
    public static Fd own(int number, String what) {
        return new Fd(number, what);
    }

    /**
     * open(2), always with O_CLOEXEC.
     *
     * @param mode permissions of a file that O_CREAT makes
     */
    public static Fd open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            long fd =
                    Syscall.call(
                            Syscall.OPENAT,
                            AT_FDCWD,
                            arena.allocateFrom(path).address(),
                            flags | O_CLOEXEC,
                            mode);
            Syscall.check(fd, "open", path, "0x" + Integer.toHexString(flags));
            return new Fd((int) fd, path);
        }
    }

    /**
     * The number as the kernel knows it.
     *
     * @throws IllegalStateException if it is closed
     */
    public int number() {
        int open = number.get();
        if (open < 0) {
            throw new IllegalStateException(what + " is closed");
        }
        return open;
    }

    /** What the kernel calls the open file: a path, or {@code anon_inode:[KIND]}. */
    String target() {
        try {
            return Files.readSymbolicLink(link()).toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Length of the open file in bytes. */
    long sizeBytes() {
        try {
            return Files.size(link());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets the length of the open file (ftruncate(2)). */
    void truncate(long sizeBytes) {
        long result = Syscall.call(Syscall.FTRUNCATE, number(), sizeBytes);
        Syscall.check(result, "ftruncate", this, sizeBytes);
    }

    private Path link() {
        return Path.of("/proc/self/fd/" + number());
    }

    /** Calls on the open file never wait from now on (O_NONBLOCK). */
    void setNonBlocking() {
        long result = Syscall.call(Syscall.FCNTL, number(), F_SETFL, O_RDWR | O_NONBLOCK);
        Syscall.check(result, "fcntl", this, "F_SETFL", "O_NONBLOCK");
    }

    /** read(2) to an absolute address: bytes read, or the negative errno. Allocates nothing. */
    public int read(long address, int sizeBytes) {
        return (int) Syscall.polling(Syscall.READ, number(), address, sizeBytes);
    }

    /** write(2) from an absolute address: bytes written, or the negative errno. */
    public int write(long address, int sizeBytes) {
        return (int) Syscall.repeatable(Syscall.WRITE, number(), address, sizeBytes);
    }

    /** writev(2) of an array of {@code struct iovec}: bytes written, or the negative errno. */
    public int writev(long iovecs, int count) {
        return (int) Syscall.repeatable(Syscall.WRITEV, number(), iovecs, count);
    }

    /** ioctl(2) with a pointer to {@code argument}; {@code name} is for the message. */
    public void ioctl(long request, String name, MemorySegment argument) {
        Syscall.check(
                Syscall.call(Syscall.IOCTL, number(), request, argument.address()),
                "ioctl",
                this,
                name);
    }

    /**
     * poll(2) of this one descriptor.
     *
     * @param events of {@link Poll}
     * @param timeoutMs -1 waits without end
     * @return the events that are there, 0 when time ran out
     */
    public int poll(int events, int timeoutMs) {
        return Poll.one(this, events, timeoutMs);
    }

    /** Closes it; a second time does nothing. */
    @Override
    public void close() {
        int open = number.getAndSet(-1);
        if (open >= 0) {
            // The kernel has let go of the number whatever the result says (close(2)).
            Syscall.call(Syscall.CLOSE, open);
        }
    }

    @Override
    public String toString() {
        int open = number.get();
        return (open < 0 ? "closed fd " : "fd " + open + " ") + what;
    }
}
