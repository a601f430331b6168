package floof.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import floof.linux.call.Syscall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Wakes a thread that waits in poll or epoll (eventfd(2)). Allocates nothing. Thread: any. */
public final class EventFd implements AutoCloseable {

    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

    private final Fd fd;
    private final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_LONG, 1);
    private final MemorySegment taken = Arena.ofAuto().allocate(JAVA_LONG);

    public EventFd(String what) {
        long number = Syscall.call(Syscall.EVENTFD2, 0, EFD_CLOEXEC_NONBLOCK);
        fd = Fd.own((int) Syscall.check(number, "eventfd"), what);
    }

    private EventFd(Fd fd) {
        this.fd = fd;
    }

    /**
     * One that another process made; takes ownership.
     *
     * @throws IllegalArgumentException when the descriptor is of another kind, which is then closed
     */
    public static EventFd adopt(Fd fd) {
        String target = fd.target();
        if (!target.equals("anon_inode:[eventfd]")) {
            fd.close();
            throw new IllegalArgumentException("expected an eventfd instead of " + target);
        }
        fd.setNonBlocking();
        return new EventFd(fd);
    }

    public Fd fd() {
        return fd;
    }

    /** Makes it readable until it is drained. */
    public void signal() {
        // EAGAIN means the count is at its end: readable it is.
        fd.write(one.address(), Long.BYTES);
    }

    /** Makes it unreadable; whether it was signalled since the last time. One thread only. */
    public boolean drain() {
        return fd.read(taken.address(), Long.BYTES) == Long.BYTES;
    }

    @Override
    public void close() {
        fd.close();
    }
}
