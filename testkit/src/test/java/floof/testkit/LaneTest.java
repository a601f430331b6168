package floof.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneTest {

    /** For the cases below: where the one that crashes leaves the processes that it started. */
    private static final String ORPHANS = "floof.test.orphans";

    @TempDir Path root;

    /** Not run by itself: its name does not end with Test. */
    static class Crashing {
        @Test
        void crashesWithOrphansThatHoldItsOutput() throws IOException {
            Path folder = Path.of(System.getProperty(ORPHANS));
            Process marked = new ProcessBuilder("sleep", "900").inheritIO().start();
            Process bare = new ProcessBuilder("env", "-i", "sleep", "900").inheritIO().start();
            Leftovers.note("touch", folder.resolve("noted").toString());
            Leftovers.note("touch", folder.resolve("forgotten").toString()).run();
            Files.writeString(folder.resolve("marked"), "" + marked.pid());
            Files.writeString(folder.resolve("bare"), "" + bare.pid());
            Runtime.getRuntime().halt(139);
        }
    }

    /** What the lane goes on with. */
    static class Fine {
        @Test
        void passes() {
            assertThat(ORPHANS).isNotEmpty();
        }
    }

    private final class LocalLane extends Lane {
        LocalLane(Report report) {
            super(0, new Suite.Options(root, false, Set.of(), List.of()), report);
        }

        @Override
        List<String> command(TestClass test) {
            String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
            String path = System.getProperty("java.class.path");
            String orphans = "-D" + ORPHANS + "=" + root;
            return List.of(java, "-Xmx64m", orphans, "-cp", path, Fork.class.getName());
        }
    }

    private TestClass named(Class<?> type) {
        TestedModule module = new TestedModule(root.resolve("module"), "pure", List.of());
        return new TestClass(module, type.getName(), Set.of("pure"));
    }

    private @Nullable ProcessHandle orphan(String name) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(root.resolve(name)))).orElse(null);
    }

    /** The orphans live far longer than a test may wait: a lane that waits for them fails it. */
    @Test
    @Tag("slow")
    void aLaneOutlivesAJvmWhoseOrphansHoldItsOutput() throws Exception {
        Files.createDirectories(root.resolve("module/target"));
        Report report = new Report();
        Thread thread = Thread.ofPlatform().daemon().start(() -> run(report));
        try {
            assertThat(thread.join(Eventually.LIMIT)).as("the lane came to its end").isTrue();
            report.finish(root, false);
            assertThat(Files.readAllLines(root.resolve("cases.txt")))
                    .containsExactly(
                            "FAILED " + Crashing.class.getName(),
                            "PASSED " + Fine.class.getName() + ".passes");
            assertThat(Eventually.holds(() -> orphan("marked") == null)).isTrue();
            assertThat(root.resolve("noted")).exists();
            assertThat(root.resolve("forgotten")).doesNotExist();
        } finally {
            ProcessHandle bare = orphan("bare");
            if (bare != null) {
                bare.destroyForcibly();
            }
        }
    }

    private void run(Report report) {
        try (Lane lane = new LocalLane(report)) {
            lane.run(named(Crashing.class));
            lane.run(named(Fine.class));
        } catch (IOException e) {
            report.add(Fork.Outcome.FAILED, 0, "lane", e.toString());
        }
    }
}
