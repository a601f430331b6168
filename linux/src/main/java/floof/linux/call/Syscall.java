package floof.linux.call;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the kernel: syscall(2) of the C library, with system call numbers and structures
 * of x86-64 (linux/arch/x86/entry/syscalls/syscall_64.tbl). Pointers travel as {@code long}, so a
 * call allocates nothing once it is compiled.
 *
 * <p>Thread: any. A blocking call holds up no safepoint but pins a virtual thread's carrier.
 */
@SuppressWarnings("restricted")
public final class Syscall {

    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int CLOSE = 3;
    public static final int POLL = 7;
    public static final int MMAP = 9;
    public static final int MUNMAP = 11;
    public static final int IOCTL = 16;
    public static final int WRITEV = 20;
    public static final int MADVISE = 28;
    public static final int SOCKET = 41;
    public static final int SENDTO = 44;
    public static final int RECVFROM = 45;
    public static final int CONNECT = 42;
    public static final int SENDMSG = 46;
    public static final int RECVMSG = 47;
    public static final int BIND = 49;
    public static final int LISTEN = 50;
    public static final int GETSOCKNAME = 51;
    public static final int SETSOCKOPT = 54;
    public static final int GETSOCKOPT = 55;
    public static final int KILL = 62;
    public static final int FCNTL = 72;
    public static final int FTRUNCATE = 77;
    public static final int UMASK = 95;
    public static final int GETRUSAGE = 98;
    public static final int SETPRIORITY = 141;
    public static final int MOUNT = 165;
    public static final int UMOUNT2 = 166;
    public static final int GETTID = 186;
    public static final int SCHED_SETAFFINITY = 203;
    public static final int SCHED_GETAFFINITY = 204;
    public static final int EPOLL_WAIT = 232;
    public static final int EPOLL_CTL = 233;
    public static final int OPENAT = 257;
    public static final int UNSHARE = 272;
    public static final int FALLOCATE = 285;
    public static final int ACCEPT4 = 288;
    public static final int EVENTFD2 = 290;
    public static final int EPOLL_CREATE1 = 291;
    public static final int SENDMMSG = 307;
    public static final int SETNS = 308;
    public static final int MEMFD_CREATE = 319;
    public static final int BPF = 321;
    public static final int PIDFD_SEND_SIGNAL = 424;
    public static final int OPEN_TREE = 428;
    public static final int PIDFD_OPEN = 434;
    public static final int PIDFD_GETFD = 438;

    static {
        String refusal = refusal(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (!refusal.isEmpty()) {
            throw new UnsupportedOperationException(refusal);
        }
    }

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL =
            syscall(Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
    private static final MethodHandle PLAIN = syscall(Linker.Option.firstVariadicArg(1));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(
                    () -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    /** Address of the thread's errno. */
    private static final ThreadLocal<Address> ERRNO = ThreadLocal.withInitial(Syscall::errno);

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private record Address(long value) {}

    private Syscall() {}

    private static MethodHandle syscall(Linker.Option... options) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG),
                options);
    }

    private static Address errno() {
        MethodHandle location =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("__errno_location"),
                        FunctionDescriptor.of(JAVA_LONG));
        try {
            return new Address((long) location.invokeExact());
        } catch (Throwable t) {
            throw new AssertionError("__errno_location", t);
        }
    }

    /** Why there: elsewhere these numbers are other calls. Empty where they are right. */
    static String refusal(String system, String processor) {
        return system.equals("Linux") && processor.equals("amd64")
                ? ""
                : "FloofOS runs on Linux on x86-64 only; this is " + system + " on " + processor;
    }

    /** The call's result, or the negative errno. */
    public static long call(int number, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = STATE.get();
        try {
            long result = (long) SYSCALL.invokeExact(state, (long) number, a, b, c, d, e, f);
            // errno keeps an older value after a success: it is read only after -1.
            return result == -1 ? -state.get(JAVA_INT, 0) : result;
        } catch (Throwable t) {
            throw new AssertionError("syscall " + number, t);
        }
    }

    /**
     * The same for the packet path, and for calls that may be repeated after a failure: it
     * allocates nothing, however it is compiled, and repeats a failed call to learn its errno. Each
     * {@link #call} allocates a segment of 40 bytes, unless the compiler can prove that nothing
     * keeps it; at 500,000 calls a second that caused a collection, and a safepoint of a
     * millisecond, every 1.7 s.
     */
    public static long repeatable(int number, long a, long b, long c, long d, long e, long f) {
        long result = plain(number, a, b, c, d, e, f);
        return result == -1 ? call(number, a, b, c, d, e, f) : result;
    }

    public static long repeatable(int number, long a, long b, long c, long d) {
        return repeatable(number, a, b, c, d, 0, 0);
    }

    public static long repeatable(int number, long a, long b, long c) {
        return repeatable(number, a, b, c, 0, 0, 0);
    }

    /**
     * The same for calls that usually return EAGAIN; they are not repeated for it. At a safepoint
     * between the call and the reading of errno, the JVM's own calls may change errno. So in rare
     * cases another error looks like EAGAIN; the next call reports it.
     */
    public static long polling(int number, long a, long b, long c) {
        long errno = ERRNO.get().value; // read first: its initialiser makes calls, too
        long result = plain(number, a, b, c, 0, 0, 0);
        if (result != -1) {
            return result;
        }
        return ALL.get(JAVA_INT, errno) == Errno.EAGAIN ? -Errno.EAGAIN : call(number, a, b, c);
    }

    private static long plain(int number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) PLAIN.invokeExact((long) number, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError("syscall " + number, t);
        }
    }

    public static long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    public static long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    public static long call(int number, long a, long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    public static long call(int number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }

    /**
     * The result if it is none of -4095..-1.
     *
     * @throws LinuxException naming the call and its arguments
     */
    public static long check(long result, String name, Object... arguments) {
        if (result < 0 && result >= -4095) {
            throw LinuxException.of((int) -result, name, arguments);
        }
        return result;
    }
}
