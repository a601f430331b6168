package floof.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md and CONTRIBUTING.md tell a newcomer to do works as it is written there. */
class GuideTest {

    private static final Path ROOT = Router.repository();

    /** A block of lines to type, and what they print. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```$");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    @TempDir private Path folder;

    private static String read(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of floofctl in the blocks behind the demo, one list per block. */
    private static List<List<String>> sessions() {
        return BLOCK.matcher(read("README.md"))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("> configure\n"))
                .map(block -> block.lines().toList())
                .toList();
    }

    @Test
    @Tag("slow")
    void everySessionOfTheReadmeWorksInItsOrder() throws IOException {
        List<List<String>> sessions = sessions();
        assertThat(sessions).hasSize(4);
        String name = Network.unique("gd");
        try (Network network = new Network(name)) {
            network.host("router");
            network.host("peer");
            network.link("router", "enp1s0", "peer", "eth0");
            Router router = new Router(network, "router", name);
            router.awaitReady();
            for (List<String> session : sessions) {
                run(router, session);
            }
            assertThat(router.must("show interfaces terse"))
                    .contains("192.0.2.1/24", "198.51.100.1/24", "203.0.113.1/24");
        }
    }

    private static void run(Router router, List<String> session) {
        List<String> typed = new ArrayList<>();
        List<String> printed = new ArrayList<>();
        for (String line : session) {
            if (line.startsWith("> ") || line.startsWith("# ")) {
                typed.add(line.substring(2).replaceFirst(" {2,}[^\"]*$", ""));
            } else if (!line.startsWith("./floof ")) {
                printed.add(line);
            }
        }
        Command.Outcome outcome =
                Command.of(ROOT + "/floof", "ctl", "--instance", router.instance())
                        .run(String.join("\n", typed) + "\n", Duration.ofSeconds(60));
        assertThat(outcome.status()).as("%s\n%s", typed, outcome.output()).isZero();
        assertThat(outcome.output().lines()).containsAll(printed);
    }

    @Test
    void everyCommandOfTheReadmeExists() {
        String help =
                Command.of(ROOT + "/floof", "help").mustRun()
                        + Command.of(ROOT + "/floof", "bench", "--help").mustRun();
        Matcher rows =
                Pattern.compile("(?m)^\\| `(?:\\./floof )?(bench )?([a-z]+)")
                        .matcher(read("README.md"));
        List<String> commands = rows.results().map(row -> row.group(2)).toList();
        assertThat(commands).hasSizeGreaterThan(10);
        for (String command : commands) {
            assertThat(help).containsPattern("(?m)^  (\\w+ \\| )?" + command + "\\b");
        }
    }

    @Test
    void everyLinkOfTheDocumentsLeadsToAFile() throws IOException {
        List<Path> documents;
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            documents = new ArrayList<>(docs.filter(it -> it.toString().endsWith(".md")).toList());
        }
        documents.add(ROOT.resolve("README.md"));
        documents.add(ROOT.resolve("CONTRIBUTING.md"));
        List<String> dead = new ArrayList<>();
        for (Path document : documents) {
            for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    dead.add(document + ": " + link.group(1));
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void theFirstChangeOfANewcomerCompilesAndFailsOneCase() throws IOException {
        String guide = read("CONTRIBUTING.md").replaceAll("\\s+", " ");
        Matcher step =
                Pattern.compile(
                                "`([^`]+\\.java)`\\. In its method `(\\w+)`, change `([^`]+)` to"
                                        + " `([^`]+)`")
                        .matcher(guide);
        assertThat(step.find()).isTrue();
        String source = read(step.group(1));
        int start = source.indexOf(" " + step.group(2) + "(long");
        int end = source.indexOf("\n    }\n", start);
        String method = source.substring(start, end);
        assertThat(method.split(Pattern.quote(step.group(3)), -1))
                .as("'%s' stands once in %s", step.group(3), step.group(2))
                .hasSize(2);
        Path changed = folder.resolve(Path.of(step.group(1)).getFileName());
        Files.writeString(
                changed,
                source.substring(0, start)
                        + method.replace(step.group(3), step.group(4))
                        + source.substring(end));
        Command.Outcome compiled =
                Command.of(
                                System.getProperty("java.home") + "/bin/javac",
                                "-proc:none",
                                "-d",
                                folder.toString(),
                                "-cp",
                                classes(),
                                changed.toString())
                        .run();
        assertThat(compiled.isGood()).as(compiled.output()).isTrue();
        assertThat(guide).as("the case of step 4").contains("`bad-checksum: one bit`");
        assertThat(failed("floof.dataplane.ReasonsTest"))
                .as("and the one that mixes packets")
                .hasSize(2)
                .anyMatch(it -> it.contains("bad-checksum: one bit"))
                .anyMatch(it -> it.contains("mixedFrames"));
    }

    /** The cases of a class that fail with what was changed, and how. */
    private List<String> failed(String test) throws IOException {
        String path =
                String.join(
                        ":",
                        folder.toString(),
                        ROOT.resolve("dataplane/target/test-classes").toString(),
                        classes(),
                        ROOT.resolve("app/target/image") + "/*",
                        ROOT.resolve("testkit/target/lib") + "/*");
        Command.Outcome tested =
                Command.of(
                                System.getProperty("java.home") + "/bin/java",
                                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                                "-Dfloof.memory.checked=true",
                                "-cp",
                                path,
                                "floof.testkit.Fork")
                        .run(test + "\n", Duration.ofMinutes(5));
        return tested.output()
                .lines()
                .filter(line -> line.startsWith("\u0001FAILED"))
                .map(line -> line.split("\t"))
                .map(it -> it[2] + ": " + new String(Base64.getDecoder().decode(it[3]), UTF_8))
                .toList();
    }

    private static String classes() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("target/classes").toString())
                    .collect(Collectors.joining(":"));
        }
    }
}
