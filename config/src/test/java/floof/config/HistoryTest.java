package floof.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private static final Instant TIME = Instant.parse("2026-02-15T11:20:57Z");

    @TempDir private Path folder;
    private final List<String> messages = new ArrayList<>();

    private History open() throws IOException {
        return new History(folder, messages::add);
    }

    private static Branch named(String name) throws StatementException {
        return Edit.set(Schema.EMPTY, List.of("system", "host-name", name));
    }

    @Test
    void nothingAtFirst() throws IOException {
        History history = open();
        assertThat(history.revisions()).isEmpty();
        assertThat(history.running()).isEqualTo(Schema.EMPTY);
        assertThatThrownBy(() -> history.load(0)).hasMessageContaining("no revision 0");
    }

    @Test
    void fiftyRevisionsSurviveARestartNewestFirst() throws Exception {
        History writer = open();
        for (int i = 0; i < 60; i++) {
            writer.add(named("r" + i), TIME.plusSeconds(i), "ann", "cli", "number\n" + i);
        }
        History history = open();
        assertThat(messages).isEmpty();
        assertThat(history.revisions()).hasSize(50).isEqualTo(writer.revisions());
        assertThat(history.revisions().getFirst())
                .isEqualTo(
                        new Revision(
                                0,
                                TIME.plusSeconds(59),
                                "ann",
                                "cli",
                                "number 59",
                                history.revisions().getFirst().digest()));
        assertThat(history.running()).isEqualTo(named("r59"));
        assertThat(history.load(49)).isEqualTo(named("r10"));
        assertThatThrownBy(() -> history.load(50)).hasMessageContaining("expected 0..49");
        assertThat(folder.resolve("history")).isDirectoryNotContaining("glob:**0000001");
        assertThat(folder.resolve("config")).content().contains("host-name r59;");
    }

    @Test
    void aHalfWrittenOrDamagedRevisionIsLeftOutWithAMessage() throws Exception {
        History writer = open();
        for (String name : List.of("a", "b", "c", "d")) {
            writer.add(named(name), TIME, "ann", "cli", "");
        }
        Path files = folder.resolve("history");
        Files.writeString(files.resolve("00000005.new"), "# floofos"); // killed before the rename
        Path cut = files.resolve("00000004");
        Files.writeString(cut, Files.readString(cut).substring(0, 60));
        Path flipped = files.resolve("00000003");
        Files.writeString(flipped, Files.readString(flipped).replace("host-name c", "host-name x"));

        History history = open();
        assertThat(history.running()).isEqualTo(named("b"));
        assertThat(history.revisions()).hasSize(2);
        assertThat(messages)
                .hasSize(2)
                .anyMatch(m -> m.contains("00000003") && m.contains("checksum"))
                .anyMatch(m -> m.contains("00000004") && m.contains("incomplete"));
        history.add(named("e"), TIME, "ann", "cli", "");
        assertThat(open().running()).isEqualTo(named("e"));
    }

    @Test
    void aNewestRevisionThatThisSchemaLacksIsLeftOut() throws Exception {
        History writer = open();
        writer.add(named("a"), TIME, "ann", "cli", "");
        writer.add(named("b"), TIME, "ann", "cli", "");
        Path file = folder.resolve("history/00000002");
        String text = Files.readString(file).replace("host-name", "host-nose");
        String body = text.substring(text.indexOf("system {"));
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.writeString(
                file, text.replaceFirst("crc32 .*", String.format("crc32 %08x", crc.getValue())));
        assertThat(open().running()).isEqualTo(named("a"));
        assertThat(messages).singleElement().asString().contains("unknown statement 'host-nose'");
    }

    @Test
    void aCommitThatCannotBeStoredChangesNothing() throws Exception {
        History history = open();
        history.add(named("a"), TIME, "ann", "cli", "");
        Path files = folder.resolve("history");
        Files.delete(files.resolve("00000001"));
        Files.delete(files);
        assertThatThrownBy(() -> history.add(named("b"), TIME, "ann", "cli", ""))
                .isInstanceOf(IOException.class);
        assertThat(history.revisions()).hasSize(1);
    }
}
