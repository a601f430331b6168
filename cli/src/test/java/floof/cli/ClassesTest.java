package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import floof.api.commit.CommitRequest;
import floof.api.commit.Origin;
import floof.base.task.Tasks;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Suggestion;
import floof.cli.answer.Word;
import floof.cli.client.Floofctl;
import floof.cli.grammar.Parse;
import floof.cli.grammar.Position;
import floof.cli.wire.Wire;
import floof.config.access.Permissions;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users of several classes at the same router, and what each is refused. */
@Timeout(300)
class ClassesTest {

    private static final String CONFIGURATION =
            """
            system {
                host-name r1;
                login {
                    class noc {
                        permissions [ configure view view-configuration ];
                        deny-commands "commit|show arp|.* \\\\| save";
                        deny-configuration "bgp peer secret.*";
                    }
                    class desk {
                        permissions [ admin configure network view ];
                        deny-commands "request|run ping|rollback";
                        deny-configuration "bgp peer secret.*|fast-path.*";
                    }
                    user ann { class noc; }
                    user dee { class desk; }
                    user bob { class read-only; }
                    user cat { class super-user; }
                }
            }
            bgp {
                asn 1;
                router-id 192.0.2.1;
                peer open { remote-as 2; neighbor 192.0.2.2; }
                peer secret-1 { remote-as 3; neighbor 192.0.2.3; authentication-key abc; }
            }
            """;

    @TempDir private Path folder;
    private final FakeRouter router = new FakeRouter();
    private SessionServer server;
    private volatile String user = "root";

    @BeforeEach
    void start() throws IOException {
        Loaded loaded = TextParser.load(TestSchema.EMPTY, CONFIGURATION);
        assertThat(loaded.errors()).isEmpty();
        Origin origin = new Origin("root", "file", "");
        assertThat(router.commit(CommitRequest.of(loaded.tree(), origin)).isDone()).isTrue();
        server =
                new SessionServer(
                        folder.resolve("sock"),
                        router,
                        channel -> user,
                        Duration.ofSeconds(5),
                        Tasks.printing());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Desk.Run as(String who, String commands) {
        user = who;
        return Desk.run(folder.resolve("sock"), commands);
    }

    @Test
    void whoHasNoClassIsRefused() {
        assertThat(as("zoe", "show version"))
                .isEqualTo(
                        new Desk.Run(
                                1,
                                "",
                                "error: permission denied: user 'zoe' has no class"
                                        + " ('system login user')\n"));
        assertThat(as("root", "show version").status()).isZero();
    }

    @Test
    void aClassMayRunWhatItMay() {
        assertThat(as("bob", "show arp | count").status()).isZero();
        assertThat(as("bob", "show configuration").err()).contains("permission denied");
        assertThat(as("bob", "sh conf").err()).contains("permission denied");
        assertThat(as("bob", "configure").err()).contains("permission denied");
        assertThat(as("cat", "show configuration").out()).contains("peer secret-1");
        assertThat(as("ann", "show arp").err()).contains("permission denied");
        assertThat(as("ann", "sh a").err()).contains("permission denied");
        assertThat(as("ann", "show \"arp\"").status()).isEqualTo(1);
        assertThat(as("ann", "configure; run show arp").err()).contains("permission denied");
        assertThat(as("ann", "configure; run sh ar").err()).contains("permission denied");
        assertThat(as("ann", "configure; commit").err()).contains("permission denied");
        assertThat(as("ann", "configure; com check").err()).contains("permission denied");
        assertThat(as("ann", "configure; top com check").err()).contains("permission denied");
        assertThat(as("ann", "configure; top run sh arp").err()).contains("permission denied");
        assertThat(as("ann", "configure; up 2 run sh arp").err()).contains("permission denied");
        assertThat(as("ann", "configure; top run show version").status()).isZero();
        assertThat(as("ann", "show version | save " + folder.resolve("x")).err())
                .contains("permission denied");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void whatIsHiddenIsNeitherShownNorCompared() {
        for (String commands :
                List.of(
                        "show configuration",
                        "show configuration | display set",
                        "show configuration | display json",
                        "show configuration | display xml",
                        "show configuration | compare rollback 0",
                        "show configuration bgp peer secret-1",
                        "configure; show",
                        "configure; rollback 0; show",
                        "configure; show | compare rollback 0",
                        "configure; delete; show | compare",
                        "configure; edit bgp peer secret-1; show",
                        "configure private; show bgp; delete bgp; show | compare")) {
            Desk.Run run = as("ann", commands);
            assertThat(run.out() + run.err())
                    .as(commands)
                    .doesNotContain(
                            "remote-as 3", "remote-as\":3", "192.0.2.3", "super-user", "$F1$");
        }
        assertThat(as("ann", "show configuration").out()).contains("peer open");
        assertThat(as("ann", "configure; show | plan").err()).contains("permission denied");
    }

    @Test
    void noErrorOfACommitNamesWhatIsHidden() {
        String both = "; set bgp peer %1$s remote-as 9 neighbor 192.0.2.3; commit";
        for (String peer : List.of("alpha", "zulu")) {
            assertThat(as("dee", "configure private" + both.formatted(peer)).err())
                    .isEqualTo(
                            "[edit bgp peer "
                                    + peer
                                    + "]\n  'neighbor"
                                    + (peer.equals("zulu") ? " 192.0.2.3" : "")
                                    + "'\n    error: conflicts with a statement that your class may"
                                    + " not see\nerror: configuration check-out failed\n");
        }
        as("root", "configure; set bgp peer secret-2 description x; set bgp peer secret-3");
        assertThat(as("dee", "configure; commit check").err())
                .isEqualTo(
                        "error: a statement that your class may not see is invalid\n"
                                + "error: configuration check-out failed\n"
                                + "warning: uncommitted changes stay in the candidate\n");
    }

    @Test
    void whoIsBehindIsToldSoThoughWhatCameIsHidden() throws Exception {
        user = "dee";
        try (SocketChannel channel =
                SocketChannel.open(java.net.UnixDomainSocketAddress.of(folder.resolve("sock")))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 1\nmode script\npid 4711\ntty pts/9\n");
            wire.write(
                    Wire.Type.INPUT, "configure private\nset system host-name r2\nshow | count\n");
            Wire.Frame frame = requireNonNull(wire.read());
            while (!frame.text().startsWith("Count")) {
                frame = requireNonNull(wire.read());
            }
            as("root", "configure; set bgp peer secret-1 description x; commit");
            user = "dee";
            wire.write(Wire.Type.INPUT, "commit\nupdate\ncommit\n");
            assertThat(requireNonNull(wire.read()).text())
                    .contains("error: others committed since");
            assertThat(requireNonNull(wire.read()).text()).isEqualTo("update complete\n");
            assertThat(requireNonNull(wire.read()).text()).isEqualTo("commit complete\n");
        }
        assertThat(router.running().toString()).contains("host-name r2", "description x");
    }

    @Test
    void noAnswerAboutOthersNamesWhatIsHidden() throws Exception {
        as(
                "root",
                "configure; set bgp peer secret-1 description x; commit comment \"for secret-1\"");
        assertThat(as("root", "show system commit").out()).contains("for secret-1");
        user = "root";
        try (SocketChannel channel =
                SocketChannel.open(java.net.UnixDomainSocketAddress.of(folder.resolve("sock")))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 1\nmode script\npid 4711\ntty pts/9\n");
            wire.write(Wire.Type.INPUT, "configure\nedit bgp peer secret-1\nshow | count\n");
            Wire.Frame frame = requireNonNull(wire.read());
            while (!frame.text().startsWith("Count")) {
                frame = requireNonNull(wire.read());
            }
            assertThat(as("bob", "show system users").status()).isZero();
            assertThat(as("root", "configure; status").out()).contains("[edit bgp peer secret-1]");
            for (String commands :
                    List.of(
                            "show system commit",
                            "show system commit | display json",
                            "show system rollback compare 1 0",
                            "show system audit",
                            "show system audit | display json",
                            "configure; status",
                            "configure; set system host-name r2; commit | display detail",
                            "configure; help apropos fast",
                            "configure; show bgp | display inheritance defaults",
                            "help apropos fast")) {
                Desk.Run run = as("dee", commands);
                assertThat(run.out() + run.err())
                        .as(commands)
                        .isNotEmpty()
                        .doesNotContain("secret", "set fast-path");
            }
        }
        assertThat(as("dee", "show system audit").out())
                .contains("dee", "show system audit", "root");
        assertThat(as("dee", "configure; annotate fast-path x").err()).contains("syntax error");
        assertThat(as("dee", "help reference fast-path").err()).contains("syntax error");
        assertThat(as("root", "help reference fast-path").status()).isZero();
        assertThat(as("dee", "help apropos logout").out()).isEqualTo("Pattern not found\n");
        assertThat(as("dee", "configure; run ping 192.0.2.1").err()).contains("permission denied");
    }

    @Test
    void completionOfConfigurationModeOffersWhatTheClassMayRun() throws Exception {
        Position end = Position.end(words -> Answer.NONE);
        Position run =
                Position.of(
                        new Position.Keyword("ping", "", () -> end),
                        new Position.Keyword("request", "", () -> end),
                        new Position.Keyword("show", "", () -> end));
        Position grammar =
                Position.of(
                        new Position.Keyword("rollback", "", () -> end),
                        new Position.Keyword("run", "", () -> run),
                        new Position.Keyword("set", "", () -> end));
        Permissions dee = requireNonNull(Permissions.of(router.running(), "dee"));
        Position offered = grammar.only(dee::mayBeginConfiguring, "");
        assertThat(words(offered, "")).containsExactly("run", "set");
        assertThat(words(offered, "run ")).containsExactly("show");
    }

    @Test
    void whatIsHiddenCannotBeChanged() {
        List<String> attempts =
                List.of(
                        "set bgp peer secret-1 remote-as 7",
                        "set bgp peer secret-2 remote-as 7",
                        "set system login user ann class super-user",
                        "load set terminal\nset system login user ann class super-user",
                        "load merge terminal\nsystem { login { user ann { class super-user; } } }");
        for (String attempt : attempts) {
            user = "ann";
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrintStream print = new PrintStream(out, true, UTF_8);
            byte[] script = ("configure\n" + attempt + "\n").getBytes(UTF_8);
            int status =
                    new Floofctl(new ByteArrayInputStream(script), print, print)
                            .run("--socket", folder.resolve("sock").toString());
            assertThat(status).as(attempt).isEqualTo(1);
            assertThat(router.candidates().isModified()).as(attempt).isFalse();
        }
        as("ann", "configure; delete bgp; delete system");
        assertThat(router.candidates().shared().toString())
                .contains("peer secret-1", "user ann", "neighbor 192.0.2.3")
                .doesNotContain("peer open", "host-name");
    }

    @Test
    @DisplayName("32 62 secrets are nowhere in clear")
    void secretsAreNowhereInClear() {
        Desk.Run run =
                as(
                        "root",
                        "configure; set bgp peer open authentication-key hunter2; show | compare;"
                                + " show bgp; show | display set; show | display json; show | display"
                                + " xml; set bgp peer open authentication-key");
        assertThat(run.out() + run.err()).doesNotContain("hunter2").contains("SECRET-DATA");
        assertThat(as("root", "configure; set bgp peer open authentication-key hunt\u00e9r2").err())
                .doesNotContain("hunt\u00e9r2");
    }

    private Desk.Run script(String who, String lines) {
        user = who;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int status =
                new Floofctl(new ByteArrayInputStream(lines.getBytes(UTF_8)), print, print)
                        .run("--socket", folder.resolve("sock").toString());
        return new Desk.Run(status, out.toString(UTF_8), "");
    }

    @Test
    @DisplayName("32 a password is asked for twice and kept as a hash")
    void passwords() {
        String set = "configure\nset system login user bob authentication plain-text-password\n";
        assertThat(script("cat", set + "hunter2\nhunter2\nshow system login user bob\n").out())
                .doesNotContain("hunter2")
                .containsPattern("encrypted-password \"\\$y\\$[^\"]+\"; ## SECRET-DATA");
        assertThat(script("cat", set + "hunter2\nhunter3\n").out())
                .contains("error: the passwords are empty or differ")
                .doesNotContain("hunter");
        assertThat(router.audit.told().toString()).doesNotContain("hunter");
    }

    @Test
    void everyCommandIsInTheAuditLogWithItsSecretsMasked() {
        as("ann", "sh ver | count; sh arp");
        as("cat", "conf; set bgp peer open authentication-key \"hun ter2\"; run sh arp");
        assertThat(router.audit.told())
                .containsExactly(
                        "ann LOGIN script",
                        "ann COMMAND show version | count",
                        "ann REFUSED show arp",
                        "ann LOGOUT ",
                        "cat LOGIN script",
                        "cat COMMAND configure",
                        "cat COMMAND set bgp peer open authentication-key /* SECRET-DATA */",
                        "cat COMMAND run show arp",
                        "cat LOGOUT ");
        assertThat(as("cat", "show system audit 2 | match cat").out())
                .contains("show system audit");
        assertThat(as("ann", "show system audit").err()).contains("permission denied");
        assertThat(as("root", "request system audit verify").out()).contains("entries are intact");
    }

    @Test
    void aLineThatIsNoCommandIsInTheAuditLogWithoutWhatMayBeASecret() {
        String key = "set bgp peer open authentication-key ";
        as(
                "cat",
                "hunter2; conf; " + key + "hun ter2; " + key.replace("tion-", "tio-") + "hunter2");
        as("cat", "conf; " + key + "hunt\u00e9r2; sh bgp | match hun ter2; conf \"hunter2");
        assertThat(as("cat", "| hunter2; show version | mtch hunter2").err())
                .contains("unknown command");
        assertThat(router.audit.told())
                .filteredOn(line -> line.startsWith("cat FAULTY"))
                .containsExactly(
                        "cat FAULTY /* 7 characters */",
                        "cat FAULTY set bgp peer open authentication-key /* SECRET-DATA */"
                                + " /* 4 characters */",
                        "cat FAULTY set bgp peer open /* 17 characters */ /* 7 characters */",
                        "cat FAULTY set bgp peer open authentication-key /* 7 characters */",
                        "cat FAULTY show bgp | match hun /* 4 characters */",
                        "cat FAULTY /* 13 characters */",
                        "cat FAULTY /* 1 characters */ /* 7 characters */",
                        "cat FAULTY show version | /* 4 characters */ /* 7 characters */");
        assertThat(router.audit.told().toString())
                .doesNotContain("hunter2", "ter2", "hunt\u00e9r2");
    }

    @Test
    void wordsInTheAuditLogAreReadBackAsTheyWere() throws CommandException {
        String odd = "a \\\"b\\\" | c \\\\ [x]; d#";
        as("cat", "conf; set interfaces ge-0 description \"" + odd + "\" mtu 1500");
        as("cat", "conf; set bgp prefixes [ 10.0.0.0/8 11.0.0.0/8 ]; show | match \"a b\" | count");
        List<String> told = router.audit.told();
        String line =
                told.stream().filter(it -> it.contains("set interfaces")).findFirst().orElseThrow();
        assertThat(Word.split(line).stream().map(Word::text))
                .containsExactly(
                        "cat",
                        "COMMAND",
                        "set",
                        "interfaces",
                        "ge-0",
                        "description",
                        "a \"b\" | c \\ [x]; d#",
                        "mtu",
                        "1500");
        assertThat(told)
                .contains(
                        "cat COMMAND set bgp prefixes [ 10.0.0.0/8 11.0.0.0/8 ]",
                        "cat COMMAND show | match \"a b\" | count");
    }

    @Test
    void whatCannotBeWrittenDownIsNotDone() {
        router.audit.isFull = true;
        assertThat(as("cat", "show version"))
                .isEqualTo(
                        new Desk.Run(
                                1,
                                "",
                                "error: the audit log cannot be written: No space left on"
                                        + " device\n"));
        Desk.Run root = as("root", "show version");
        assertThat(root.status()).isZero();
        assertThat(root.err()).contains("warning: the audit log cannot be written");
    }

    @Test
    void anErrorNamesNoNeighboursThatTheClassMayNotList() {
        assertThat(
                        as(
                                        "root",
                                        "configure; set system login class blind permissions view;"
                                                + " set system login class blind deny-commands"
                                                + " \"show bgp\"; set system login user eve class"
                                                + " blind; commit")
                                .err())
                .isEmpty();
        String unknown = "show route receive-protocol bgp 192.0.2.77";
        assertThat(as("bob", unknown).err())
                .isEqualTo("error: no BGP neighbor '192.0.2.77'; expected 198.51.100.2\n");
        assertThat(as("eve", unknown).err()).isEqualTo("error: no BGP neighbor '192.0.2.77'\n");
    }

    @Test
    void theGrammarHasNothingThatIsHidden() {
        assertThat(as("ann", "configure; set system login user x class y").err())
                .contains("syntax error");
        assertThat(as("ann", "configure; show bgp peer secret-1").err())
                .contains("permission denied");
        assertThat(as("ann", "configure; show bgp peer secret-9").err())
                .as("no oracle")
                .contains("permission denied");
    }

    @Test
    void completionOffersWhatTheClassMayRun() throws Exception {
        Position end = Position.end(words -> Answer.NONE);
        Position show =
                Position.of(
                        new Position.Keyword("arp", "", () -> end),
                        new Position.Keyword("configuration", "", () -> end));
        Position grammar =
                Position.of(
                        new Position.Keyword("configure", "", () -> end),
                        new Position.Keyword("show", "", () -> show));
        Permissions bob = requireNonNull(Permissions.of(router.running(), "bob"));
        Position offered = grammar.only(bob::mayBegin, "");
        assertThat(words(offered, "")).containsExactly("show");
        assertThat(words(offered, "show ")).containsExactly("arp");
        Permissions cat = requireNonNull(Permissions.of(router.running(), "cat"));
        assertThat(words(grammar.only(cat::mayBegin, ""), "show ")).contains("configuration");
    }

    private static List<String> words(Position grammar, String line) throws CommandException {
        return Parse.complete(grammar, command -> grammar, line).suggestions().stream()
                .map(Suggestion::word)
                .toList();
    }

    @Test
    @DisplayName("14 79 show system users, request system logout pid N")
    void sessionsAreListedAndEnded() throws Exception {
        user = "bob";
        try (SocketChannel channel =
                SocketChannel.open(java.net.UnixDomainSocketAddress.of(folder.resolve("sock")))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 1\nmode script\npid 4711\ntty pts/9\n");
            wire.write(Wire.Type.INPUT, "show arp | count\n");
            assertThat(java.util.Objects.requireNonNull(wire.read()).text())
                    .isEqualTo("Count: 4 lines\n");
            assertThat(as("root", "show system users").out())
                    .containsPattern("bob +read-only +pts/9 +4711 ");
            assertThat(as("ann", "request system logout pid 4711").err())
                    .contains("permission denied");
            assertThat(as("root", "request system logout pid 4712").err())
                    .isEqualTo("error: there is no CLI session with process ID 4712\n");
            assertThat(as("root", "request system logout pid 4711").status()).isZero();
            assertThat(java.util.Objects.requireNonNull(wire.read()).text())
                    .isEqualTo("error: logged out\n");
        }
    }

    @Test
    void oneUserCannotLockTheOthersOut() throws IOException {
        user = "bob";
        List<SocketChannel> open = new ArrayList<>();
        try {
            for (int i = 0; i < SessionServer.USER_SESSIONS_MAX; i++) {
                open.add(
                        SocketChannel.open(
                                java.net.UnixDomainSocketAddress.of(folder.resolve("sock"))));
            }
            Desk.Run run = as("bob", "show version");
            assertThat(run.err())
                    .contains(SessionServer.USER_SESSIONS_MAX + " sessions of bob are open");
            assertThat(as("cat", "show version").status()).isZero();
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }
}
