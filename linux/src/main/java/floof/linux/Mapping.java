package floof.linux;

import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;

/**
 * Pages mapped into this process. Access to it goes through {@code floof.memory}; nobody may touch
 * it after {@link #unmap}.
 *
 * @param what for messages
 * @param address first byte, page aligned
 * @param sizeBytes length
 */
public record Mapping(String what, long address, long sizeBytes) {

    /** Size of a huge page on x86-64. */
    public static final long HUGE_PAGE = 2 << 20;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_POPULATE = 0x8000;
    private static final int MAP_HUGETLB = 0x40000;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_POPULATE_WRITE = 23;

    /**
     * Private zeroed memory, all of it present before the first access: from the pool of huge pages
     * where the host keeps one (hugetlbpage), otherwise in transparent huge pages where they can be
     * had, otherwise in small ones.
     *
     * @param sizeBytes rounded up to whole huge pages
     */
    public static Mapping anonymous(String what, long sizeBytes) {
        long rounded = (sizeBytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        int flags = MAP_PRIVATE | MAP_ANONYMOUS;
        long address = mmap(0, rounded, PROT_READ | PROT_WRITE, flags | MAP_HUGETLB | MAP_POPULATE);
        if (address > 0) {
            return new Mapping(what, address, rounded);
        }
        // One huge page more than needed, so that an aligned part can be cut out.
        address = mmap(0, rounded + HUGE_PAGE, PROT_READ | PROT_WRITE, flags);
        Syscall.check(address, "mmap", what, rounded + HUGE_PAGE);
        long aligned = (address + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        if (aligned > address) {
            new Mapping(what, address, aligned - address).unmap();
        }
        new Mapping(what, aligned + rounded, address + HUGE_PAGE - aligned).unmap();
        Mapping mapping = new Mapping(what, aligned, rounded);
        mapping.preferHugePages();
        mapping.populate();
        return mapping;
    }

    /** Asks for huge pages (MADV_HUGEPAGE); a kernel without them leaves small ones. */
    public void preferHugePages() {
        long result = Syscall.call(Syscall.MADVISE, address, sizeBytes, MADV_HUGEPAGE);
        if (result != -Errno.EINVAL) {
            Syscall.check(result, "madvise", what, sizeBytes, "MADV_HUGEPAGE");
        }
    }

    /**
     * Brings in every page for writing (MADV_POPULATE_WRITE), so that no later access can fail.
     *
     * @throws LinuxException with ENOMEM or EFAULT where there are not enough pages
     */
    public void populate() {
        Syscall.check(
                Syscall.call(Syscall.MADVISE, address, sizeBytes, MADV_POPULATE_WRITE),
                "madvise",
                what,
                sizeBytes,
                "MADV_POPULATE_WRITE");
    }

    /** Takes the pages away: munmap(2). */
    public void unmap() {
        if (sizeBytes > 0) {
            Syscall.check(
                    Syscall.call(Syscall.MUNMAP, address, sizeBytes), "munmap", what, sizeBytes);
        }
    }

    /** Maps a file from its beginning, shared. */
    public static Mapping shared(Fd fd, long sizeBytes, boolean writable) {
        return shared(fd, 0, sizeBytes, writable);
    }

    /**
     * Maps a part of a file, shared: what a socket's rings are reached by, too.
     *
     * @param offset in the file, a multiple of the page
     */
    public static Mapping shared(Fd fd, long offset, long sizeBytes, boolean writable) {
        long address =
                Syscall.call(
                        Syscall.MMAP,
                        0,
                        sizeBytes,
                        writable ? PROT_READ | PROT_WRITE : PROT_READ,
                        MAP_SHARED,
                        fd.number(),
                        offset);
        Syscall.check(address, "mmap", fd, sizeBytes, "offset 0x" + Long.toHexString(offset));
        return new Mapping(fd.toString(), address, sizeBytes);
    }

    private static long mmap(long hint, long sizeBytes, int protection, int flags) {
        return Syscall.call(Syscall.MMAP, hint, sizeBytes, protection, flags, -1, 0);
    }
}
