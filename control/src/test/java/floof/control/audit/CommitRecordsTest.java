package floof.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.AuditLog.Entry;
import floof.api.Origin;
import floof.config.Branch;
import floof.config.Diff;
import floof.config.Schema;
import floof.config.TextParser;
import floof.linux.Syslog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
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

    private static Branch read(String text) {
        return TextParser.load(Schema.EMPTY, text).tree();
    }

    @Test
    @DisplayName("50 every changed statement is a record, secrets masked")
    void everyChangedStatementIsARecord() {
        assertThat(CommitRecords.lines(Diff.between(BEFORE, AFTER)))
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

    @Test
    void ofALargeCommitSeveralShareAnEntry() {
        List<String> few = Collections.nCopies(CommitRecords.SYSLOG_MAX, "set: a \"1\"");
        assertThat(CommitRecords.entries(few)).isEqualTo(few);
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add("set: routing static route 10." + i / 256 + "." + i % 256 + ".0/24");
        }
        many.add(1234, "set: " + "x".repeat(5_000));
        List<String> entries = CommitRecords.entries(many);
        assertThat(String.join("; ", entries)).isEqualTo(String.join("; ", many));
        assertThat(entries).hasSizeLessThan(100);
        assertThat(entries.stream().filter(it -> it.length() > Line.TEXT_MAX))
                .as("what is too long by itself, alone")
                .containsExactly(many.get(1234));
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
        try (ChainedLog log = new ChainedLog(folder.resolve("audit"));
                var said = collector.inputReader()) {
            assertThat(said.readLine()).isEqualTo("ready");
            new CommitRecords(log, new Syslog(socket))
                    .committed(BEFORE, AFTER, new Origin("ann", "cli", "why"));
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
