package floof.linux.system;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.US_ASCII;

import floof.linux.Fd;
import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import floof.linux.error.LinuxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Sets of CPUs: as text, of cores, of processes. Thread: any. */
public final class Cpus {

    /** As {@link CurrentThread}: CONFIG_NR_CPUS is at most 8192, of distributions less. */
    static final int MASK_BYTES = 1024;

    /** Of /proc/stat: its first lines, one per CPU, of some 80 bytes. */
    private static final int STAT_BYTES = 64 << 10;

    private static final int STOLEN = 8;

    private Cpus() {}

    /**
     * Reads a list as the kernel and taskset(1) write it: {@code 0-3,8}.
     *
     * @throws IllegalArgumentException naming the text
     */
    public static BitSet parse(String list) {
        BitSet cpus = new BitSet();
        try {
            for (String part : list.strip().split(",", -1)) {
                int dash = part.indexOf('-');
                int first = Integer.parseUnsignedInt(dash < 0 ? part : part.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseUnsignedInt(part.substring(dash + 1));
                if (last < first || last >= MASK_BYTES * 8) {
                    throw new NumberFormatException();
                }
                cpus.set(first, last + 1);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + list + "' is not a list of CPUs such as 0-3,8", e);
        }
        return cpus;
    }

    /** The inverse of {@link #parse}. */
    public static String text(BitSet cpus) {
        StringBuilder text = new StringBuilder();
        for (int first = cpus.nextSetBit(0); first >= 0; ) {
            int last = cpus.nextClearBit(first) - 1;
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (last > first) {
                text.append('-').append(last);
            }
            first = cpus.nextSetBit(last + 1);
        }
        return text.toString();
    }

    /** The hardware threads of a CPU's core, itself among them. */
    public static BitSet threadsOfCore(int cpu) {
        Path file =
                Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology", "thread_siblings_list");
        try {
            return parse(Files.readString(file));
        } catch (IOException e) { // not every container shows its topology
            BitSet alone = new BitSet();
            alone.set(cpu);
            return alone;
        }
    }

    /**
     * Time in which a hypervisor ran somebody else although a CPU had work, since the start: in
     * hundredths of a second, 0 where it is not told (proc_stat(5)). The fast path asks, so this
     * makes little garbage.
     */
    public static long stolen(int cpu) {
        try (Arena arena = Arena.ofConfined();
                Fd stat = Fd.open("/proc/stat", Fd.O_RDONLY, 0)) {
            MemorySegment text = arena.allocate(STAT_BYTES);
            long length =
                    Syscall.check(
                            Syscall.call(Syscall.READ, stat.number(), text.address(), STAT_BYTES),
                            "read",
                            stat);
            return stolen(text.asSlice(0, length), ("cpu" + cpu + " ").getBytes(US_ASCII));
        } catch (LinuxException e) {
            return 0;
        }
    }

    /** The number in column {@link #STOLEN} of the line that begins so. */
    private static long stolen(MemorySegment text, byte[] begin) {
        int matched = 0;
        int column = 0;
        long value = 0;
        for (long at = 0; at < text.byteSize(); at++) {
            byte c = text.get(JAVA_BYTE, at);
            if (matched < begin.length) {
                // A line that begins otherwise is passed over to its end.
                matched = c == '\n' ? 0 : matched >= 0 && c == begin[matched] ? matched + 1 : -1;
                column = matched == begin.length ? 1 : 0;
            } else if (c == ' ' || c == '\n') {
                if (column == STOLEN || c == '\n') {
                    return column == STOLEN ? value : 0;
                }
                column++;
                value = 0;
            } else {
                value = 10 * value + c - '0';
            }
        }
        return 0;
    }

    /**
     * Keeps every thread of a process on these CPUs, and with them those that they will start.
     *
     * @throws LinuxException with EINVAL if there is none of them
     */
    public static void confine(long pid, BitSet cpus) {
        Set<Integer> done = new HashSet<>();
        boolean isChanged = true;
        // A thread that was started meanwhile by one not confined yet is met in the next round.
        while (isChanged) {
            isChanged = false;
            for (int thread : threads(pid)) {
                if (done.add(thread)) {
                    set(thread, cpus);
                    isChanged = true;
                }
            }
        }
    }

    private static List<Integer> threads(long pid) {
        Path folder = Path.of("/proc", Long.toString(pid), "task");
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> Integer.valueOf(entry.getFileName().toString())).toList();
        } catch (NoSuchFileException e) {
            return List.of(); // the process is gone
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** sched_setaffinity(2); 0 is the calling thread, one that is gone no error. */
    static void set(int thread, BitSet cpus) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            long[] words = cpus.toLongArray();
            MemorySegment.copy(words, 0, mask, JAVA_LONG, 0, words.length);
            long result =
                    Syscall.call(
                            Syscall.SCHED_SETAFFINITY, thread, mask.byteSize(), mask.address());
            if (result != -Errno.ESRCH) {
                Syscall.check(result, "sched_setaffinity", thread, cpus);
            }
        }
    }
}
