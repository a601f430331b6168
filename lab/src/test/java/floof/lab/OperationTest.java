package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.control.instance.Instance;
import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator meets at the doors: instances, scripts, errors, traces. */
class OperationTest {

    private static final String FLOOF = Router.repository() + "/floof";
    private static final List<String> TWIN_ONLY =
            List.of("set interfaces lab0 driver tap", "set interfaces lab0 address 10.99.0.1/24");

    private final String name = Network.unique("op");
    @AutoClose private Network network;

    @BeforeEach
    void build() {
        network = new Network(name);
        network.host("router");
    }

    private Router router(String suffix) {
        Router router = new Router(network, "router", name + suffix);
        router.awaitReady();
        return router;
    }

    @Test
    @Tag("slow")
    void instancesRunSideBySide() {
        Router first = router("a");
        Router second = router("b");
        first.commit(TWIN_ONLY);
        assertThat(first.must("show interfaces terse")).contains("lab0");
        assertThat(second.must("show interfaces terse")).doesNotContain("lab0");
        second.commit(TWIN_ONLY); // names and addresses are each instance's own
        assertThat(second.must("show interfaces terse")).contains("10.99.0.1/24");

        Command.Outcome again = network.in("router", FLOOF, "run", "--instance", name + "a").run();
        assertThat(again.isGood()).isFalse();
        assertThat(again.output()).contains(name + "a").contains("runs already");
    }

    @Test
    void aScriptKnowsWhatWentWrong() throws Exception {
        Router router = router("");
        Process process =
                new ProcessBuilder(FLOOF, "ctl", "--instance", name)
                        .redirectErrorStream(false)
                        .start();
        process.getOutputStream().write("show version\nshow nonsense\n".getBytes());
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        String errors = new String(process.getErrorStream().readAllBytes());
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output).contains("FloofOS:").doesNotContain("syntax error");
        assertThat(errors).contains("syntax error").doesNotContain("FloofOS:");
        assertThat(router.ctl("show version").status()).isZero();
    }

    @Test
    void withoutAJdkItSaysWhereItLooked() {
        String script =
                "mount -t tmpfs none /usr/lib/jvm && JAVA_HOME=/nowhere"
                        + " PATH=/usr/sbin:/usr/bin:/sbin:/bin exec %s help".formatted(FLOOF);
        Command.Outcome outcome = Command.of("unshare", "-m", "sh", "-c", script).run();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("no JDK 25 found in JAVA_HOME, PATH or /usr/lib/jvm/*25*");
    }

    @Test
    void withoutADaemonTheClientSaysSo() {
        Command.Outcome outcome =
                Command.of(FLOOF, "ctl", "--instance", name, "-c", "show version").run();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains(name);
    }

    @Test
    @Tag("slow")
    void anUnknownInstanceIsAnsweredWithThoseThatRun() {
        router("a");
        Command.Outcome outcome =
                Command.of(FLOOF, "ctl", "--instance", "nosuch", "-c", "show version").run();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).containsPattern("; running instances: .*\\b" + name + "a\\b");
    }

    @Test
    @Tag("slow")
    void runInTheBackgroundLeavesTheTerminalToTheOperator() throws Exception {
        String run = "ip netns exec %s %s run --instance %s";
        network.atEnd(() -> Network.removeFolder(Path.of("/var/lib/floof", name)));
        try (Screen screen = new Screen("PS1='$ ' bash --norc -i")) {
            screen.type(run.formatted(network.namespace("router"), FLOOF, name) + " &\n");
            assertThat(Eventually.holds(this::isStarting)).isTrue();
            screen.type(FLOOF + " ctl --instance " + name + "\n");
            expect(screen, "^root@.*> ?$"); // it waited for the router to start
            screen.type("show version\n");
            expect(screen, "^FloofOS: ");
            screen.type("exit\n");
            expect(screen, "^\\$ ?$");
            List<String> seen = screen.lines(0);
            screen.type("kill %1; wait\n");
            expect(screen, "^\\[1\\].*");
            assertThat(seen)
                    .noneMatch(line -> line.matches(".*\\b(INFO|WARN|ERROR)\\b.*"))
                    .filteredOn(line -> line.contains("is ready; log: "))
                    .singleElement()
                    .asString()
                    .startsWith("floof: instance " + name);
        }
        assertThat(Eventually.holds(() -> !Files.exists(folder()))).isTrue();
    }

    /**
     * Whether {@code floof run} holds the lock by which floofctl sees that it starts. The lock is
     * only looked at: who tries to take it may keep it from the one that starts.
     */
    private boolean isStarting() {
        try {
            Object inode = Files.getAttribute(Path.of("/run/floof", name + ".run"), "unix:ino");
            return Files.readString(Path.of("/proc/locks")).contains(":" + inode + " ");
        } catch (IOException e) {
            return false;
        }
    }

    /** A shell stands between: its mounts are the same copy. */
    @Test
    @Tag("slow")
    void startedInAShellOfIpNetnsExecItIsVisibleToAll() throws Exception {
        network.atEnd(() -> Network.removeFolder(Path.of("/var/lib/floof", name)));
        String run = FLOOF + " run --instance " + name;
        Process shell =
                new ProcessBuilder(
                                "ip",
                                "netns",
                                "exec",
                                network.namespace("router"),
                                "sh",
                                "-c",
                                run + "; true")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        network.atEnd(() -> shell.descendants().forEach(ProcessHandle::destroy));
        Path dataplane = new Instance(name).dataplane();
        assertThat(
                        Eventually.holds(() ->
                                Command.of("nsenter", "--net=" + dataplane, "true").run().status()
                                        == 0))
                .isTrue();
        shell.descendants().forEach(ProcessHandle::destroy);
        shell.waitFor();
        assertThat(Eventually.holds(() -> !Files.exists(folder()))).isTrue();
    }

    @Test
    void whatNobodyWouldSeeIsRefused() {
        String namespace = network.namespace("router");
        Command.Outcome outcome =
                Command.of(
                                "unshare",
                                "--pid",
                                "--fork",
                                "--mount-proc",
                                "ip",
                                "netns",
                                "exec",
                                namespace,
                                FLOOF,
                                "run",
                                "--instance",
                                name)
                        .run();
        assertThat(outcome.status()).isNotZero();
        assertThat(outcome.output()).contains("expected: nsenter --net=/run/netns/" + namespace);
    }

    private Path folder() {
        return Path.of("/run/floof", name);
    }

    private static void expect(Screen screen, String line) {
        assertThat(
                        Eventually.holds(() ->
                                screen.lines(0).stream().anyMatch(it -> it.matches(line + ".*"))))
                .as(() -> line + " in\n" + String.join("\n", screen.lines(0)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo", "run", "ctl", "release", "install", "build", "format", "test", "fuzz", "ci",
                "soak", "bench"
            })
    void everyCommandExplainsItself(String command) {
        for (String option : List.of("--help", "-h")) {
            Command.Outcome outcome = Command.of(FLOOF, command, option).run();
            assertThat(outcome.status()).isZero();
            assertThat(outcome.output()).startsWith("usage: ").contains(command);
        }
    }

    @Test
    void theHelpNamesEveryCommand() {
        String help = Command.of(FLOOF, "help").mustRun();
        assertThat(help).contains("demo", "run", "ctl", "release", "install", "bench", "--help");
        assertThat(Command.of(FLOOF, "frobnicate").run().status()).isEqualTo(2);
    }

    @Test
    @Tag("slow")
    void aFileIsCommittedAtTheStartAndAWrongOneRefusedByPlace() {
        Path good = network.write("good", String.join("\n", TWIN_ONLY) + "\n");
        network.atEnd(() -> Network.removeFolder(Path.of("/var/lib/floof", name)));
        Process process =
                network.start(
                        "run",
                        network.in(
                                "router",
                                FLOOF,
                                "run",
                                "--instance",
                                name,
                                "--config",
                                good.toString()));
        assertThat(
                        Eventually.holds(() ->
                                Command.of(
                                                FLOOF,
                                                "ctl",
                                                "--instance",
                                                name,
                                                "-c",
                                                "show configuration")
                                        .run()
                                        .output()
                                        .contains("lab0")))
                .as(() -> network.log("run"))
                .isTrue();
        process.destroy();
        assertThat(Eventually.holds(() -> !process.isAlive())).isTrue();
        assertThat(Path.of("/run/floof", name)).doesNotExist();

        Path bad = network.write("bad", "set interfaces lab0 mtu 90\n");
        Command.Outcome refused =
                network.in("router", FLOOF, "run", "--instance", name, "--config", bad.toString())
                        .run("", Duration.ofSeconds(40));
        assertThat(refused.status()).isPositive();
        assertThat(refused.output()).contains("mtu").contains("90").contains("576");
        assertThat(Files.exists(Path.of("/run/floof", name))).isFalse();
    }

    @Test
    void aNameThatFitsNowhereIsRefused() {
        Command.Outcome refused =
                network.in("router", FLOOF, "run", "--instance", "much-too-long-a-name").run();
        assertThat(refused.isGood()).isFalse();
        assertThat(refused.output()).contains("much-too-long-a-name");
    }
}
