package floof.linux.system;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import floof.linux.call.Syscall;
import floof.linux.error.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/** What the kernel's scheduler knows about the calling platform thread. */
public final class CurrentThread {

    private static final int PRIO_PROCESS = 0;

    private CurrentThread() {}

    /** Its id: gettid(2). */
    public static int id() {
        return (int) Syscall.call(Syscall.GETTID, 0);
    }

    /** The CPUs it may run on. */
    public static BitSet cpus() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(Cpus.MASK_BYTES, 8);
            long size = Syscall.call(Syscall.SCHED_GETAFFINITY, 0, mask.byteSize(), mask.address());
            Syscall.check(size, "sched_getaffinity", 0);
            return BitSet.valueOf(mask.asSlice(0, size).toArray(JAVA_BYTE));
        }
    }

    /**
     * Keeps it on these CPUs; threads it starts inherit that.
     *
     * @throws LinuxException with EINVAL if there is none of them
     */
    public static void runOn(BitSet cpus) {
        Cpus.set(0, cpus);
    }

    /** Sets its nice value: -20 (served first) to 19 (served last); setpriority(2). */
    public static void nice(int nice) {
        Syscall.check(
                Syscall.call(Syscall.SETPRIORITY, PRIO_PROCESS, 0, nice), "setpriority", 0, nice);
    }
}
