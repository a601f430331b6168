package floof.linux.dpdk;

import floof.linux.error.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Collectors;

/** DPDK cannot do what was asked; the message says what, where and why. */
public final class DpdkException extends RuntimeException {

    private final int errno;

    /** One without an error number. */
    public DpdkException(String message) {
        super(message);
        this.errno = 0;
    }

    DpdkException(String message, Throwable cause) {
        super(message, cause);
        this.errno = 0;
    }

    private DpdkException(int errno, String call) {
        super(call + ": " + Errno.text(errno));
        this.errno = errno;
    }

    static DpdkException of(int errno, String function, Object... arguments) {
        return new DpdkException(
                errno,
                Arrays.stream(arguments)
                        .map(it -> it instanceof MemorySegment ? "*" : String.valueOf(it))
                        .collect(Collectors.joining(", ", function + "(", ")")));
    }

    /** The positive error number; 0 without one. */
    public int errno() {
        return errno;
    }
}
