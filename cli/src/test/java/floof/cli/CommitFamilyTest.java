package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.Program;
import floof.api.commit.CommitTime;
import floof.api.commit.PendingCommit;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.screen.InputPipe;
import floof.cli.screen.Screen;
import floof.cli.wire.Client;
import floof.config.text.SetParser;
import floof.config.tree.Branch;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Candidates, the commit family and rollback, by the numbers of the CLI's statements. */
class CommitFamilyTest {

    private static final Branch USERS =
            SetParser.load(
                            TestSchema.EMPTY,
                            """
                            set system login user ann class super-user
                            set system login user bob class super-user
                            """)
                    .tree();

    private final FakeRouter router = new FakeRouter();
    private final Desk ann = new Desk("ann", "11");
    private final Desk bob = new Desk("bob", "22");

    @Test
    @DisplayName("31 an option of commit stands where it belongs, or nothing is committed")
    void options() {
        ann.types("configure");
        ann.types("set system host-name a");
        for (String wrong :
                List.of(
                        "commit confirmed comment ticket 4711",
                        "commit confirmed full 5",
                        "commit check comment x",
                        "commit and-quit confirmed",
                        "commit at 23:59 confirmed")) {
            assertThat(ann.types(wrong)).as(wrong).contains("syntax error");
        }
        assertThat(router.history()).isEmpty();
        assertThat(ann.types("commit comment x full confirmed 5"))
                .contains("rolled back in 5 minutes", "commit complete");
        assertThat(ann.types("commit and-quit")).contains("Exiting configuration mode");
    }

    /** An operator at a terminal. */
    private final class Desk implements Screen {

        private final StringBuilder shown = new StringBuilder();
        private final List<String> told = new ArrayList<>();
        private final Deque<String> answers = new ArrayDeque<>();
        private final Shell shell;

        Desk(String user, String pid) {
            shell =
                    new Shell(
                            router,
                            this,
                            new Client(user, "pts/" + pid, pid, Path.of("/tmp")),
                            new Sessions(router));
        }

        /** What a line shows. */
        String types(String line) {
            shown.setLength(0);
            shell.execute(line);
            return shown.toString();
        }

        /** The same, and {@code answer} is what is typed at the question. */
        String types(String line, String answer) {
            answers.add(answer);
            return types(line);
        }

        @Override
        public void print(String text) {
            shown.append(text);
        }

        @Override
        public void error(String text) {
            shown.append(text);
        }

        @Override
        public @Nullable String ask(String prompt) {
            shown.append(prompt).append('\n');
            return answers.poll();
        }

        @Override
        public void tell(String text) {
            told.add(text);
        }

        @Override
        public boolean isTerminal() {
            return true;
        }

        @Override
        public void interruptibly(Runnable giveUp, Work work) throws CommandException {
            work.run();
        }

        @Override
        public void page(Lines lines, int length, boolean hold) throws CommandException {
            for (String line = lines.next(); line != null; line = lines.next()) {
                print(line + "\n");
            }
        }

        @Override
        public void replace(String title, List<String> lines) {}

        @Override
        public int key(long ms) {
            return -1;
        }

        @Override
        public Program.@Nullable Size size() {
            return null;
        }

        @Override
        public void run(Program.Running program) {}

        @Override
        public InputPipe.Watch atGone(Runnable action) {
            return () -> {};
        }

        @Override
        public boolean hasColours() {
            return false;
        }

        @Override
        public int rows() {
            return 24;
        }

        @Override
        public int columns() {
            return 80;
        }

        @Override
        public void width(int columns) {}
    }

    @BeforeEach
    void addUsers() {
        router.candidates().committed(USERS, null);
    }

    @Test
    @DisplayName("4, 8 entering and status tell who edits, where, and how")
    void tellsWhoEdits() {
        ann.types("configure");
        ann.types("edit interfaces ge-0");
        ann.types("status");
        ann.types("set driver tap");
        String shown = bob.types("configure");
        assertThat(shown)
                .startsWith(
                        "Entering configuration mode\nUsers currently editing the configuration:\n")
                .contains("  ann terminal pts/11 (pid 11) on since ")
                .contains(", idle 00:00\n      [edit interfaces ge-0]\n")
                .endsWith("The configuration has been changed but not committed\n");
        assertThat(bob.types("status")).contains("ann terminal").contains("bob terminal");
        bob.shell.close();
        assertThat(ann.types("status")).doesNotContain("bob");
    }

    @Test
    @DisplayName("9 leaving with changes asks, and keeps them in the shared candidate")
    void asksBeforeItLeaves() {
        ann.types("configure");
        ann.types("set system host-name a");
        assertThat(ann.types("exit", "no"))
                .isEqualTo(
                        "The configuration has been changed but not committed\n"
                                + "Exit with uncommitted changes? [yes,no] (yes) \n");
        assertThat(ann.types("exit", "yes")).endsWith("Exiting configuration mode\n");
        assertThat(router.candidates().isModified()).isTrue();
    }

    @Test
    @DisplayName("10, 15 in the shared candidate the last edit wins, and anybody commits all")
    void sharesTheCandidate() {
        ann.types("configure");
        bob.types("configure");
        ann.types("set system host-name a");
        bob.types("set system host-name b");
        bob.types("set interfaces x driver tap");
        assertThat(ann.types("commit")).isEqualTo("commit complete\n");
        assertThat(router.running().toString()).contains("host-name b;").contains("driver tap;");
        assertThat(router.candidates().isModified()).isFalse();
    }

    @Test
    @DisplayName("11, 14 exclusive locks others out; exit discards; the lock dies with the session")
    void locks() {
        assertThat(ann.types("configure exclusive"))
                .isEqualTo(
                        "warning: uncommitted changes will be discarded on exit\n"
                                + "Entering configuration mode\n");
        bob.types("configure");
        assertThat(bob.types("set system host-name b"))
                .contains("configuration locked by ann terminal pts/11 (pid 11)");
        assertThat(bob.types("commit")).contains("configuration locked by ann");
        bob.types("exit");
        assertThat(bob.types("configure exclusive")).contains("configuration locked by ann");
        ann.types("set system host-name a");
        assertThat(ann.types("exit", "yes"))
                .contains("Discard uncommitted changes? [yes,no] (yes) ")
                .endsWith(
                        "warning: discarding uncommitted changes\nload complete\n"
                                + "Exiting configuration mode\n");
        assertThat(router.candidates().isModified()).isFalse();
        ann.types("configure exclusive");
        ann.shell.close();
        assertThat(bob.types("configure exclusive")).contains("Entering configuration mode");
    }

    @Test
    @DisplayName("12 a private candidate: update before commit, first committer wins, from the top")
    void editsInPrivate() {
        ann.types("configure private");
        bob.types("configure private");
        ann.types("set system host-name a");
        ann.types("set interfaces x driver tap");
        bob.types("set system host-name b");
        bob.types("set interfaces y driver tap");
        assertThat(ann.types("show")).doesNotContain("y {");
        assertThat(ann.types("commit")).isEqualTo("commit complete\n");
        assertThat(bob.types("commit")).contains("error: others committed since");
        assertThat(bob.types("update"))
                .isEqualTo(
                        "warning: system host-name: changed by another commit as well; your"
                                + " change is dropped\nupdate complete\n");
        bob.types("edit interfaces");
        assertThat(bob.types("commit"))
                .isEqualTo(
                        "error: a private candidate is committed from the top ('top' goes"
                                + " there)\n");
        bob.types("top");
        assertThat(bob.types("commit")).isEqualTo("commit complete\n");
        assertThat(router.running().toString())
                .contains("host-name a;")
                .contains("x {")
                .contains("y {");
        bob.types("set interfaces z driver tap");
        bob.types("exit", "yes");
        assertThat(bob.types("configure private")).doesNotContain("error");
        assertThat(bob.types("show | compare")).isEmpty();
    }

    @Test
    @DisplayName("13 private is refused beside uncommitted changes or a lock")
    void refusesPrivate() {
        ann.types("configure");
        ann.types("set system host-name a");
        assertThat(bob.types("configure private"))
                .contains("error: the shared candidate has uncommitted changes");
        ann.types("commit and-quit");
        ann.types("configure exclusive");
        assertThat(bob.types("configure private")).contains("error: configuration locked by ann");
    }

    @Test
    @DisplayName("37, 39, 48 what success prints; a check and an empty commit add no revision")
    void says() {
        ann.types("configure");
        ann.types("set system host-name a");
        assertThat(ann.types("commit check")).isEqualTo("configuration check succeeds\n");
        assertThat(router.history()).isEmpty();
        assertThat(ann.types("commit")).isEqualTo("commit complete\n");
        assertThat(ann.types("commit full")).isEqualTo("commit complete\n");
    }

    @Test
    @DisplayName("38 failure prints path, statement, errors and the verdict; nothing is applied")
    void fails() {
        ann.types("configure");
        ann.types("set interfaces ge-0 device nosuch0");
        assertThat(ann.types("commit"))
                .isEqualTo(
                        """
                        [edit interfaces ge-0]
                          'device nosuch0'
                            error: there is no device nosuch0
                        error: configuration check-out failed
                        """);
        assertThat(router.history()).isEmpty();
        assertThat(ann.types("commit and-quit")).doesNotContain("Exiting");
    }

    @Test
    @DisplayName("40, 41 commit confirmed says what will happen, reminds, and is confirmed")
    void commitsConfirmed() {
        ann.types("configure");
        ann.types("set system host-name a");
        assertThat(ann.types("commit confirmed"))
                .isEqualTo(
                        "commit confirmed will be automatically rolled back in 10 minutes unless"
                                + " confirmed\ncommit complete\n");
        assertThat(ann.shell.banner())
                .isEqualTo("\n# commit confirmed will be rolled back in 10 minutes\n[edit]\n");
        ann.types("commit confirmed 90 comment \"the long one\"");
        assertThat(ann.shell.banner()).contains("in 90 minutes");
        assertThat(ann.types("commit confirmed 0")).contains("invalid value '0'");
        assertThat(ann.types("commit")).isEqualTo("commit complete\n");
        assertThat(ann.shell.banner()).isEqualTo("\n[edit]\n");
    }

    @Test
    @DisplayName("44, 53 comments are shown by show system commit")
    void comments() {
        ann.types("configure");
        ann.types("set system host-name a");
        ann.types("commit comment \"why it was\"");
        assertThat(ann.types("run show system commit"))
                .matches("0   2026-02-15 \\S+ \\S+ by ann via cli\n    why it was\n");
    }

    @Test
    @DisplayName("45 commit and-quit leaves, also behind a comment")
    void quits() {
        ann.types("configure");
        ann.types("set system host-name a");
        assertThat(ann.types("commit comment \"and-quit\"")).isEqualTo("commit complete\n");
        assertThat(ann.types("commit comment x and-quit"))
                .isEqualTo("commit complete\nExiting configuration mode\n");
    }

    @Test
    @DisplayName("46 commit at: a minute ahead, candidate read-only, listed, taken back")
    void commitsAt() {
        ann.types("configure");
        ann.types("set system host-name a");
        assertThat(ann.types("commit at \"2001-01-01 00:00\"")).contains("at least a minute ahead");
        assertThat(ann.types("commit at noon")).contains("yyyy-mm-dd");
        LocalDateTime soon = LocalDateTime.now(ZoneId.systemDefault()).plusHours(1).withNano(0);
        assertThat(ann.types("commit at \"" + soon.toString().replace('T', ' ') + "\""))
                .startsWith("commit at will be executed at " + soon.toLocalDate());
        PendingCommit pending = router.pending();
        assertThat(pending).isNotNull();
        assertThat(ann.types("set system host-name b")).contains("error: ");
        assertThat(bob.types("show system commit"))
                .startsWith("commit requested by ann via cli for " + soon.toLocalDate());
        assertThat(bob.types("clear system commit")).contains("cancelled");
        assertThat(router.pending()).isNull();
        assertThat(ann.types("commit at reboot")).contains("when the machine has started again");
    }

    @Test
    @DisplayName("46 a time of day is today or tomorrow")
    void readsTimes() {
        ZoneId zone = ZoneId.of("UTC");
        Instant noon = Instant.parse("2026-02-15T12:00:00Z");
        assertThat(CommitTime.parse("13:30", noon, zone))
                .hasToString("At[time=2026-02-15T13:30:00Z]");
        assertThat(CommitTime.parse("11:30:10", noon, zone))
                .hasToString("At[time=2026-02-16T11:30:10Z]");
        assertThat(CommitTime.parse("2026-03-01 00:00", noon, zone))
                .hasToString("At[time=2026-03-01T00:00:00Z]");
    }

    @Test
    @DisplayName("47 commit | display detail shows the steps, show | plan those to come")
    void showsSteps() {
        ann.types("configure");
        ann.types("set system host-name a");
        assertThat(ann.types("show | plan")).isEqualTo("change system host-name\n");
        assertThat(ann.types("commit | display detail"))
                .isEqualTo("change system host-name\ncommit complete\n");
        assertThat(ann.types("show | plan")).startsWith("Nothing to do: ");
    }

    @Test
    @DisplayName("36, 51 rollback loads a revision into the candidate; completion tells them")
    void rollsBack() {
        ann.types("configure");
        for (String name : List.of("a", "b")) {
            ann.types("set system host-name " + name);
            ann.types("commit");
        }
        ann.types("set system host-name c");
        assertThat(ann.types("rollback")).isEqualTo("load complete\n");
        assertThat(router.candidates().isModified()).isFalse();
        assertThat(ann.types("rollback 1")).isEqualTo("load complete\n");
        assertThat(router.candidates().shared().toString()).contains("host-name a;");
        assertThat(router.running().toString()).contains("host-name b;");
        assertThat(ann.shell.revisions().getFirst().toString()).contains("by ann via cli");
        assertThat(ann.types("run show system rollback compare 1 0"))
                .isEqualTo("[edit system]\n-   host-name a;\n+   host-name b;\n");
        assertThat(ann.types("rollback 7")).contains("error: there is no revision 7");
    }

    @Test
    @DisplayName("52 the rescue configuration is saved, loaded, deleted")
    void rescues() {
        ann.types("configure");
        assertThat(ann.types("rollback rescue")).contains("error: there is no rescue");
        ann.types("set system host-name a");
        ann.types("commit");
        ann.types("run request system configuration rescue save");
        ann.types("delete system host-name");
        ann.types("commit");
        assertThat(ann.types("rollback rescue")).isEqualTo("load complete\n");
        assertThat(router.candidates().shared().toString()).contains("host-name a;");
        assertThat(ann.types("run request system configuration rescue delete")).contains("deleted");
        assertThat(ann.types("rollback rescue")).contains("error: there is no rescue");
    }

    @Test
    @DisplayName("42 all sessions are told")
    void tells() {
        router.tell("Commit was not confirmed; automatic rollback complete.");
        assertThat(ann.told).hasSize(1);
        assertThat(bob.told.getFirst()).contains("automatic rollback complete");
    }
}
