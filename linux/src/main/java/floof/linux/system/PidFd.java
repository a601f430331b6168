package floof.linux.system;

import floof.linux.Fd;
import floof.linux.Poll;
import floof.linux.call.Syscall;
import floof.linux.error.LinuxException;

/**
 * A process that is meant, and never another that got its number later (pidfd_open(2)). Thread:
 * any.
 */
public final class PidFd implements AutoCloseable {

    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    private final Fd fd;

    private PidFd(Fd fd) {
        this.fd = fd;
    }

    /**
     * @throws LinuxException with ESRCH if there is no such process
     */
    public static PidFd open(long pid) {
        long number = Syscall.call(Syscall.PIDFD_OPEN, pid, 0);
        Syscall.check(number, "pidfd_open", pid);
        return new PidFd(Fd.own((int) number, "process " + pid));
    }

    /**
     * A second descriptor of a file which that process has open under this number (pidfd_getfd(2)).
     *
     * @throws LinuxException with EBADF if it has none such, ESRCH if it has ended
     */
    public Fd fetch(int number, String what) {
        long copy = Syscall.call(Syscall.PIDFD_GETFD, fd.number(), number, 0);
        Syscall.check(copy, "pidfd_getfd", fd, number, what);
        return Fd.own((int) copy, what);
    }

    /**
     * @throws LinuxException with ESRCH if it has ended and its parent knows
     */
    public void signal(int signal) {
        Syscall.check(
                Syscall.call(Syscall.PIDFD_SEND_SIGNAL, fd.number(), signal, 0, 0),
                "pidfd_send_signal",
                fd,
                signal);
    }

    /** Waits for its end, -1 without limit; whether it has ended. */
    public boolean awaitEnd(int timeoutMs) {
        return fd.poll(Poll.IN, timeoutMs) != 0;
    }

    /** kill(2): where only the number is known. */
    public static void kill(long pid, int signal) {
        Syscall.check(Syscall.call(Syscall.KILL, pid, signal), "kill", pid, signal);
    }

    @Override
    public void close() {
        fd.close();
    }
}
