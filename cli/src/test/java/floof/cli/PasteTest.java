package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import floof.cli.screen.InputPipe;
import floof.cli.wire.Client;
import floof.config.tree.Branch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many lines at a terminal at once: what each costs must not grow with those before it. */
class PasteTest {

    private static final int LINES = 300;

    private final FakeRouter router = new FakeRouter();

    /**
     * Pastes lines into configuration mode, each a statement of its own.
     *
     * @return bytes that the session's thread took for them; unlike the time, the same each time
     */
    private long paste(int first, int count) throws IOException {
        String lines =
                IntStream.range(first, first + count)
                        .mapToObj(i ->
                                "set routing static route 10.%d.%d.0/24 next-hop 192.0.2.1\r"
                                        .formatted(i / 256, i % 256))
                        .collect(Collectors.joining());
        InputPipe input = new InputPipe();
        input.put(("configure\r" + lines + "exit\r").getBytes(UTF_8));
        input.end();
        Client client = new Client("root", "-", "1", Path.of("/"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (TerminalScreen screen =
                new TerminalScreen(
                        input, (type, bytes, at, length) -> {}, "xterm", 100, 24, true)) {
            Shell shell = new Shell(router, screen, client, new Sessions(router));
            try {
                long before = threads.getCurrentThreadAllocatedBytes();
                screen.run(shell);
                return threads.getCurrentThreadAllocatedBytes() - before;
            } finally {
                shell.close();
            }
        }
    }

    private int routes() {
        return router.candidates().shared().find(List.of("routing", "static", "route"))
                        instanceof Branch routes
                ? routes.entries().size()
                : 0;
    }

    @Test
    @Tag("slow")
    void theLastLinesCostWhatTheFirstDo() throws IOException {
        paste(0, LINES); // classes are loaded
        long first = paste(LINES, LINES);
        paste(2 * LINES, 28 * LINES);
        assertThat(routes()).isEqualTo(30 * LINES);
        long last = paste(30 * LINES, LINES);
        assertThat(routes()).isEqualTo(31 * LINES);
        System.out.printf(
                "a pasted line takes %,d bytes, behind %,d others %,d%n",
                first / LINES, 30 * LINES, last / LINES);
        assertThat((double) last / first).as("bytes of the last to the first").isLessThan(1.5);
    }
}
