package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.Uninterruptibly;
import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much memory of its own floofd takes: what it maps of the tables is not its own. */
class FloofdMemoryTest {

    private static final int ROUTES = 300_000;

    /** Half of the 1.3 GB that floofd once had resident with so many routes. */
    private static final long PEAK_MAX_MIB = 650;

    @AutoClose private final Transit lab = new Transit(Network.unique("fm"));

    /** Samples the anonymous memory of a process until it is closed. */
    private static final class Peak implements AutoCloseable {

        private final Path status;
        private final Thread thread;
        private volatile long mib;
        private volatile boolean isEnding;

        Peak(ProcessHandle process) {
            status = Path.of("/proc/" + process.pid() + "/status");
            thread = Thread.ofPlatform().name("peak").start(this::sample);
        }

        private void sample() {
            try {
                while (!isEnding) {
                    mib = Math.max(mib, anonymousMib());
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                // The process has ended.
            }
        }

        private long anonymousMib() throws IOException {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) >> 10)
                    .sum();
        }

        @Override
        public void close() {
            isEnding = true;
            Uninterruptibly.join(thread);
        }
    }

    private static void bounded(String what, Peak peak) {
        peak.close();
        System.out.printf("floofd's own memory, %s: %d MiB at most%n", what, peak.mib);
        assertThat(peak.mib).as(what).isPositive().isLessThan(PEAK_MAX_MIB);
    }

    @Test
    @Tag("slow")
    void manyRoutesTakeHalfOfWhatTheyDid() {
        Router router = new Router(lab, "router", lab.name());
        router.awaitReady();
        router.commit(Transit.CONFIGURATION);
        ProcessHandle before = router.floofd();
        try (Peak peak = new Peak(before)) {
            lab.fill(router, ROUTES, random -> 24);
            bounded("while " + ROUTES + " routes come", peak);
        }
        try (Peak peak = new Peak(before)) {
            assertThat(router.must("show route | count")).startsWith("Count: ");
            bounded("while they are shown", peak);
        }
        router.must("restart control-plane");
        assertThat(Eventually.holds(() -> !before.isAlive())).isTrue();
        router.awaitReady();
        try (Peak peak = new Peak(router.floofd())) {
            assertThat(
                            Eventually.holds(() ->
                                    router.must("show fast-path sync")
                                            .startsWith("State: synchronized, 0 objects pending")))
                    .as(router::log)
                    .isTrue();
            bounded("after a restart that reads all", peak);
        }
    }
}
