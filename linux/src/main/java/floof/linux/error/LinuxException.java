package floof.linux.error;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A system call that failed: {@code setns(fd 7 /run/netns/x, CLONE_NEWNET): EINVAL (Invalid
 * argument)}.
 */
public final class LinuxException extends RuntimeException {

    private final int errno;

    public LinuxException(int errno, String call) {
        super(call + ": " + Errno.text(errno));
        this.errno = errno;
    }

    public static LinuxException of(int errno, String name, Object... arguments) {
        return new LinuxException(
                errno,
                Arrays.stream(arguments)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", name + "(", ")")));
    }

    /** Makes a call; false when it fails with this errno. */
    public static boolean succeeds(int tolerated, Runnable call) {
        try {
            call.run();
            return true;
        } catch (LinuxException e) {
            if (e.errno != tolerated) {
                throw e;
            }
            return false;
        }
    }

    /** The positive error number; see {@link Errno}. */
    public int errno() {
        return errno;
    }
}
