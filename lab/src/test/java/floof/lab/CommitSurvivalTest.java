package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was committed, and what waits, when floofd dies by -9. */
class CommitSurvivalTest {

    @Test
    @DisplayName("40-42 a commit to be confirmed waits on after a kill; so does what was committed")
    void nothingIsLost() throws Exception {
        try (Network network = new Network("cs" + ProcessHandle.current().pid() % 10_000)) {
            network.host("router");
            Router router = new Router(network, "router", network.name());
            router.awaitReady();
            router.must("configure", "set system host-name n0", "commit and-quit");
            AtomicInteger said = new AtomicInteger();
            for (int round = 1; round <= 2; round++) {
                int first = said.get() + 1;
                Thread operator =
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = first; isCommitted(router, i); i++) {
                                        said.set(i);
                                    }
                                });
                Thread.sleep(700 + 130 * round);
                kill(router);
                operator.join();
                router.awaitReady();
                assertThat(number(router)).isBetween(said.get(), said.get() + 1);
            }
            router.must("configure", "set system host-name after", "commit confirmed 9 and-quit");
            kill(router);
            router.awaitReady();
            assertThat(router.must("show system commit")).startsWith("commit by root via cli is ");
            assertThat(name(router)).isEqualTo("after");
            router.must("configure", "commit and-quit");
            assertThat(router.must("show system commit")).startsWith("0   ");
        }
    }

    private static boolean isCommitted(Router router, int number) {
        return router.ctl("configure", "set system host-name n" + number, "commit and-quit")
                .isGood();
    }

    private static String name(Router router) {
        return router.must("show configuration system host-name")
                .replaceAll("(?s)host-name |;.*", "");
    }

    private static int number(Router router) {
        return Integer.parseInt(name(router).substring(1));
    }

    private static void kill(Router router) {
        ProcessHandle floofd = router.floofd();
        floofd.destroyForcibly();
        assertThat(Network.await(Duration.ofSeconds(5), () -> !floofd.isAlive())).isTrue();
    }
}
