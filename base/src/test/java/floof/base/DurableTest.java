package floof.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {

    @TempDir private Path folder;

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    private static void fail(Path folder) throws IOException {
        throw new IOException("the disk is gone");
    }

    @Test
    void aFileIsItsOwnersAndReplacedAsAWhole() throws IOException {
        Path file = folder.resolve("pending");
        Durable.write(file, "one");
        Durable.write(file, "two");
        assertThat(file).hasContent("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(names()).containsExactly("pending");
    }

    @Test
    void aNewNameThatIsNotDurableIsNotThere() throws IOException {
        Path file = folder.resolve("00000001");
        assertThatThrownBy(() -> Durable.write(file, "one", DurableTest::fail))
                .hasMessageContaining("the disk is gone");
        assertThat(names()).isEmpty();
    }

    @Test
    void anOldNameThatIsNotDurableKeepsItsContent() throws IOException {
        Path file = folder.resolve("pending");
        Durable.write(file, "one");
        assertThatThrownBy(() -> Durable.write(file, "two", DurableTest::fail))
                .hasMessageContaining("the disk is gone");
        assertThat(file).hasContent("one");
        assertThat(names()).containsExactly("pending");
    }

    @Test
    void whatFailsNamesTheFileSystemAndLeavesNothing() throws IOException {
        Path file = folder.resolve("config");
        Files.createDirectory(folder.resolve("config.new"));
        Files.createFile(folder.resolve("config.new/in-the-way"));
        assertThatThrownBy(() -> Durable.write(file, "text"))
                .hasMessageStartingWith("cannot write " + file + ": ")
                .hasMessageContaining("(file system ")
                .hasMessageContaining(" KiB left)");
        assertThat(names()).containsExactly("config.new");
        assertThat(Durable.failure(Path.of("/dev/x"), new IOException("No space left")))
                .hasMessageMatching("cannot write /dev/x: No space left \\(file system /dev .*");
    }
}
