package floof.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** Event bits of poll(2) and epoll(7), which are the same. */
public final class Poll {

    public static final int IN = 0x1;
    public static final int OUT = 0x4;
    public static final int ERR = 0x8;
    public static final int HUP = 0x10;

    private Poll() {}

    /** {@code struct pollfd}: 0 int fd, 4 short events, 6 short revents. */
    static int one(Fd fd, int events, int timeoutMs) {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(8, 4);
            pollfd.set(JAVA_INT, 0, fd.number());
            pollfd.set(JAVA_SHORT, 4, (short) events);
            int remainingMs = timeoutMs;
            long ready;
            while ((ready = Syscall.call(Syscall.POLL, pollfd.address(), 1, remainingMs))
                    == -Errno.EINTR) {
                if (timeoutMs >= 0) {
                    long leftNs = Math.max(0, deadlineNs - System.nanoTime());
                    remainingMs = (int) TimeUnit.NANOSECONDS.toMillis(leftNs);
                }
            }
            Syscall.check(ready, "poll", fd, timeoutMs + " ms");
            return ready == 0 ? 0 : pollfd.get(JAVA_SHORT, 6);
        }
    }
}
