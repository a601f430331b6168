package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What was committed, and what waits, when floofd dies by -9 at each write that a commit makes:
 * strace sends the signal (strace(1), {@code --inject}).
 */
@Tag("slow")
class CommitSurvivalTest {

    /**
     * Calls that a commit to be confirmed dies at, before each is made: what waits, then the
     * revision. Files are as they are at the fsyncs between, which only the disk would notice.
     */
    private static final List<String> WRITES =
            List.of("write:1", "rename:1", "write:2", "rename:2", "fsync:5");

    /** Of the whole that follows. */
    private static final List<String> WRITES_BEHIND = List.of("write:1", "rename:1");

    private final Network network = new Network(Network.unique("cs"));
    private final Router router;
    private final Path state;
    private String name = "";
    private int commits;
    private int tries;

    CommitSurvivalTest() {
        network.host("router");
        router = new Router(network, "router", network.name());
        state = Path.of("/var/lib/floof", router.instance());
    }

    @Test
    @DisplayName("40-42 a commit to be confirmed is there and waits, or is not, after any kill")
    void nothingIsLost() throws Exception {
        try (network) {
            router.awaitReady();
            commit("before", "commit");
            List<String> outcomes = new ArrayList<>();
            for (String write : WRITES) {
                outcomes.add(dieIn(write, "commit confirmed 9", "pending", history()));
            }
            assertThat(outcomes).containsExactly("old", "old", "old", "old", "new");
            for (String write : WRITES_BEHIND) {
                assertThat(Eventually.holds(this::isFollowed)).isTrue();
                assertThat(dieIn(write, "commit", "config")).isEqualTo("new");
            }
            assertThat(router.log()).doesNotContain("left out");
        }
    }

    /** Commits while floofd is about to die; which name the router has then. */
    private String dieIn(String write, String how, String... files) throws Exception {
        String old = name;
        String young = "n" + ++tries;
        ProcessHandle floofd = router.floofd();
        Process strace = strace(floofd, write, files);
        boolean isSaid = commit(young, how);
        assertThat(Eventually.holds(() -> !floofd.isAlive()))
                .as("killed by write %s of %s", write, List.of(files))
                .isTrue();
        strace.waitFor();
        router.awaitReady();
        name = router.must("show configuration system host-name").replaceAll("(?s).* |;.*", "");
        assertThat(name).isIn(isSaid ? List.of(young) : List.of(old, young));
        commits += name.equals(young) ? 1 : 0;
        String shown = router.must("show system commit");
        boolean isWaiting = shown.startsWith("commit by root via cli is ");
        assertThat(isWaiting).isEqualTo(name.equals(young) && how.contains("confirmed"));
        assertThat(shown.lines().filter(it -> it.matches("[0-9]+ .*")).count()).isEqualTo(commits);
        if (isWaiting) {
            router.must("configure", "commit check");
            assertThat(router.must("show system commit")).startsWith("0   ");
        }
        return name.equals(young) ? "new" : "old";
    }

    /** Whether the file for people has what was committed. */
    private boolean isFollowed() {
        try {
            return Files.readString(state.resolve("config")).contains("host-name " + name + ";");
        } catch (IOException e) {
            return false;
        }
    }

    private boolean commit(String host, String how) {
        boolean isGood =
                router.ctl("configure", "set system host-name " + host, how + " and-quit").isGood();
        if (name.isEmpty()) {
            name = host;
            commits++;
        }
        return isGood;
    }

    /** The file of the next revision. */
    private String history() throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("history"))) {
            long last =
                    files.map(it -> "" + it.getFileName())
                            .filter(it -> it.matches("[0-9]+"))
                            .mapToLong(Long::parseLong)
                            .max()
                            .orElseThrow();
            return "history/%08d".formatted(last + 1);
        }
    }

    private Process strace(ProcessHandle floofd, String write, String... files) throws Exception {
        List<Path> paths = new ArrayList<>();
        for (String file : files) {
            Path path = state.resolve(file);
            paths.addAll(List.of(path, Path.of(path + ".new")));
            if (files.length > 1) {
                paths.add(path.resolveSibling(""));
            }
        }
        return Strace.killAt(network, floofd, write, paths);
    }
}
