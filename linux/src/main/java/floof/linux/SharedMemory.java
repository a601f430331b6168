package floof.linux;

import floof.linux.call.Syscall;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;

/**
 * Memory without a name that processes share by its descriptor (memfd_create(2)), mapped here. It
 * cannot be made smaller (F_SEAL_SHRINK), so that nobody loses pages that another one reads.
 *
 * <p>Thread: any.
 */
public final class SharedMemory implements AutoCloseable {

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int F_SEAL_SHRINK = 2;

    private final Fd fd;
    private final Mapping mapping;

    private SharedMemory(Fd fd, Mapping mapping) {
        this.fd = fd;
        this.mapping = mapping;
    }

    /** Zeroed memory, all of it present, in huge pages where the kernel has them for files. */
    public static SharedMemory create(String what, long sizeBytes) {
        Fd fd;
        try (Arena arena = Arena.ofConfined()) {
            long number =
                    Syscall.call(
                            Syscall.MEMFD_CREATE,
                            arena.allocateFrom(what).address(),
                            MFD_CLOEXEC | MFD_ALLOW_SEALING);
            fd = Fd.own((int) Syscall.check(number, "memfd_create", what), what);
        }
        try {
            fd.truncate(sizeBytes);
            Syscall.check(
                    Syscall.call(Syscall.FCNTL, fd.number(), F_ADD_SEALS, F_SEAL_SHRINK),
                    "fcntl",
                    fd,
                    "F_ADD_SEALS");
            Mapping mapping = Mapping.shared(fd, sizeBytes, true);
            mapping.preferHugePages();
            mapping.populate();
            return new SharedMemory(fd, mapping);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Memory of another process; takes ownership of the descriptor, also when it throws.
     *
     * @throws IllegalArgumentException when it is shorter than that, or may become so
     * @throws LinuxException when it is no shared memory
     */
    public static SharedMemory adopt(Fd fd, long sizeBytes) {
        try {
            long seals = Syscall.call(Syscall.FCNTL, fd.number(), F_GET_SEALS, 0);
            Syscall.check(seals, "fcntl", fd, "F_GET_SEALS");
            if ((seals & F_SEAL_SHRINK) == 0) {
                throw new IllegalArgumentException("shared memory is not sealed against shrinking");
            }
            if (sizeBytes <= 0 || sizeBytes > fd.sizeBytes()) {
                throw new IllegalArgumentException(
                        "shared memory has " + fd.sizeBytes() + " bytes instead of " + sizeBytes);
            }
            return new SharedMemory(fd, Mapping.shared(fd, sizeBytes, true));
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    public Fd fd() {
        return fd;
    }

    public Mapping mapping() {
        return mapping;
    }

    /** Unmaps it. */
    @Override
    public void close() {
        mapping.unmap();
        fd.close();
    }
}
