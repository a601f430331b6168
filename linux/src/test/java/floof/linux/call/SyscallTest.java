package floof.linux.call;

import static org.assertj.core.api.Assertions.assertThat;

import floof.linux.EventFd;
import floof.linux.error.Errno;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SyscallTest {

    private static final int CALLS = 100_000;

    @Test
    void anotherProcessorIsRefusedByName() {
        assertThat(Syscall.refusal("Linux", "amd64")).isEmpty();
        assertThat(Syscall.refusal("Linux", "aarch64"))
                .isEqualTo("FloofOS runs on Linux on x86-64 only; this is Linux on aarch64");
        assertThat(Syscall.refusal("FreeBSD", "amd64")).contains("FreeBSD");
    }

    @Test
    void aPollingCallReportsAsAnyOther() {
        try (EventFd event = new EventFd("test");
                Arena arena = Arena.ofConfined()) {
            long buffer = arena.allocate(8, 8).address();
            int number = event.fd().number();
            assertThat(Syscall.polling(Syscall.READ, number, buffer, 8)).isEqualTo(-Errno.EAGAIN);
            event.signal();
            assertThat(Syscall.polling(Syscall.READ, number, buffer, 8)).isEqualTo(8);
            assertThat(Syscall.polling(Syscall.READ, number, buffer, 4)).isEqualTo(-Errno.EINVAL);
            assertThat(Syscall.polling(Syscall.READ, -1, buffer, 8)).isEqualTo(-Errno.EBADF);
        }
    }

    /** Without escape analysis: {@code call()} beside it must allocate. */
    @Test
    @Tag("slow")
    void aRepeatableCallAllocatesNothing() throws Exception {
        Path classes =
                Path.of(Syscall.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:-DoEscapeAnalysis",
                                "-cp",
                                classes + ":" + classes.resolveSibling("test-classes"),
                                Allocating.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String[] bytes = process.inputReader().readLine().split(" ");
        assertThat(process.waitFor()).isZero();
        assertThat(Long.parseLong(bytes[0]))
                .as("bytes by polling() and repeatable()")
                .isLessThan(CALLS);
        assertThat(Long.parseLong(bytes[1])).as("bytes by call()").isGreaterThan(16L * CALLS);
    }

    /**
     * Prints the bytes that {@link #CALLS} rounds allocate, by polling and repeatable calls, and by
     * others.
     */
    static final class Allocating {

        private static final com.sun.management.ThreadMXBean THREADS =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        public static void main(String[] arguments) {
            try (EventFd event = new EventFd("test");
                    Arena arena = Arena.ofConfined()) {
                int number = event.fd().number();
                long buffer = arena.allocate(8, 8).address();
                long repeatable = 0;
                long call = 0;
                for (int round = 0; round < 3; round++) { // the last one is compiled
                    long start = THREADS.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < CALLS; i++) {
                        Syscall.polling(Syscall.READ, number, buffer, 8);
                        Syscall.repeatable(Syscall.WRITE, number, buffer, 8);
                        Syscall.polling(Syscall.READ, number, buffer, 8);
                    }
                    long middle = THREADS.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < CALLS; i++) {
                        Syscall.call(Syscall.READ, number, buffer, 8);
                    }
                    repeatable = middle - start;
                    call = THREADS.getCurrentThreadAllocatedBytes() - middle;
                }
                System.out.println(repeatable + " " + call);
            }
        }

        private Allocating() {}
    }
}
