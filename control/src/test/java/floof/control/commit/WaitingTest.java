package floof.control.commit;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.commit.Origin;
import floof.api.commit.PendingCommit.Kind;
import floof.base.alarm.Alarms;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.control.TestSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits is there again after a restart. */
class WaitingTest {

    /** A name that is refused now. */
    private static final Branch TREE =
            TextParser.loadStored(TestSchema.EMPTY, "system {\n    host-name 10.1;\n}\n").tree();

    @TempDir private Path folder;
    private final Alarms alarms = new Alarms(InstantSource.system());

    private Waiting open() throws IOException {
        return new Waiting(
                folder.resolve("pending"), TestSchema.EMPTY, InstantSource.system(), alarms);
    }

    private void put() throws IOException {
        try (Waiting waiting = open()) {
            waiting.put(
                    Kind.CONFIRMATION, Duration.ofHours(1), new Origin("root", "cli", ""), TREE);
        }
    }

    private void assertWaits() throws IOException {
        try (Waiting waiting = open()) {
            assertThat(waiting.item()).isNotNull().extracting(Waiting.Item::tree).isEqualTo(TREE);
        }
        assertThat(alarms.active()).isEmpty();
    }

    @Test
    void whatAnEarlierVersionAcceptedIsRolledBackTo() throws IOException {
        put();
        assertWaits();
    }

    @Test
    void aDamagedFileThatCannotBeMendedLosesNothing() throws IOException {
        put();
        Files.writeString(folder.resolve("pending"), "damaged");
        Files.createDirectories(folder.resolve("pending.new/in-the-way"));
        assertWaits();
        assertWaits();
    }
}
