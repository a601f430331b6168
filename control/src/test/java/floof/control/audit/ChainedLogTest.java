package floof.control.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.api.AuditLog;
import floof.api.AuditLog.Entry;
import floof.api.AuditLog.Kind;
import floof.base.alarm.Alarm;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.TestSchema;
import floof.linux.system.Mount;
import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit log under the hands of somebody who has something to hide, and after crashes. */
class ChainedLogTest {

    @TempDir private Path folder;
    private final Tasks tasks = Tasks.printing();
    private final Alarms alarms = new Alarms(InstantSource.system());
    private ChainedLog log;

    @BeforeEach
    void start() throws IOException {
        log = new ChainedLog(folder, TestSchema.VAULT, alarms, tasks);
        for (int i = 1; i <= 20; i++) {
            log.add("ann", "pts/1 42", Kind.COMMAND, "command " + i);
        }
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".log")).sorted().findFirst().get();
        }
    }

    private void rewrite(java.util.function.Consumer<List<String>> change) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file()));
        change.accept(lines);
        Files.write(file(), lines);
    }

    private String fault() throws IOException {
        return String.valueOf(log.verify().fault());
    }

    @Test
    void whatWasAddedIsThereAndIntact() throws IOException {
        assertThat(log.last(2)).extracting(Entry::text).containsExactly("command 19", "command 20");
        assertThat(log.last(99)).hasSize(20);
        assertThat(log.verify().checked()).isEqualTo(20);
        assertThat(log.verify().fault()).isNull();
        log.close();
        log = new ChainedLog(folder, TestSchema.VAULT, alarms, tasks);
        log.add("bob", "-", Kind.LOGIN, "");
        assertThat(log.last(1).getFirst().sequence()).isEqualTo(21);
        assertThat(log.verify().checked()).isEqualTo(21);
        assertThat(log.verify().fault()).isNull();
    }

    @Test
    void anAlteredLineIsFound() throws IOException {
        rewrite(lines -> lines.set(6, lines.get(6).replace("command 7", "command 8")));
        assertThat(log.verify().checked()).isEqualTo(6);
        assertThat(fault()).endsWith(".log line 7: entry 7 was altered");
    }

    @Test
    void everyByteCounts() throws IOException {
        byte[] good = Files.readAllBytes(file());
        for (int at = 0; at < good.length; at += 7) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file(), bad);
            assertThat(log.verify().fault()).as("byte %d", at).isNotNull();
        }
        Files.write(file(), good);
        assertThat(log.verify().fault()).isNull();
    }

    @Test
    void missingLinesAreFound() throws IOException {
        rewrite(lines -> lines.subList(4, 7).clear());
        assertThat(fault()).endsWith("line 5: entries 5 to 7 are missing");
    }

    @Test
    void exchangedAndDoubledLinesAreFound() throws IOException {
        rewrite(lines -> lines.add(5, lines.get(4)));
        assertThat(fault()).endsWith("line 6: entry 5 was altered");
        rewrite(lines -> {
            lines.remove(5);
            lines.add(3, lines.remove(9));
        });
        assertThat(fault()).endsWith("line 4: entries 4 to 9 are missing");
    }

    @Test
    void anEndThatWasCutOffIsFound() throws IOException {
        rewrite(lines -> lines.subList(18, 20).clear());
        assertThat(fault()).isEqualTo("at the end: entries 19 to 20 are missing");
    }

    @Test
    void anEndThatWasCutOffWhileNobodyLookedIsFoundForEver() throws IOException {
        log.close();
        rewrite(lines -> lines.subList(18, 20).clear());
        log = new ChainedLog(folder, TestSchema.VAULT, alarms, tasks);
        assertThat(log.last(1).getFirst().text())
                .isEqualTo("entries 19 to 20 are missing: the end was cut off");
        log.add("ann", "-", Kind.COMMAND, "later");
        assertThat(fault()).endsWith("line 19: entries 19 to 20 are missing");
        log.close();
        log = new ChainedLog(folder, TestSchema.VAULT, alarms, tasks);
        assertThat(fault()).endsWith("line 19: entries 19 to 20 are missing");
    }

    @Test
    void aLogThatIsGoneIsFound() throws IOException {
        log.close();
        Files.delete(file());
        log = new ChainedLog(folder, TestSchema.VAULT, alarms, tasks);
        assertThat(fault()).endsWith("line 1: entries 1 to 20 are missing");
    }

    @Test
    void anotherHeadIsFound() throws IOException {
        log.close();
        String head = Files.readString(folder.resolve("head"));
        Files.writeString(folder.resolve("head"), head.replace("20 ", "19 "));
        log = new ChainedLog(folder, TestSchema.VAULT, alarms, tasks);
        assertThat(log.last(1).getFirst().kind()).isEqualTo(Kind.LOG);
    }

    @Test
    void halfALineOfACrashGoes() throws IOException {
        log.close();
        Files.writeString(file(), "21\t2026-", StandardOpenOption.APPEND);
        log = new ChainedLog(folder, TestSchema.VAULT, alarms, tasks);
        log.add("ann", "-", Kind.COMMAND, "after");
        assertThat(log.verify().fault()).isNull();
        assertThat(log.last(3))
                .extracting(Entry::text)
                .containsExactly(
                        "command 20",
                        "half an entry, cut off when it was written, was removed at the end",
                        "after");
    }

    @Test
    void aFullDiskBreaksNoChain() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        log.close();
        Path small = Files.createDirectory(folder.resolve("small"));
        Mount.hugeTmpfs(small, 64 << 10);
        try {
            Path ballast = Files.write(small.resolve("ballast"), new byte[16 << 10]);
            log = new ChainedLog(small, TestSchema.VAULT, alarms, tasks);
            String why = "";
            while (why.isEmpty()) {
                try {
                    log.add("ann", "-", Kind.COMMAND, "x".repeat(3_000)); // ends amid a page
                } catch (IOException e) {
                    why = "" + e.getMessage();
                }
            }
            assertThat(why)
                    .contains("000000000001.log: No space left on device (file system " + small);
            assertThatThrownBy(() -> log.add("bob", "-", Kind.COMMAND, "y".repeat(3_000)))
                    .hasMessage(why);
            assertThat(log.verify().fault()).isNull();
            assertThat(alarms.active())
                    .extracting(Alarm::text)
                    .containsExactly("the audit log cannot be written: " + why);
            Files.delete(ballast);
            log.add("ann", "-", Kind.COMMAND, "room again");
            assertThat(alarms.active()).isEmpty();
            assertThat(log.last(1).getFirst().text()).isEqualTo("room again");
            // The note itself may have found room before the entry behind it did not.
            assertThat(log.last(1000).stream().map(Entry::text).filter(it -> it.startsWith("ent")))
                    .isSubsetOf(
                            "entries lost before this: 2; " + why,
                            "entries lost before this: 1; " + why)
                    .isNotEmpty();
            long checked = log.verify().checked();
            log.close();
            log = new ChainedLog(small, TestSchema.VAULT, alarms, tasks);
            assertThat(log.verify()).isEqualTo(new AuditLog.Verification(checked, null));
        } finally {
            log.close();
            Mount.unmount(small);
        }
    }

    @Test
    void aFileThatCannotBeMadeLosesNothing() throws IOException {
        log.close();
        Path other = folder.resolve("small");
        log = new ChainedLog(other, TestSchema.VAULT, InstantSource.system(), 1000, alarms, tasks);
        log.add("ann", "-", Kind.COMMAND, "x".repeat(1000));
        Path inTheWay = Files.createDirectory(other.resolve("000000000002.log"));
        log.add("ann", "-", Kind.COMMAND, "into the first file");
        assertThat(log.last(1).getFirst().text()).isEqualTo("into the first file");
        Files.delete(inTheWay);
        log.add("ann", "-", Kind.COMMAND, "into the second");
        assertThat(Files.readString(other.resolve("000000000003.log"))).contains("the second");
        assertThat(log.verify()).isEqualTo(new AuditLog.Verification(3, null));
    }

    @Test
    void whateverIsTypedIsOneLine() throws IOException {
        String evil = "a\nb\tc\r\033[2J\\u0041\u202e\u0000\ud800" + "x".repeat(5000);
        log.add("ann", "pts/1\t\n", Kind.COMMAND, evil);
        assertThat(log.verify().fault()).isNull();
        Entry last = log.last(1).getFirst();
        assertThat(last.text())
                .startsWith("a\\u000Ab\\u0009c\\u000D\\u001B[2J\\u005Cu0041\\u202E\\u0000\\uD800x")
                .endsWith("... (" + evil.length() + " characters)");
        assertThat(Files.readAllLines(file(), UTF_8)).hasSize(21);
    }

    @Test
    void othersWriteWhileItIsChecked() throws Exception {
        Path slow = folder.resolve("000000000000.log"); // whoever reads it waits
        assertThat(new ProcessBuilder("mkfifo", slow.toString()).start().waitFor()).isZero();
        FutureTask<AuditLog.Verification> check = new FutureTask<>(log::verify);
        Thread.ofPlatform().daemon().start(check);
        Thread end = Thread.ofPlatform().daemon().start(() -> release(slow));
        while (check.state() == Future.State.RUNNING && log.last(1).getFirst().sequence() < 120) {
            log.add("bob", "-", Kind.COMMAND, "beside");
        }
        assertThat(check.isDone()).isFalse();
        end.interrupt();
        assertThat(check.get().fault()).isNull();
        assertThat(check.get().checked()).isBetween(20L, 120L);
        Files.delete(slow);
        assertThat(log.verify().checked()).isEqualTo(120);
    }

    /** Lets the reader of a pipe go on: when interrupted, or when it is too late. */
    private static void release(Path pipe) {
        try {
            Thread.sleep(Eventually.LIMIT);
        } catch (InterruptedException e) {
            // As it should be.
        }
        try {
            Files.newOutputStream(pipe, StandardOpenOption.WRITE).close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theOldestFileGoesAndTheRestIsIntact() throws IOException {
        log.close();
        Path other = folder.resolve("small");
        log = new ChainedLog(other, TestSchema.VAULT, InstantSource.system(), 1000, alarms, tasks);
        for (int i = 0; i < 400; i++) {
            log.add("ann", "-", Kind.COMMAND, "command " + i);
        }
        try (Stream<Path> files = Files.list(other)) {
            assertThat(files).hasSize(ChainedLog.FILES_MAX + 1);
        }
        assertThat(log.verify().fault()).isNull();
        long kept = log.verify().checked();
        assertThat(kept).isBetween(100L, 399L);
        assertThat(log.last(1000)).hasSize((int) kept);
        log.close();
        log = new ChainedLog(other, TestSchema.VAULT, InstantSource.system(), 1000, alarms, tasks);
        assertThat(log.verify().checked()).isEqualTo(kept);
        try (Stream<Path> files = Files.list(other)) {
            Files.delete(
                    files.filter(f -> f.toString().endsWith(".log")).sorted().findFirst().get());
        }
        assertThat(fault()).contains("are missing");
    }
}
