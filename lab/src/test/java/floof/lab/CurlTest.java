package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.cli.client.Floofctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** curl on the unix socket, beside floofctl of the same user. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CurlTest {

    private static final String NAME = "rest" + ProcessHandle.current().pid() % 10_000;

    @AutoClose private Network network;
    private Router router;
    private Path socket;

    @BeforeAll
    void start() {
        network = new Network(NAME);
        network.host("router");
        router = new Router(network, "router", NAME);
        router.awaitReady();
        router.commit(
                List.of(
                        "set system services rest",
                        "set system login class desk permissions [ view view-configuration ]",
                        "set system login class desk deny-commands \"show arp|show route table\"",
                        "set system login class desk deny-configuration \"routing.*\"",
                        "set system login user nobody class desk",
                        "set system login user daemon class read-only",
                        "set routing static route 203.0.113.0/24 blackhole",
                        "set interfaces lab0 driver tap",
                        "set interfaces lab0 address 10.99.0.1/24"));
        socket = Path.of("/run/floof", NAME, "rest.sock");
    }

    private static Command.Outcome as(String account, List<String> words) {
        List<String> all = new ArrayList<>();
        if (!account.equals("root")) {
            all.addAll(List.of("setpriv", "--reuid=" + account, "--regid=nogroup"));
            all.addAll(List.of("--clear-groups", "--"));
        }
        all.addAll(words);
        return Command.of(all.toArray(String[]::new)).run();
    }

    private String curl(String account, String path) {
        return curl(account, "GET", path);
    }

    private String curl(String account, String method, String path) {
        List<String> words = new ArrayList<>(List.of("curl", "-s", "--unix-socket"));
        words.addAll(List.of(socket.toString(), "-X", method, "http://localhost/" + path));
        return as(account, words).output();
    }

    private String floofctl(String account, String command) {
        return as(
                        account,
                        List.of(
                                Router.repository() + "/floof",
                                "ctl",
                                "--instance",
                                NAME,
                                "-c",
                                command + " | display json"))
                .output()
                .replace(Floofctl.SILENT, "")
                .replace(Floofctl.ANSWERING, "");
    }

    @Test
    void everybodySeesWhatFloofctlShowsThem() {
        for (String account : List.of("root", "nobody", "daemon")) {
            List<String> paths =
                    new ArrayList<>(
                            List.of(
                                    "show/arp",
                                    "show/interfaces",
                                    "show/route?table=inet.0",
                                    "configuration",
                                    "configuration/interfaces/lab0/driver"));
            if (account.equals("root")) {
                paths.addAll(
                        List.of(
                                "show/version",
                                "show/interfaces?name=lab0",
                                "show/bgp/summary",
                                "show/fast-path/sizing",
                                "show/dpdk/version",
                                "show/route/summary",
                                "show/log?name=bird",
                                "configuration/interfaces"));
            }
            for (String path : paths) {
                String command =
                        (path.startsWith("show") ? "" : "show ")
                                + path.replaceAll("name=", "")
                                        .replaceAll("[/?=]", " ")
                                        .replace("table=", "table ");
                String shown = floofctl(account, command);
                String answer = curl(account, path);
                if (!shown.startsWith("{") && !shown.startsWith("[")) {
                    assertThat(answer).as(path).doesNotContain("there is no command");
                    assertThat(answer).as("%s: %s", account, path).startsWith("{\n  \"error\" : ");
                } else {
                    assertThat(answer).as("%s: %s", account, path).isEqualTo(shown);
                }
            }
        }
        assertThat(curl("nobody", "configuration")).contains("lab0").doesNotContain("203.0.113");
        assertThat(curl("nobody", "configuration/routing")).contains("there is no statement");
        assertThat(curl("root", "configuration/routing")).contains("203.0.113.0/24");
        assertThat(curl("nobody", "show/arp")).contains("permission denied");
        assertThat(curl("bin", "show/version")).contains("permission denied");
    }

    /** What the class of a user permits in the shell it permits by REST, and nothing else. */
    @Test
    @Tag("slow")
    void randomClassesPermitTheSame() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> commands = commands();
        for (String account : List.of("bin", "sys", "games", "man")) {
            String set = "set system login class " + account;
            List<String> lines = new ArrayList<>();
            lines.add(set + " permissions " + (random.nextBoolean() ? "view" : "[ view clear ]"));
            for (String list : List.of(" allow-commands", " deny-commands")) {
                String one = commands.get(random.nextInt(commands.size()));
                String two = commands.get(random.nextInt(commands.size()));
                lines.add(
                        set
                                + list
                                + " \""
                                + one
                                + ".*|"
                                + two.substring(0, Math.min(9, two.length()))
                                + "\"");
            }
            lines.add("set system login user " + account + " class " + account);
            router.commit(lines);
            Collections.shuffle(commands, random);
            for (String command : commands.subList(0, 15)) {
                String shown = floofctl(account, command);
                String method = command.startsWith("show") ? "GET" : "POST";
                String answer = curl(account, method, command.replace(' ', '/'));
                assertThat(answer.contains("permission denied"))
                        .as("'%s' of %s, seed %d: %s", command, lines, seed, shown)
                        .isEqualTo(shown.contains("permission denied"));
            }
        }
    }

    /** Views of REST, and operations that do no harm. */
    private List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        Pattern.compile("(?m)^## `(show [a-z -]+)`")
                .matcher(Files.readString(Router.repository().resolve("docs/operational-data.md")))
                .results()
                .forEach(it -> commands.add(it.group(1)));
        // What the shell has as a form of its own is an argument here.
        commands.removeIf(it -> curl("root", it.replace(' ', '/')).contains("no command"));
        assertThat(commands).hasSizeGreaterThan(20);
        commands.addAll(List.of("clear arp", "clear ipv6 neighbors"));
        return commands;
    }

    @Test
    void anOperationIsDone() {
        router.learn("10.99.0.9", "02:00:00:00:00:09", "lab0");
        assertThat(curl("root", "show/arp")).contains("10.99.0.9");
        assertThat(curl("root", "show/system/users")).startsWith("[");
        String path = "clear/arp?interface=lab0";
        assertThat(curl("nobody", "POST", path)).contains("permission denied");
        assertThat(curl("root", "show/arp")).contains("10.99.0.9");
        assertThat(curl("root", "POST", path)).contains("\"output\" : \"\"");
        assertThat(curl("root", "show/arp")).doesNotContain("02:00:00:00:00:09");
        assertThat(curl("root", "POST", "restart/routing")).contains("Restarting routing");
    }

    @Test
    void theStatementSwitchesItOff() {
        router.commit(List.of("delete system services"));
        assertThat(Files.exists(socket)).isFalse();
        router.commit(List.of("set system services rest"));
        assertThat(curl("root", "show/version")).contains("\"version\"");
    }
}
