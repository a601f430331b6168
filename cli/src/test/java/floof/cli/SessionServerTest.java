package floof.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.cli.answer.Word;
import floof.cli.client.Floofctl;
import floof.cli.client.Pulse;
import floof.cli.limit.Arrivals;
import floof.cli.wire.Peers;
import floof.cli.wire.Wire;
import floof.config.access.Permissions;
import floof.config.candidate.Candidate;
import floof.config.edit.Edit;
import floof.config.tree.Branch;
import floof.config.value.StatementException;
import floof.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that behave, many at once, and those that do not. */
@Timeout(300)
class SessionServerTest {

    @TempDir private Path folder;
    private final FakeRouter router = new FakeRouter();
    private SessionServer server;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("sock");
        server =
                new SessionServer(
                        socket, router, Peers.OF_KERNEL, Duration.ofMillis(500), Tasks.printing());
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        server.close();
        assertThat(server.sessions()).isZero();
        List<Thread> left =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("cli-"))
                        .toList();
        for (Thread thread : left) {
            assertThat(thread.join(Eventually.LIMIT))
                    .as(() -> thread.getName() + List.of(thread.getStackTrace()))
                    .isTrue();
        }
    }

    private record Run(int status, String out, String err) {}

    private Run commands(String commands) {
        return ctl("", "-c", commands);
    }

    private Run ctl(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("--socket", socket.toString()));
        all.addAll(List.of(arguments));
        int status =
                new Floofctl(
                                new ByteArrayInputStream(input.getBytes(UTF_8)),
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8))
                        .run(all.toArray(String[]::new));
        return new Run(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    private void assertAnswers() {
        assertThat(commands("show version").out()).startsWith("Hostname: floof\n");
    }

    @Test
    void anAcceptorThatDiesComesBack() throws Exception {
        Alarms alarms = new Alarms(InstantSource.system());
        Tasks tasks = new Tasks(alarms, (line, fault) -> {}, () -> {});
        Path other = folder.resolve("other");
        try (SessionServer _ = new SessionServer(other, router, tasks)) {
            tasks.fail("cli-accept");
            tasks.fail("cli-watch");
            Pulse.of(other, Duration.ofMillis(1)); // wakes it
            assertThat(Eventually.holds(() -> !alarms.active().isEmpty())).isTrue();
            assertThat(
                            Eventually.holds(() ->
                                    Pulse.of(other, Duration.ofSeconds(5)) == Pulse.State.ANSWERS))
                    .isTrue();
        }
        assertThat(Pulse.of(other, Duration.ofSeconds(5))).isEqualTo(Pulse.State.ABSENT);
    }

    /** A listener that takes nothing in, as one that a signal has stopped. */
    @Test
    void aClientSaysThatNobodyAnswers() throws Exception {
        assertSaysThatNobodyAnswers(false);
    }

    /** Each question whether it is well stays in its queue, until nobody can connect any more. */
    @Test
    void aClientSaysSoWhenItCannotEvenConnect() throws Exception {
        assertSaysThatNobodyAnswers(true);
    }

    private void assertSaysThatNobodyAnswers(boolean isFull) throws Exception {
        Path other = folder.resolve("other");
        Thread waiting;
        try (ServerSocketChannel stopped = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stopped.bind(UnixDomainSocketAddress.of(other), isFull ? 1 : 50);
            if (isFull) {
                fill(other);
            }
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Floofctl client =
                    new Floofctl(
                            new ByteArrayInputStream(new byte[0]),
                            new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                            new PrintStream(err, true, UTF_8));
            long startNs = System.nanoTime();
            waiting =
                    Thread.ofPlatform()
                            .start(() ->
                                    client.run("--socket", other.toString(), "-c", "show version"));
            assertThat(
                            Eventually.holds(
                                    () -> err.toString(UTF_8).contains("floofd does not answer")))
                    .isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                    .as("the limit is two seconds; a busy machine takes some more")
                    .isLessThan(Duration.ofSeconds(12));
        }
        waiting.join();
    }

    /** Connects until the queue is full. */
    private static void fill(Path socket) throws IOException {
        for (int i = 0; i < 100; i++) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.configureBlocking(false);
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                return;
            }
        }
        throw new AssertionError("the queue is never full");
    }

    @Test
    void whoCannotBeJudgedKeepsNobodyOut() throws IOException {
        Path other = folder.resolve("other");
        boolean[] isBad = {true};
        try (SessionServer judging =
                new SessionServer(
                        other,
                        new FakeRouter(),
                        channel -> {
                            if (isBad[0]) {
                                throw new IllegalStateException("nobody");
                            }
                            return "root";
                        },
                        Duration.ofSeconds(5),
                        Tasks.printing())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrintStream print = new PrintStream(out, true, UTF_8);
            String[] words = {"--socket", other.toString(), "-c", "show version"};
            Floofctl client =
                    new Floofctl(new java.io.ByteArrayInputStream(new byte[0]), print, print);
            assertThat(client.run(words)).isEqualTo(1);
            isBad[0] = false;
            assertThat(client.run(words)).as(out.toString(UTF_8)).isZero();
            assertThat(judging.sessions()).isLessThan(2);
        }
    }

    @Test
    void statusAndStreamsOfScripts() {
        assertThat(commands("show arp | count; show version | count"))
                .isEqualTo(new Run(0, "Count: 4 lines\nCount: 6 lines\n", ""));
        assertThat(commands("nonsense; show arp | count"))
                .isEqualTo(new Run(1, "Count: 4 lines\n", "nonsense\n^\nunknown command.\n"));
        assertThat(ctl("# a comment\n\nshow arp | count\n").out()).isEqualTo("Count: 4 lines\n");
        assertThat(ctl("").status()).isZero();
        assertThat(ctl("show arp | count").out()).as("no newline").isEqualTo("Count: 4 lines\n");
        assertThat(ctl("exit\nshow arp\n").out()).isEmpty();
        assertThat(ctl("", "-x", "y").err())
                .startsWith("floofctl: unknown option '-x'\nusage: floofctl ");
        assertThat(ctl("", "--help").out()).startsWith("usage: floofctl ").contains("\n  -c ");
        assertThat(ctl("", "--help").status()).isZero();
        assertThat(ctl("", "--instance", "../evil").err()).contains("expected 1 to 8 of a-z");
    }

    @Test
    @DisplayName("26 a script whose change failed leaves none behind, unless others were there")
    void whatAFailedScriptChangedIsTakenBack() {
        String script = "configure; set system host-name a; set interfaces a mtu 1";
        Run run = commands(script);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .endsWith("warning: a change failed: this script's changes are discarded\n");
        assertThat(router.candidates().isModified()).isFalse();
        assertThat(commands("configure; set system host-name b").err())
                .isEqualTo("warning: uncommitted changes stay in the candidate\n");
        assertThat(commands(script).err())
                .endsWith("warning: uncommitted changes stay in the candidate\n");
        assertThat(router.candidates().isModified()).isTrue();
    }

    @Test
    @DisplayName("58 save writes the level, load relative reads it back there")
    void aLevelIsSavedAndLoaded() throws IOException {
        Path file = folder.resolve("level");
        Run run =
                commands(
                        "configure; set interfaces a driver tap mtu 9000; set system host-name x;"
                                + " edit interfaces; save "
                                + file
                                + "; top; delete interfaces; edit interfaces; load merge "
                                + file
                                + " relative; top; show | display set; rollback");
        assertThat(Files.readString(file)).isEqualTo("a {\n    driver tap;\n    mtu 9000;\n}\n");
        assertThat(run.out())
                .contains("Wrote 4 lines of configuration to '" + file + "'\n")
                .contains(
                        "load complete\nset system host-name x\nset interfaces a driver tap\n"
                                + "set interfaces a mtu 9000\n");
    }

    @Test
    void semicolonsInQuotesDoNotSplit() {
        Run run =
                commands(
                        "configure; set interfaces a description \"b; \\\"c;\" driver tap;"
                                + " show interfaces a");
        assertThat(run.out())
                .isEqualTo(
                        "Entering configuration mode\ndescription \"b; \\\"c;\";\ndriver tap;\n");
    }

    @Test
    void whatDisplaySetPrintsIsAScriptThatMakesTheSame() {
        Random random = new Random(7);
        String characters = "abc 019-_.,:/\\\"'{}[];#|*?$äß€漢";
        Branch tree = TestSchema.EMPTY;
        for (int i = 0; i < 100; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(20); j >= 0; j--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            tree = with(tree, List.of("interfaces", "p" + i, "description", text.toString()));
        }
        replace(tree);
        String lines = commands("configure; show | display set; rollback 0").out();
        lines = lines.substring(lines.indexOf("set "), lines.lastIndexOf("load complete"));
        assertThat(lines.lines()).hasSize(100);
        assertThat(ctl("configure\n" + lines).status()).isZero();
        assertThat(router.candidates().shared()).isEqualTo(tree);
        Branch before = tree;
        replace(TestSchema.EMPTY);
        assertThat(ctl("configure\nload set terminal\n" + lines).status()).isZero();
        assertThat(router.candidates().shared()).isEqualTo(before);
    }

    private void replace(Branch tree) {
        Candidate.Owner owner = new Candidate.Owner("test", "-", "1");
        try (Candidate candidate =
                router.candidates().open(Candidate.Mode.SHARED, owner, () -> Permissions.ALL)) {
            candidate.replace(tree);
        } catch (StatementException e) {
            throw new AssertionError(e);
        }
    }

    private static Branch with(Branch tree, List<String> words) {
        try {
            return Edit.set(tree, words);
        } catch (StatementException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aScriptDoesNotCommitTheRestOfAFailedChange() {
        Run run =
                commands(
                        "configure; set interfaces a driver tap; set interfaces a mtu 1; commit;"
                                + " rollback; set system host-name b; commit and-quit");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("commit refused: an earlier change of this script failed");
        assertThat(run.out()).contains("load complete\ncommit complete\n");
        assertThat(router.running().toString()).isEqualTo("system {\n    host-name b;\n}\n");
    }

    @Test
    void filesAreReadAndWrittenFromTheClientsDirectory() throws IOException {
        Path file = folder.resolve("r1.conf");
        Path copy = folder.resolve("copy.conf");
        Files.writeString(file, "system { host-name r1; }\n");
        Run run =
                commands(
                        "configure; load override "
                                + file
                                + "; commit; save "
                                + copy
                                + "; run show arp | save "
                                + folder.resolve("arp"));
        assertThat(run)
                .isEqualTo(
                        new Run(
                                0,
                                "Entering configuration mode\nload complete\ncommit complete\n"
                                        + "Wrote 3 lines of configuration to '"
                                        + copy
                                        + "'\nWrote 4 lines of output to '"
                                        + folder.resolve("arp")
                                        + "'\n",
                                ""));
        assertThat(copy).hasContent("system {\n    host-name r1;\n}\n");
        assertThat(commands("configure; load merge " + folder).err()).contains("is a directory");
    }

    @Test
    void whatCannotBeAnsweredIsSaidAndFails() {
        router.fail("the fast path is starting");
        assertThat(commands("show fast-path statistics"))
                .isEqualTo(new Run(1, "", "error: the fast path is starting\n"));
    }

    @Test
    void withoutAServerTheClientSaysSo() throws IOException {
        server.close();
        Run run = commands("show version");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("floofctl: floofd does not answer at " + socket + ": ");
    }

    @Test
    void onlyTheOwnerMayOpenTheSocket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw-rw-");
    }

    @Test
    void noThreadOfAClientOutlivesIt() throws InterruptedException {
        assertAnswers();
        assertThat(
                        Eventually.holds(() ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .noneMatch(it -> it.getName().equals("floofctl-watch"))))
                .isTrue();
    }

    @Test
    void aStaleSocketIsReplaced() throws IOException {
        server.close();
        Files.writeString(socket, "");
        server = new SessionServer(socket, router, Tasks.printing());
        assertAnswers();
    }

    @Test
    void fiftyClientsAtOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Run> runs = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 50; i++) {
            String name = "p" + i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() ->
                                    runs.add(
                                            commands(
                                                    "configure; set interfaces "
                                                            + name
                                                            + " driver tap; run show arp |"
                                                            + " count"))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(runs).hasSize(50).allMatch(r -> r.status() == 0, "status 0");
        assertThat(router.candidates().shared().entries("interfaces")).hasSize(50);
    }

    @Test
    void oneTooManyIsToldSo() throws Exception {
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < SessionServer.SESSIONS_MAX; i++) {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                idle.add(channel);
                new Wire(channel).write(Wire.Type.HELLO, "version 1\nmode script\n");
            }
            assertThat(Eventually.holds(() -> server.sessions() == SessionServer.SESSIONS_MAX))
                    .isTrue();
            Run run = commands("show version");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("64 sessions are open already");
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
        assertThat(Eventually.holds(() -> server.sessions() == 0)).isTrue();
        assertAnswers();
    }

    /** An account without a class, in a loop; what others see of it. */
    @Test
    void whoConnectsAllTheTimeHoldsUpNobody() throws Exception {
        server.close();
        AtomicReference<String> user = new AtomicReference<>("games");
        server =
                new SessionServer(
                        socket, router, _ -> user.get(), Duration.ofSeconds(5), Tasks.printing());
        int answered = 0;
        long startNs = System.nanoTime();
        for (int i = 0; i < 400; i++) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                ByteBuffer answer = ByteBuffer.allocate(1_000);
                channel.read(answer);
                answered += new String(answer.array(), UTF_8).contains("has no class") ? 1 : 0;
            }
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
        assertThat(answered)
                .isBetween(
                        Arrivals.AT_ONCE,
                        (int) (Arrivals.AT_ONCE + Arrivals.PER_SECOND * (seconds + 1)));
        user.set("root");
        assertAnswers();
    }

    @Test
    void garbageEndsItsSessionAlone() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                if (random.nextBoolean()) {
                    new Wire(channel)
                            .write(
                                    Wire.Type.HELLO,
                                    "version 1\nmode "
                                            + (random.nextBoolean() ? "script" : "terminal")
                                            + "\ncolumns 99999\nrows 99999\nterm ../../x\n");
                }
                byte[] bytes = new byte[random.nextInt(3000)];
                random.nextBytes(bytes);
                if (bytes.length > 5 && random.nextBoolean()) {
                    // A whole frame of garbage input.
                    bytes[0] = (byte) random.nextInt(Wire.Type.values().length);
                    ByteBuffer.wrap(bytes).putInt(1, bytes.length - 5);
                }
                write(channel, ByteBuffer.wrap(bytes));
            }
        }
        assertThat(Eventually.holds(() -> server.sessions() == 0)).isTrue();
        assertAnswers();
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            // The server has closed already: as it should.
        }
    }

    @Test
    void aGiantFrameAndAGiantLineAreRefused() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 1\nmode script\n");
            write(
                    channel,
                    ByteBuffer.allocate(5)
                            .put((byte) Wire.Type.INPUT.ordinal())
                            .putInt(Integer.MAX_VALUE)
                            .flip());
            assertThat(ending(wire)).contains("frame of 2147483647 bytes; expected at most 65536");
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 1\nmode terminal\ncolumns 80\nrows 24\n");
            assertThat(wire.read()).as("the prompt").isNotNull();
            wire.write(Wire.Type.INPUT, "x".repeat(Session.TYPED_LINE_MAX + 1));
            assertThat(ending(wire)).contains("line of more than 16384 bytes typed");
        }
        Run run = ctl("x".repeat(Word.LINE_MAX + 10) + "\nshow version\n");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("line of more than 1048576 bytes");
        assertAnswers();
    }

    @Test
    void anotherVersionIsRefused() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 7\nmode script\n");
            assertThat(ending(wire)).contains("version 1 of the session protocol, floofctl 7");
        }
    }

    /** What is written to standard error until the session ends. */
    private static String ending(Wire wire) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Wire.Frame frame = wire.read(); frame != null; frame = wire.read()) {
            if (frame.type() == Wire.Type.EXIT) {
                assertThat(frame.payload()).containsExactly(1);
                return text.toString();
            }
            text.append(frame.text());
        }
        throw new AssertionError("no EXIT after: " + text);
    }

    @Test
    void aClientThatDoesNotReadOrSpeakEndsAlone() throws Exception {
        try (SocketChannel deaf = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                SocketChannel mute = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Wire wire = new Wire(deaf);
            wire.write(Wire.Type.HELLO, "version 1\nmode script\n");
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        for (int i = 0; i < 200; i++) {
                            write(deaf, frame("show interfaces\n".repeat(500)));
                        }
                    });
            assertThat(Eventually.holds(() -> server.sessions() == 2)).isTrue();
            assertAnswers();
            assertThat(Eventually.holds(() -> server.sessions() == 0)).as("both ended").isTrue();
            assertThat(mute.isOpen()).isTrue();
        }
        assertAnswers();
    }

    private static ByteBuffer frame(String input) {
        byte[] bytes = input.getBytes(UTF_8);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) Wire.Type.INPUT.ordinal())
                .putInt(bytes.length)
                .put(bytes)
                .flip();
    }

    @Test
    void aClientThatVanishesLeavesConfigurationMode() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 1\nmode script\ntty pts/7\npid 42\n");
            wire.write(Wire.Type.INPUT, "configure\nedit interfaces x\nshow\n");
            assertThat(wire.read()).isNotNull();
            Run run = commands("configure; status");
            assertThat(run.out())
                    .contains("Users currently editing the configuration:\n  ")
                    .contains(" terminal pts/7 (pid 42) on since ");
        }
        assertThat(Eventually.holds(() -> server.sessions() == 0)).isTrue();
        assertThat(commands("configure; status").out()).doesNotContain("pts/7");
    }
}
