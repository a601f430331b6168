package floof.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * floofctl as the login shell of an account, through OpenSSH's server and client on a loopback
 * port, for people at a terminal and for automation.
 */
class SshTest {

    private static final String NAME = Network.unique("ssh");
    private static final String USER = "floof" + NAME;

    @AutoClose private static Network network;
    private static Path folder;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        network = new Network(NAME);
        network.host("router");
        folder = network.folder();
        allow(folder, "rwxr-xr-x");
        Router router = new Router(network, "router", NAME);
        account(shell());
        serve();
        router.awaitReady();
        router.commit(
                List.of(
                        "set system host-name r1",
                        "set system login user " + USER + " class super-user",
                        "set system login user nobody class operator",
                        "set system login user daemon class read-only",
                        "set routing static route 203.0.113.0/24 blackhole",
                        "set interfaces lab0 driver tap",
                        "set interfaces lab0 address 10.99.0.1/24"));
    }

    private static Command.Outcome as(String account, String commands) {
        String shell = folder.resolve("shell").toString();
        return Command.of(
                        "setpriv",
                        "--reuid=" + account,
                        "--regid=nogroup",
                        "--clear-groups",
                        "--",
                        shell,
                        "-c",
                        commands)
                .run();
    }

    @Test
    @DisplayName("an account that is not root does what its class may, with its own rights")
    void accountsOfTheMachine() {
        String secret = "save /root/" + NAME;
        assertThat(as("nobody", "ping 10.99.0.1 count 1").output())
                .contains("1 packets transmitted, 1 received");
        for (String forbidden :
                List.of(
                        "configure",
                        "show system audit",
                        "request system reboot",
                        "start shell command id")) {
            assertThat(as("nobody", forbidden).output())
                    .as(forbidden)
                    .contains("permission denied");
        }
        assertThat(as("daemon", "show arp").isGood()).isTrue();
        assertThat(as("daemon", "show configuration").output()).contains("permission denied");
        assertThat(as("daemon", "ping 10.99.0.1 count 1").output()).contains("permission denied");
        assertThat(as("daemon", "show arp | " + secret).isGood()).isFalse();
        assertThat(Path.of("/root/" + NAME)).doesNotExist();
        assertThat(as("games", "show version").output())
                .contains("permission denied: user 'games' has no class");
    }

    /** The checkout may lie where other users cannot look: what a client needs is copied. */
    private static Path shell() throws IOException {
        Path image = Files.createDirectories(folder.resolve("app/target/image"));
        Path floof = folder.resolve("floof");
        Files.copy(Router.repository().resolve("floof"), floof);
        try (Stream<Path> jars = Files.list(Router.repository().resolve("app/target/image"))) {
            for (Path jar : jars.filter(file -> !file.toString().endsWith(".aot")).toList()) {
                Files.copy(jar, image.resolve(jar.getFileName().toString()));
            }
        }
        Path shell = folder.resolve("shell");
        Files.writeString(
                shell,
                "#!/bin/sh\nFLOOF_IS_BUILT=1 exec %s ctl --instance %s \"$@\"\n"
                        .formatted(floof, NAME));
        allow(floof, "rwxr-xr-x");
        allow(shell, "rwxr-xr-x");
        return shell;
    }

    private static void allow(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static void account(Path shell) {
        // A password that nobody can type, but no locked account.
        Command.of("useradd", "-M", "-d", "/tmp", "-s", shell.toString(), "-p", "*", USER)
                .mustRun();
        network.atEnd(() -> Command.of("userdel", "--force", USER).run());
    }

    private static void serve() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (String key : List.of("hostkey", "userkey")) {
            Command.of(
                            "ssh-keygen",
                            "-q",
                            "-m",
                            "PEM",
                            "-t",
                            "rsa",
                            "-N",
                            "",
                            "-f",
                            folder + "/" + key)
                    .mustRun();
        }
        Path config = folder.resolve("sshd_config");
        Files.writeString(
                config,
                """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/hostkey
                AuthorizedKeysFile %s/userkey.pub
                PidFile none
                StrictModes no
                UsePAM no
                PrintMotd no
                Subsystem sftp internal-sftp
                """
                        .formatted(port, folder, folder));
        Files.createDirectories(Path.of("/run/sshd"));
        network.start("sshd", Command.of("/usr/sbin/sshd", "-D", "-e", "-f", config.toString()));
    }

    private static Path script(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = SshTest.class.getResourceAsStream(name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    private static List<String> ssh(String... more) {
        List<String> words = new ArrayList<>(List.of("ssh", "-p", Integer.toString(port)));
        words.addAll(List.of("-i", folder + "/userkey", "-o", "StrictHostKeyChecking=no"));
        words.addAll(List.of("-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"));
        words.addAll(List.of("-o", "ConnectTimeout=10"));
        words.addAll(List.of(more));
        return words;
    }

    /** One command, without a terminal. */
    private static Command.Outcome run(String command) {
        return new Command(ssh(USER + "@127.0.0.1", command), null).run();
    }

    /** A session on a terminal of the server's. */
    private static final class Terminal implements AutoCloseable {

        private final Process process;
        private final StringBuffer screen = new StringBuffer();

        Terminal() throws IOException {
            ProcessBuilder builder =
                    new ProcessBuilder(ssh("-tt", USER + "@127.0.0.1")).redirectErrorStream(true);
            builder.environment().put("TERM", "xterm-256color");
            process = builder.start();
            Thread.ofVirtual().name("screen").start(this::read);
        }

        private void read() {
            try {
                InputStream in = process.getInputStream();
                byte[] bytes = new byte[8192];
                for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                    screen.append(new String(bytes, 0, n, UTF_8));
                }
            } catch (IOException e) {
                // It ended.
            }
        }

        /** Types a line and waits until {@code pattern} ends the screen; what came since. */
        String type(String line, String pattern) throws IOException {
            screen.setLength(0);
            process.getOutputStream().write(line.getBytes(UTF_8));
            process.getOutputStream().flush();
            return expect(pattern);
        }

        String expect(String pattern) {
            Pattern wanted = Pattern.compile(pattern + "\\s*$");
            if (!Eventually.holds(() -> wanted.matcher(screen).find())) {
                throw new AssertionError("no " + pattern + " at the end of:\n" + screen);
            }
            return screen.toString();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    @Test
    @DisplayName("2.13 netmiko juniper: its driver for Junos, as Debian has it, works unmodified")
    @Tag("slow")
    void netmiko() throws Exception {
        Process netmiko =
                new ProcessBuilder(
                                "/usr/bin/python3",
                                script("netmiko_session.py").toString(),
                                Integer.toString(port),
                                USER,
                                folder.resolve("userkey").toString())
                        .redirectError(folder.resolve("netmiko.log").toFile())
                        .start();
        network.atEnd(netmiko::destroy);
        String text = new String(netmiko.getInputStream().readAllBytes(), UTF_8);
        assertThat(netmiko.waitFor()).as(() -> read(folder.resolve("netmiko.log"))).isZero();
        JsonNode seen = JsonMapper.builder().build().readTree(text);
        assertThat(seen.get("prompt").asString()).isEqualTo(USER + "@r1>");
        assertThat(seen.get("version").asString()).startsWith("Hostname: r1\nModel: FloofOS\n");
        assertThat(seen.get("in-configuration").asBoolean()).isTrue();
        assertThat(seen.get("check").asString()).contains("configuration check succeeds");
        assertThat(seen.get("confirmed").asString())
                .contains("commit confirmed will be automatically rolled back in 5 minutes")
                .contains("commit complete");
        assertThat(seen.get("commit").asString())
                .contains("commit complete\nExiting configuration mode");
        assertThat(seen.get("left").asBoolean()).isTrue();
        assertThat(seen.get("md5").asString()).matches("MD5 \\(/etc/hostname\\) = [0-9a-f]{32}");
        assertThat(run("show interfaces terse").output()).contains("lab1");
        assertThat(run("show system commit").output())
                .contains(" by " + USER + " via cli", "by netmiko");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The patterns of scrapli's driver. */
    private static final String EXEC = "(?im)^[a-z0-9.\\-_@()/:]{1,63}>\\s?";

    private static final String CONFIGURATION = "(?im)^[a-z0-9.\\-_@()/:]{1,63}#\\s?";

    @Test
    @DisplayName("2.13 scrapli junos: prompts and failures are what its patterns look for")
    void scrapli() throws Exception {
        try (Terminal terminal = new Terminal()) {
            terminal.expect(EXEC);
            terminal.type("set cli complete-on-space off\r", EXEC);
            assertThat(terminal.type("set cli screen-width 511\r", EXEC))
                    .contains("Screen width set to 511");
            assertThat(terminal.type("set cli screen-length 0\r", EXEC))
                    .contains("Screen length set to 0")
                    .as("nothing but text")
                    .doesNotContain("\033");
            assertThat(terminal.type("show nonsense\r", EXEC)).contains("syntax error");
            assertThat(terminal.type("nonsense\r", EXEC)).contains("unknown command");
            assertThat(terminal.type("show i\r", EXEC)).contains("'i' is ambiguous");
            terminal.type("configure private\r", CONFIGURATION);
            assertThat(terminal.type("show system\r", CONFIGURATION)).contains("host-name r1;");
            terminal.type("exit configuration-mode\r", EXEC);
        }
    }

    /** Without what floofctl says on standard error where it has to wait for two seconds. */
    private String configuration() {
        return run("show configuration system").output().replaceAll("\nfloofctl: [^\n]*\n", "");
    }

    @Test
    @DisplayName(
            "2.13 oxidized / rancid: the configuration, twice the same, with and without terminal")
    @Tag("slow")
    void oxidized() throws Exception {
        assertThat(run("show configuration system | display set").output())
                .isEqualTo(
                        """
                        set system host-name r1
                        set system login user daemon class read-only
                        set system login user %s class super-user
                        set system login user nobody class operator
                        """
                                .formatted(USER));
        String text = configuration();
        assertThat(text).isEqualTo(configuration());
        try (Terminal terminal = new Terminal()) {
            terminal.expect(EXEC);
            terminal.type("set cli screen-length 0\r", EXEC);
            assertThat(terminal.type("show configuration system\r", EXEC).replace("\r", ""))
                    .contains("\n" + text);
        }
    }

    @Test
    @DisplayName(
            "80 ping, traceroute, monitor traffic, start shell: in the data plane, as the user")
    void tools() throws Exception {
        assertThat(run("ping 10.99.0.1 count 2 rapid").output())
                .contains("2 packets transmitted, 2 received");
        assertThat(run("traceroute 10.99.0.1 no-resolve ttl 2").output())
                .contains(" 1  10.99.0.1 ");
        try (Terminal terminal = new Terminal()) {
            terminal.expect(EXEC);
            terminal.type("ping 10.99.0.1\r", "icmp_seq=1 [^\n]*");
            assertThat(terminal.type("\003", EXEC)).contains("packets transmitted");
            terminal.type("monitor traffic interface lo no-resolve\r", "listening on lo[^\n]*");
            assertThat(terminal.type("\003", EXEC)).contains("0 packets captured");
            terminal.type("start shell\r", "[$] ");
            assertThat(terminal.type("id -un; tty; stty size\r", "[$] "))
                    .contains(USER + "\r\n/dev/pts/");
            terminal.type("exit\r", EXEC);
            assertThat(terminal.type("monitor interface lab0\r", "Ctrl-C"))
                    .contains("Interface: lab0, Enabled", "Input packets");
            terminal.type("q", EXEC);
        }
        assertThat(run("show system processes").output())
                .contains("supervisor ", "floofd ", "fast-path ", "bird ");
    }

    @Test
    @DisplayName("80 what a session runs ends when its connection is cut")
    void nothingIsLeft() throws Exception {
        try (Terminal terminal = new Terminal()) {
            terminal.expect(EXEC);
            terminal.type("start shell command \"exec sleep 4712\"\r", "4712\"");
            assertThat(Eventually.holds(() -> isRunning("4712"))).isTrue();
        }
        assertThat(Eventually.holds(() -> !isRunning("4712"))).isTrue();
    }

    private static boolean isRunning(String argument) {
        return ProcessHandle.allProcesses()
                .anyMatch(p ->
                        List.of(p.info().arguments().orElse(new String[0]))
                                .equals(List.of(argument)));
    }
}
