package floof.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Descriptors that are waited for by poll(2). Unlike an {@link Epoll}, which the kernel tells of
 * every change of a descriptor all the time (a socket's sent packet is one), it costs nothing but
 * while it waits. Waiting allocates nothing and takes a time that grows with their number.
 *
 * <p>Thread: one.
 */
public final class PollSet {

    /** {@code struct pollfd}: 0 int fd, 4 short events, 6 short revents. */
    private static final int ENTRY_SIZE = 8;

    private MemorySegment entries = Arena.ofAuto().allocate(16 * ENTRY_SIZE, 8);
    private int count;

    /** Waits for a descriptor to become readable, too. */
    public void add(int watched) {
        if ((long) count * ENTRY_SIZE == entries.byteSize()) {
            MemorySegment larger = Arena.ofAuto().allocate(2 * entries.byteSize(), 8);
            entries = larger.copyFrom(entries);
        }
        long at = (long) count++ * ENTRY_SIZE;
        entries.set(JAVA_INT, at, watched);
        entries.set(JAVA_SHORT, at + 4, (short) Poll.IN);
    }

    /**
     * @throws IllegalArgumentException when it was not added
     */
    public void remove(int watched) {
        for (long at = 0; at < (long) count * ENTRY_SIZE; at += ENTRY_SIZE) {
            if (entries.get(JAVA_INT, at) == watched) {
                long last = (long) --count * ENTRY_SIZE;
                entries.set(JAVA_INT, at, entries.get(JAVA_INT, last));
                return;
            }
        }
        throw new IllegalArgumentException("fd " + watched + " is not waited for");
    }

    /**
     * Waits until one is readable, or has an error or its end.
     *
     * @param timeoutMs -1 waits without end, 0 not at all
     * @return how many are; 0 also after a signal
     */
    public int await(int timeoutMs) {
        long ready = Syscall.repeatable(Syscall.POLL, entries.address(), count, timeoutMs);
        if (ready < 0 && ready != -Errno.EINTR) {
            Syscall.check(ready, "poll", count + " descriptors", timeoutMs + " ms");
        }
        return (int) Math.max(0, ready);
    }
}
