package floof.control.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.testkit.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LogKeeperTest {

    private static final int LIMIT = 10_000;

    @TempDir private Path folder;
    private final Tasks tasks = Tasks.printing();

    @AfterEach
    void end() {
        tasks.close();
    }

    /** A folder that cannot be read is an alarm, as long as it cannot. */
    @Test
    void aKeeperThatFailsIsAnAlarmAndComesBack() throws Exception {
        Alarms alarms = new Alarms(InstantSource.system());
        Path logs = folder.resolve("logs");
        try (Tasks own = new Tasks(alarms, (line, fault) -> {}, () -> {});
                LogKeeper _ = new LogKeeper(logs, LIMIT, own)) {
            assertThat(Eventually.holds(() -> !alarms.active().isEmpty())).isTrue();
            assertThat(alarms.active().getFirst().text())
                    .contains("background task log-keeper failed", logs.toString());
            Files.createDirectory(logs);
            Path log = logs.resolve("bird.log");
            Files.writeString(log, "x".repeat(2 * LIMIT));
            assertThat(Eventually.holds(() -> size(log) == 0)).as("it keeps again").isTrue();
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void aWriterThatNeverEndsStaysWithinTwoFiles() throws Exception {
        Path log = folder.resolve("bird.log");
        Path older = folder.resolve("bird.log.1");
        Files.writeString(folder.resolve("other.log"), "short\n");
        try (OutputStream writer =
                        Files.newOutputStream(
                                log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                LogKeeper _ = new LogKeeper(folder, LIMIT, tasks)) {
            for (int round = 1; round <= 3; round++) {
                String lines = "x".repeat(3 * LIMIT) + "end of round " + round + "\n";
                writer.write(lines.getBytes()); // at once: the log may be taken after any write
                assertThat(Eventually.holds(() -> size(log) == 0)).isTrue();
                assertThat(size(older)).isLessThanOrEqualTo(LIMIT);
                assertThat(Files.readString(older)).endsWith("end of round " + round + "\n");
            }
            writer.write("after\n".getBytes());
        }
        assertThat(log).as("it goes on at the new end").hasContent("after");
        assertThat(folder.resolve("other.log")).hasContent("short");
        assertThat(folder).isDirectoryContaining("glob:**/bird.log.1");
    }
}
