package floof.config.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import floof.base.task.Tasks;
import floof.config.RandomConfig;
import floof.config.TestSchema;
import floof.config.edit.Edit;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.value.StatementException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private static final Instant TIME = Instant.parse("2026-02-15T11:20:57Z");

    @TempDir private Path folder;
    private final List<String> messages = new ArrayList<>();

    private final Tasks tasks = Tasks.printing();
    private final List<History> opened = new ArrayList<>();

    private History open() throws IOException {
        opened.add(new History(folder, TestSchema.EMPTY, messages::add, tasks));
        return opened.getLast();
    }

    @AfterEach
    void close() {
        opened.forEach(History::close);
    }

    private static Branch named(String name) throws StatementException {
        return Edit.set(TestSchema.EMPTY, List.of("system", "host-name", name));
    }

    @Test
    void nothingAtFirst() throws IOException {
        History history = open();
        assertThat(history.revisions()).isEmpty();
        assertThat(history.running()).isEqualTo(TestSchema.EMPTY);
        assertThatThrownBy(() -> history.load(0)).hasMessageContaining("no revision 0");
    }

    @Test
    void fiftyRevisionsSurviveARestartNewestFirst() throws Exception {
        History writer = open();
        for (int i = 0; i < 120; i++) {
            writer.add(named("r" + i), TIME.plusSeconds(i), "ann", "cli", "number\n" + i);
            writer.awaitFollowed(5_000);
        }
        writer.close();
        History history = open();
        assertThat(messages).isEmpty();
        assertThat(history.revisions()).hasSize(50).isEqualTo(writer.revisions());
        Revision first = history.revisions().getFirst();
        assertThat(first)
                .isEqualTo(
                        new Revision(
                                0,
                                TIME.plusSeconds(119),
                                "ann",
                                "cli",
                                "number 119",
                                first.digest()));
        assertThat(first.digest()).hasSize(64);
        for (int i = 0; i < 50; i++) {
            assertThat(history.load(i)).isEqualTo(named("r" + (119 - i)));
        }
        assertThatThrownBy(() -> history.load(50)).hasMessageContaining("expected 0..49");
        assertThat(folder.resolve("history")).isDirectoryNotContaining("glob:**00000050");
        assertThat(folder.resolve("config")).content().contains("host-name r119;");
    }

    @Test
    void whatAnEarlierVersionAcceptedRunsOn() throws Exception {
        String text = "system {\n    host-name 10.1;\n}\n";
        assertThat(TextParser.load(TestSchema.EMPTY, text).errors()).as("now refused").hasSize(1);
        Branch old = TextParser.loadStored(TestSchema.EMPTY, text).tree();
        try (History writer = open()) {
            writer.add(named("r1"), TIME, "ann", "cli", "");
            writer.add(old, TIME, "ann", "cli", "");
            writer.awaitFollowed(5_000);
        }
        for (String gone : List.of("", "config")) { // from the whole, from differences
            if (!gone.isEmpty()) {
                Files.delete(folder.resolve(gone));
            }
            messages.clear();
            try (History history = open()) {
                assertThat(history.running()).isEqualTo(old);
                assertThat(history.load(0)).isEqualTo(old);
                assertThat(messages)
                        .singleElement()
                        .asString()
                        .contains("10.1 looks like an address", "until a commit changes it");
            }
        }
    }

    /** The configuration for emergencies is older than any other. */
    @Test
    void aRescueThatIsRefusedInPartIsLoadedAndNamed() throws Exception {
        Files.writeString(folder.resolve("rescue"), "system {\n    host-name 10.1;\n}\n");
        Loaded rescue = open().rescue();
        assertThat(rescue.tree().toString()).contains("host-name 10.1");
        assertThat(rescue.warnings())
                .singleElement()
                .asString()
                .contains("line 2", "10.1 looks like an address");
        Files.writeString(folder.resolve("rescue"), "system {\n    no-such thing;\n}\n");
        assertThatThrownBy(() -> opened.getLast().rescue()).hasMessageContaining("no-such");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("history"))) {
            return Stream.concat(files, Stream.of(folder.resolve("config"))).sorted().toList();
        }
    }

    @Test
    @Tag("slow")
    void aDamagedFileTakesNothingButItselfWithIt() throws Exception {
        RandomConfig random = new RandomConfig(new Random(5));
        List<Branch> trees = new ArrayList<>();
        try (History writer = open()) {
            for (int i = 0; i < 40; i++) {
                trees.addFirst(random.tree(20));
                writer.add(trees.getFirst(), TIME.plusSeconds(i), "ann", "cli", "");
                writer.awaitFollowed(5_000);
            }
        }
        for (Path file : files()) {
            String good = Files.readString(file);
            Files.writeString(file, good.substring(0, good.length() / 2));
            messages.clear();
            History history = open();
            history.close();
            assertThat(messages).singleElement().asString().contains(file.toString());
            assertThat(history.running()).isEqualTo(trees.getFirst());
            int found = 0;
            for (Revision revision : history.revisions()) {
                int index = 39 - (int) Duration.between(TIME, revision.time()).toSeconds();
                assertThat(history.load(revision.number()))
                        .as("%s without %s", revision, file)
                        .isEqualTo(trees.get(index));
                found++;
            }
            assertThat(found).isGreaterThanOrEqualTo(39);
            Files.writeString(file, good);
        }
    }

    @Test
    void aNewestRevisionThatThisSchemaLacksIsLeftOut() throws Exception {
        try (History writer = open()) {
            writer.add(named("a"), TIME, "ann", "cli", "");
            writer.add(named("b"), TIME, "ann", "cli", "");
        }
        for (Path file : List.of(folder.resolve("history/00000002"), folder.resolve("config"))) {
            String text = Files.readString(file).replace("host-name", "host-nose");
            String rest = text.substring(text.indexOf("# parent"));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(rest.getBytes(UTF_8));
            Files.writeString(
                    file,
                    text.replaceFirst("digest .*", "digest " + HexFormat.of().formatHex(digest)));
        }
        assertThat(open().running()).isEqualTo(named("a"));
        assertThat(messages).singleElement().asString().contains("unknown statement 'host-nose'");
    }

    @Test
    void aCommitThatCannotBeStoredChangesNothing() throws Exception {
        History history = open();
        history.add(named("a"), TIME, "ann", "cli", "");
        history.awaitFollowed(5_000);
        Path files = folder.resolve("history");
        Files.delete(files.resolve("00000001"));
        Files.delete(files);
        assertThatThrownBy(() -> history.add(named("b"), TIME, "ann", "cli", ""))
                .isInstanceOf(IOException.class);
        assertThat(history.revisions()).hasSize(1);
        assertThat(history.running()).isEqualTo(named("a"));
    }

    /** A death in the middle of a write: of a thread as good as of the process. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    private volatile boolean isDead;

    /** Dies at the write of that number, with the file untouched, half aside, or whole aside. */
    private History.Disk dying(int write, int how) {
        isDead = false;
        AtomicInteger count = new AtomicInteger();
        return new History.Disk() {
            private void count(Path file, String text) throws IOException {
                if (count.getAndIncrement() == write) {
                    if (how > 0) {
                        int length = how == 1 ? text.length() / 2 : text.length();
                        Files.writeString(
                                file.resolveSibling(file.getFileName() + ".new"),
                                text.substring(0, length));
                    }
                    isDead = true;
                    throw new Death();
                }
            }

            @Override
            public void write(Path file, String text) throws IOException {
                count(file, text);
                Stored.DISK.write(file, text);
            }

            @Override
            public void delete(Path file) throws IOException {
                count(file, "");
                Stored.DISK.delete(file);
            }
        };
    }

    @Test
    @Tag("slow")
    void aDeathAtAnyWriteLosesNothingThatWasCommitted() throws Exception {
        int commits = 18;
        for (int write = 0; write < 2 * commits + 3; write++) {
            for (int how = 0; how < 3; how++) {
                clear();
                Branch committed = TestSchema.EMPTY;
                int done = 0;
                try (History writer =
                        new History(
                                folder,
                                TestSchema.EMPTY,
                                messages::add,
                                tasks,
                                dying(write, how))) {
                    for (int i = 0; i < commits && !isDead; i++) {
                        writer.add(named("r" + i), TIME, "ann", "cli", "");
                        committed = named("r" + i);
                        done++;
                        while (!isDead && !writer.awaitFollowed(10)) {
                            // The disk writes or dies.
                        }
                    }
                } catch (Death e) {
                    assertThat(done).isLessThan(commits);
                }
                messages.clear();
                try (History reader = open()) {
                    assertThat(messages).as("write %s", write).isEmpty();
                    assertThat(reader.running()).as("write %s", write).isEqualTo(committed);
                    assertThat(reader.revisions()).hasSize(done);
                    for (int i = 0; i < done; i++) {
                        assertThat(reader.load(i)).isEqualTo(named("r" + (done - 1 - i)));
                    }
                    reader.add(named("next"), TIME, "ann", "cli", "");
                    assertThat(reader.running()).isEqualTo(named("next"));
                }
            }
        }
    }

    private void clear() throws IOException {
        if (Files.exists(folder.resolve("history"))) {
            try (Stream<Path> files = Files.list(folder.resolve("history"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(folder.resolve("config"));
        Files.deleteIfExists(folder.resolve("config.new"));
    }

    /** Commits without end, and says of each when it is done. */
    static final class Writer {
        public static void main(String[] words) throws Exception {
            try (History history =
                    new History(
                            Path.of(words[0]),
                            TestSchema.EMPTY,
                            System.err::println,
                            Tasks.printing())) {
                for (int i = history.revisions().size(); ; i++) {
                    history.add(named("r" + i), TIME.plusSeconds(i), "ann", "cli", "");
                    System.out.println("r" + i);
                }
            }
        }
    }

    @Test
    @Tag("slow")
    void aKilledProcessLosesNothingThatWasCommitted() throws Exception {
        for (int run = 0; run < 4; run++) {
            clear();
            Process writer =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                    "-cp",
                                    System.getProperty("java.class.path")
                                            + File.pathSeparator
                                            + System.getProperty("jdk.module.path", ""),
                                    Writer.class.getName(),
                                    folder.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            String last = "";
            try (BufferedReader said = writer.inputReader()) {
                for (int i = 0; i < 30 + 7 * run; i++) {
                    last = said.readLine();
                }
                writer.toHandle().destroyForcibly(); // SIGKILL; what it said is still to be read
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    last = line;
                }
            }
            writer.waitFor();
            messages.clear();
            try (History history = open()) {
                assertThat(messages).isEmpty();
                Branch system = Objects.requireNonNull(history.running().branch("system"));
                int found =
                        Integer.parseInt(
                                Objects.requireNonNull(system.value("host-name", String.class))
                                        .substring(1));
                assertThat(found).isGreaterThanOrEqualTo(Integer.parseInt(last.substring(1)));
                assertThat(history.load(1)).isEqualTo(named("r" + (found - 1)));
            }
        }
    }
}
