package floof.app;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.instance.Instance;
import floof.fpc.Message;
import floof.testkit.Eventually;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a training; that is tried end to end in {@code lab}. */
@Timeout(300)
class AotCacheTest {

    private static final Message.Hello WITH = new Message.Hello(1, FastPathRequests.CACHED, 0, 1);
    private static final Message.Hello WITHOUT = new Message.Hello(1, 0, 0, 1);

    private final Instance instance = new Instance("nobody");

    @Test
    void anEmptyFolderMeansNone() {
        try (AotCache cache = new AotCache(instance, Path.of("/proc/none"), Tasks.printing())) {
            assertThat(cache.command()).noneMatch(word -> word.startsWith("-XX:AOT"));
            assertThat(cache.cache()).isEqualTo("none");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/none", "/proc"}) // no folder, or one that takes no file
    void oneThatCannotBeMadeIsCounted(Path folder) throws Exception {
        try (AotCache cache = new AotCache(instance, folder, Tasks.printing())) {
            cache.command();
            cache.onAnswer(WITHOUT);
            assertThat(Eventually.holds(() -> cache.cache().startsWith("none, 1 failed (")))
                    .isTrue();
        }
    }

    /** A fault that the task does not know, of a file system that was closed: none is hidden. */
    @Test
    void aTaskThatDiesIsAnAlarmAndTriesAgain(@TempDir Path folder) throws Exception {
        Path gone;
        try (FileSystem archive =
                FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            gone = archive.getPath("/caches");
            Files.createDirectory(gone);
        }
        Alarms alarms = new Alarms(InstantSource.system());
        try (Tasks tasks = new Tasks(alarms, (line, fault) -> {}, () -> {});
                AotCache cache = new AotCache(instance, gone, tasks)) {
            cache.onAnswer(WITHOUT);
            assertThat(
                            Eventually.holds(() ->
                                    alarms.active().stream()
                                            .anyMatch(alarm ->
                                                    alarm.text()
                                                            .contains(
                                                                    "task aot-cache failed 2 times in a row"))))
                    .isTrue();
            assertThat(cache.cache()).isEqualTo("being made");
        }
        assertThat(alarms.active()).as("of a task that has ended").isEmpty();
    }

    @Test
    void oneThatIsThereIsGivenAndSeenInUse(@TempDir Path folder) throws Exception {
        try (AotCache cache = new AotCache(instance, folder, Tasks.printing())) {
            Files.writeString(cache.file(), "");
            assertThat(cache.command()).contains("-XX:AOTCache=" + cache.file());
            cache.onAnswer(WITH);
            assertThat(cache.cache()).isEqualTo("in use");
            assertThat(cache.file()).exists();
        }
    }

    /** The JVM's word counts: what it refuses goes, so that the next start is not slower still. */
    @Test
    void aRefusedOneIsCountedAndRemoved(@TempDir Path folder) throws Exception {
        AotCache cache = new AotCache(instance, folder, Tasks.printing());
        Files.writeString(cache.file(), "");
        cache.command();
        cache.close(); // no training follows
        cache.onAnswer(WITHOUT);
        assertThat(cache.cache()).startsWith("none, 1 failed (the JVM refuses " + cache.file());
        assertThat(cache.file()).doesNotExist();
        assertThat(cache.command()).noneMatch(word -> word.startsWith("-XX:AOT"));
    }
}
