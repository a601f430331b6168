package floof.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import floof.linux.call.Syscall;
import floof.linux.error.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for many descriptors (epoll(7), level triggered). Waiting allocates nothing.
 *
 * <p>Thread: one waits; any may add and remove.
 */
public final class Epoll implements AutoCloseable {

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    // struct epoll_event is packed on x86-64: 0 u32 events, 4 u64 of no use here.
    private static final int EVENT_SIZE = 12;

    private final Fd fd;
    private final int capacity;
    private final MemorySegment ready;

    /**
     * @param capacity how many ready descriptors one wait tells at most; the rest come with the
     *     next
     */
    public Epoll(int capacity) {
        long number = Syscall.call(Syscall.EPOLL_CREATE1, EPOLL_CLOEXEC);
        fd = Fd.own((int) Syscall.check(number, "epoll_create1"), "epoll");
        this.capacity = capacity;
        ready = Arena.ofAuto().allocate((long) capacity * EVENT_SIZE, 8);
    }

    /** Readable itself when one of the watched is ready. */
    public Fd fd() {
        return fd;
    }

    /**
     * Watches a descriptor.
     *
     * @param watched its number, see {@link Fd#number}
     * @param events of {@link Poll}
     */
    public void add(int watched, int events) {
        control(ADD, "EPOLL_CTL_ADD", watched, events);
    }

    public void remove(int watched) {
        control(REMOVE, "EPOLL_CTL_DEL", watched, 0);
    }

    /**
     * Waits until something is ready.
     *
     * @param timeoutMs -1 waits without end, 0 not at all
     * @return how many are ready; 0 also after a signal
     */
    public int await(int timeoutMs) {
        long count =
                Syscall.repeatable(
                        Syscall.EPOLL_WAIT, fd.number(), ready.address(), capacity, timeoutMs);
        if (count < 0 && count != -Errno.EINTR) {
            Syscall.check(count, "epoll_wait", fd, timeoutMs + " ms");
        }
        return (int) Math.max(0, count);
    }

    /** The events of the descriptor that is ready as number {@code index}. */
    public int events(int index) {
        return ready.get(JAVA_INT, (long) index * EVENT_SIZE);
    }

    @Override
    public void close() {
        fd.close();
    }

    private void control(int operation, String name, int watched, int events) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EVENT_SIZE, 8);
            event.set(JAVA_INT, 0, events);
            Syscall.check(
                    Syscall.call(
                            Syscall.EPOLL_CTL, fd.number(), operation, watched, event.address()),
                    "epoll_ctl",
                    fd,
                    name,
                    "fd " + watched);
        }
    }
}
