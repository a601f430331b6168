package floof.linux.error;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Error numbers of x86-64 Linux that callers tell apart, and the text of every one. */
@SuppressWarnings("restricted")
public final class Errno {

    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EBADFD = 77;
    public static final int EMSGSIZE = 90;
    public static final int ENOPROTOOPT = 92;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;

    private static final MethodHandle NAME = handle("strerrorname_np");
    private static final MethodHandle TEXT = handle("strerrordesc_np");

    private Errno() {}

    /** {@code ENOENT (No such file or directory)}: strerror(3). */
    public static String text(int errno) {
        return string(NAME, errno) + " (" + string(TEXT, errno) + ")";
    }

    private static MethodHandle handle(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    private static String string(MethodHandle handle, int errno) {
        try {
            MemorySegment text = (MemorySegment) handle.invokeExact(errno);
            return text.address() == 0
                    ? "errno " + errno
                    : text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable t) {
            throw new AssertionError("errno " + errno, t);
        }
    }
}
