package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the fast path starts: with its ahead-of-time cache, without, and with full tables. */
class StartTest {

    @TempDir private Path cache;
    @AutoClose private final Transit lab = new Transit(Network.unique("st"));
    private Router router;

    @BeforeEach
    void build() {
        router = new Router(lab, "router", lab.name(), "FLOOF_CACHE=" + cache);
        router.awaitReady();
        router.commit(Transit.CONFIGURATION);
    }

    private String state() {
        return router.must("show system uptime");
    }

    private void killFastPath() {
        ProcessHandle before = router.fastPath();
        before.destroyForcibly();
        assertThat(Eventually.holds(() -> !before.isAlive())).isTrue();
    }

    private List<Path> caches() {
        try (var files = Files.list(cache)) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Tag("slow")
    void aCacheIsMadeThenUsedAndABadOneDoneWithout() throws IOException {
        assertThat(Eventually.holds(Duration.ofMinutes(3), this::isTrained))
                .as(router::log)
                .isTrue();
        share(caches().getFirst());
        lab.fill(router, 100_000, random -> 24);
        Pinger ping = new Pinger(lab, "client", Transit.SERVER4, "ping");
        assertThat(ping.awaitAnswers(50)).as(router::log).isTrue();

        Pinger beside = new Pinger(lab, "server", Transit.SERVER4, "beside");
        killFastPath();
        assertThat(ping.awaitAnswers(50)).as("flows again; %s", router.log()).isTrue();
        Pinger.Result result = ping.stop();
        System.out.println("fast path killed with 100,000 routes: " + result);
        assertThat(result.longestGapS()).isLessThan(10 + beside.stop().longestGapS());
        assertThat(router.tableUse("ip4-routes")).isGreaterThanOrEqualTo(100_000);
        assertThat(Eventually.holds(() -> state().contains("Ahead-of-time cache: in use\n")))
                .as(() -> state() + router.log())
                .isTrue();

        // In its place, as whoever has it mapped would die of writing into it.
        Path bad = Files.writeString(cache.resolve("bad"), "not a cache");
        Files.move(bad, caches().getFirst(), StandardCopyOption.ATOMIC_MOVE);
        killFastPath();
        Pinger again = new Pinger(lab, "client", Transit.SERVER4, "again");
        assertThat(again.awaitAnswers(50)).as("flows again; %s", router.log()).isTrue();
        assertThat(Eventually.holds(() -> state().contains("1 failed (the JVM refuses")))
                .as(() -> state() + router.log())
                .isTrue();
        assertThat(router.log()).contains("WARN").contains("the fast path starts slowly");
    }

    /** The training has the lowest priority, and other tests beside it would keep it waiting. */
    private boolean isTrained() {
        router.floofd()
                .descendants()
                .filter(it -> it.info().commandLine().orElse("").contains("floof.app.Training"))
                .forEach(it ->
                        Command.of(
                                        "sh",
                                        "-c",
                                        "renice -n 0 -p $(ls /proc/"
                                                + it.pid()
                                                + "/task) >/dev/null")
                                .run());
        return !caches().isEmpty();
    }

    /** The routers of other tests need not make it again: this test comes first of all. */
    private static void share(Path made) throws IOException {
        Path folder = Files.createDirectories(Path.of("/var/cache/floof"));
        Path copy =
                Files.copy(
                        made,
                        folder.resolve(made.getFileName() + ".new-of-test"),
                        StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, folder.resolve(made.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
}
