package floof.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.AuditLog;
import floof.api.AuditLog.Entry;
import floof.api.commit.Origin;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.config.text.Diff;
import floof.config.text.SetParser;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.control.TestSchema;
import floof.linux.system.Syslog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a commit tells the audit log and the system log. */
class CommitRecordsTest {

    private static final Branch BEFORE =
            read("interfaces { a { driver tap; mtu 1500; } b { driver tap; disable; } }");
    private static final Branch AFTER =
            read(
                    "interfaces { a { driver tap; mtu 9000; } }"
                            + "bgp { asn 1; router-id 192.0.2.1; peer p { remote-as 2;"
                            + " neighbor [ 192.0.2.2 192.0.2.3 ]; authentication-key hunter2; } }");

    @TempDir private Path folder;
    private final Alarms alarms = new Alarms(InstantSource.system());

    private static Branch read(String text) {
        return TextParser.load(TestSchema.EMPTY, text).tree();
    }

    @Test
    @DisplayName("50 every changed statement is a record, secrets masked")
    void everyChangedStatementIsARecord() throws IOException {
        assertThat(lines(BEFORE, AFTER))
                .containsExactly(
                        "set: interfaces a mtu \"1500\" -> \"9000\"",
                        "delete: interfaces b disable",
                        "delete: interfaces b driver \"tap\"",
                        "set: bgp asn \"1\"",
                        "set: bgp router-id \"192.0.2.1\"",
                        "set: bgp peer p remote-as \"2\"",
                        "set: bgp peer p neighbor \"192.0.2.2\" \"192.0.2.3\"",
                        "set: bgp peer p authentication-key /* SECRET-DATA */");
    }

    private static List<String> lines(Branch before, Branch after) throws IOException {
        List<String> lines = new ArrayList<>();
        CommitRecords.lines(Diff.between(before, after), lines::add);
        return lines;
    }

    @Test
    void whateverAValueHoldsItIsReadBack() throws IOException {
        Branch odd =
                read(
                        "/* a \"b\" */ interfaces { a { description \"x\\\" -> \\\"y; \\\\\"; } }"
                                + " groups { g { interfaces { <ge-[0-3]> { mtu 9000; } } } }");
        assertThat(lines(TestSchema.EMPTY, odd))
                .containsExactly(
                        "set: groups g interfaces <ge-[0-3]> mtu \"9000\"",
                        "annotate: interfaces \"a \\\"b\\\"\"",
                        "set: interfaces a description \"x\\\" -> \\\"y; \\\\\"");
    }

    @Test
    void ofManyValuesThoseThatCameAndWentAreRecorded() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            many.append(" 10.").append(i / 256).append('.').append(i % 256).append(".0/24");
        }
        String bgp = "bgp { prefixes [ %s ]; }";
        Branch before = read(bgp.formatted(many));
        Branch after = read("inactive: " + bgp.formatted(many.substring(12) + " 172.16.0.0/12"));
        assertThat(lines(read("bgp { prefixes [ 10.0.0.0/24 10.0.1.0/24 ]; }"), read("bgp { }")))
                .containsExactly("delete: bgp prefixes \"10.0.0.0/24\" \"10.0.1.0/24\"");
        assertThat(lines(before, after))
                .containsExactly(
                        "deactivate: bgp",
                        "delete: bgp prefixes \"10.0.0.0/24\"",
                        "set: bgp prefixes \"172.16.0.0/12\"");
        List<String> all = lines(TestSchema.EMPTY, before);
        assertThat(all).hasSizeBetween(4, 6).allMatch(line -> line.length() <= Line.TEXT_MAX);
        assertThat(String.join(" ", all).replace("set: bgp prefixes ", "").split(" "))
                .hasSize(1_000);
    }

    /** Routes whose next hops differ by {@code hop}. */
    private static Branch routes(int count, int hop) {
        Branch empty =
                read("routing { static { route 0.0.0.0/0 { next-hop 192.0.2." + hop + "; } } }");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("set routing static route 10.")
                    .append(i >> 8)
                    .append('.')
                    .append(i & 255)
                    .append(".0/24 next-hop 192.0.2.")
                    .append(hop)
                    .append('\n');
        }
        return SetParser.load(empty, text.toString()).tree();
    }

    @Test
    @Tag("slow")
    void aLargeCommitTakesItsPartOfTheLogAndNoMore() throws IOException {
        Path audit = folder.resolve("audit");
        try (ChainedLog log = new ChainedLog(audit, TestSchema.VAULT, alarms, Tasks.printing())) {
            CommitRecords records = new CommitRecords(log, new Syslog(folder.resolve("nobody")));
            log.add("eve", "-", AuditLog.Kind.COMMAND, "set something");
            Origin origin = new Origin("ann", "cli", "");
            records.committed(TestSchema.EMPTY, routes(3_000, 1), origin, "d1");
            List<Entry> entries = log.last(9_999);
            assertThat(entries).hasSizeBetween(1_002, 1_100);
            assertThat(entries.get(1_000).text()).startsWith("set: ").doesNotContain("; ");
            assertThat(entries.get(1_001).text()).contains("; set: ");
            assertThat(entries.getLast().text()).startsWith("3001 statements changed");
            assertThat(String.join("; ", entries.stream().map(Entry::text).toList()).split("; "))
                    .as("each once")
                    .hasSize(3_003);

            long before = bytes(audit);
            records.committed(routes(3_000, 1), routes(60_000, 2), origin, "d2");
            assertThat(bytes(audit) - before)
                    .isBetween(
                            (long) CommitRecords.BYTES_MAX / 2, CommitRecords.BYTES_MAX + 10_000L);
            entries = log.last(2);
            assertThat(entries.getFirst().text())
                    .matches("and [0-9]+ more, in the revision of digest d2");
            assertThat(entries.getLast().text()).startsWith("63002 statements changed");
            assertThat(log.last(9_999).getFirst().text()).isEqualTo("set something");
            assertThat(log.verify().fault()).isNull();
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    @DisplayName("50 the system log gets them too")
    void theSystemLogGetsThemToo() throws Exception {
        Path socket = folder.resolve("log");
        Process collector =
                new ProcessBuilder(
                                "python3",
                                "-c",
                                """
                                import socket, sys
                                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                                s.bind(sys.argv[1])
                                print('ready', flush=True)
                                while True:
                                    line = s.recv(4096).decode()
                                    print(line, flush=True)
                                    if 'UI_COMMIT_COMPLETED' in line: break
                                """,
                                socket.toString())
                        .start();
        try (ChainedLog log =
                        new ChainedLog(
                                folder.resolve("audit"),
                                TestSchema.VAULT,
                                alarms,
                                Tasks.printing());
                var said = collector.inputReader()) {
            assertThat(said.readLine()).isEqualTo("ready");
            new CommitRecords(log, new Syslog(socket))
                    .committed(BEFORE, AFTER, new Origin("ann", "cli", "why"), "");
            List<String> lines = said.lines().toList();
            assertThat(lines).hasSize(9).noneMatch(line -> line.contains("hunter2"));
            assertThat(lines.getFirst())
                    .matches(
                            "<85>floofd\\[\\d+\\]: UI_CFG_AUDIT_SET: User 'ann' set: interfaces a"
                                    + " mtu \"1500\" -> \"9000\"");
            assertThat(lines.getLast())
                    .endsWith(
                            "UI_COMMIT_COMPLETED: User 'ann' commit complete, 8 statements changed"
                                    + " (comment: why)");
            assertThat(log.last(99)).extracting(Entry::user).hasSize(9).containsOnly("ann");
        } finally {
            collector.destroy();
        }
    }

    @Test
    void nobodyWhoCollectsIsNoMistake() {
        new Syslog(folder.resolve("nobody")).send("lost");
    }
}
