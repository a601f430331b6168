package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import floof.testkit.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a person types into floofctl on a terminal, and the screen that follows, from a real router:
 * {@link Transcript}s {@code cli/src/test/resources/floof/cli/screens/*.transcript}.
 *
 * <ul>
 *   <li>{@code == 3 text} is a heading: numbers of the statements that what follows pins.
 *   <li>{@code » keys} is typed. {@code <Tab>}, {@code <Up>}, {@code <Ctrl-C>}, {@code <?>} and the
 *       like are keys; Enter follows, unless the line ends with such a key.
 *   <li>{@code $ commands} run in another session, a script's; what they print follows.
 *   <li>All else is the screen from the line that was typed into, but for a bare prompt at its end.
 * </ul>
 *
 * <p>What differs from run to run is masked by {@link #MASKS}. Each file is a session of its own;
 * they run in the order of their names, on one router whose configuration is {@code start.conf}
 * when each begins.
 */
class ScreenTranscriptTest {

    private static final Path FOLDER =
            Router.repository().resolve("cli/src/test/resources/floof/cli/screens");

    /** Patterns of what differs, and what stands for them. */
    private static final List<Map.Entry<Pattern, String>> MASKS =
            List.of(
                    mask("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d( [A-Z]+)?", "<time>"),
                    mask("pid \\d+", "pid <pid>"),
                    mask("pts/\\d+", "pts/<n>"),
                    mask("([0-9a-f]{2}:){5}[0-9a-f]{2}", "<mac>"),
                    mask("fe80::[0-9a-f:]+", "fe80::<mac>"),
                    mask("^(Kernel|Java|FloofOS|Instance): .*", "$1: <version>"),
                    mask("(?<![0-9:a-f])\\d\\d:\\d\\d(:\\d\\d)?(?![0-9:])", "<age>"));

    /** Keys that send something else than their name; {@link #LETTERS} send their name. */
    private static final Map<String, String> KEYS =
            Map.ofEntries(
                    Map.entry("Tab", "\t"),
                    Map.entry("Space", " "),
                    Map.entry("Enter", "\r"),
                    Map.entry("Backspace", "\177"),
                    Map.entry("Up", "\033OA"),
                    Map.entry("Down", "\033OB"),
                    Map.entry("Left", "\033OD"),
                    Map.entry("Right", "\033OC"));

    private static final Set<String> LETTERS = Set.of("?", "q", "G", "h", "b");

    private static final Pattern KEY = Pattern.compile("<(Ctrl-[A-Z]|Esc-.|[A-Za-z?]+)>");
    private static final Pattern PROMPT = Pattern.compile("[^ ]+@[^ ]+[>#]");

    @AutoClose private static Network network;
    private static Router router;

    private static Map.Entry<Pattern, String> mask(String pattern, String stands) {
        return Map.entry(Pattern.compile(pattern), stands);
    }

    @BeforeAll
    static void start() {
        String name = Network.unique("tty");
        network = new Network(name);
        network.host("router");
        router = new Router(network, "router", name);
        router.awaitReady();
    }

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".transcript"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void screen(String file) throws Exception {
        router.must(
                "configure", "load override " + FOLDER.resolve("start.conf"), "commit and-quit");
        assertThat(Eventually.holds(() -> router.json("show system users").size() == 1))
                .as("the sessions before have ended")
                .isTrue();
        try (Screen screen =
                new Screen(Router.repository() + "/floof ctl --instance " + router.instance())) {
            awaitPrompt(screen);
            Transcript transcript = new Transcript(FOLDER.resolve(file));
            transcript.check(step -> run(screen, step));
        }
    }

    private static List<String> run(Screen screen, Transcript.Step step) throws Exception {
        return step.line().startsWith("$ ") ? script(step.command()) : type(screen, step);
    }

    private static List<String> type(Screen screen, Transcript.Step step) throws Exception {
        int from = screen.cursorLine();
        String keys = keys(step.command());
        screen.type(keys);
        String typed = Pattern.quote(step.command()); // a line of what is loaded
        String end = keys.endsWith("\r") ? ".*(\\)|\\)---|input]|password:)|" + typed : ".*";
        return await(screen, from, end, Transcript.IS_UPDATED ? null : step.output());
    }

    private static List<String> script(String commands) {
        List<String> printed =
                new ArrayList<>(masked(router.ctl(commands).output().lines().toList()));
        trim(printed);
        return printed;
    }

    private static void trim(List<String> lines) {
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
    }

    private static String keys(String typed) {
        Matcher key = KEY.matcher(typed);
        String keys =
                key.replaceAll(found -> {
                    String name = found.group(1);
                    String said = KEYS.get(name);
                    if (name.startsWith("Ctrl-")) {
                        said = String.valueOf((char) (name.charAt(5) - '@'));
                    } else if (name.startsWith("Esc-")) {
                        said = "\033" + name.charAt(4);
                    } else if (said == null) {
                        // else a word in angle brackets
                        said = LETTERS.contains(name) ? name : found.group();
                    }
                    return Matcher.quoteReplacement(said);
                });
        return typed.endsWith(">") && !keys.endsWith(">") ? keys : keys + "\r";
    }

    /**
     * The screen from line {@code from} on, masked, once it is as expected, or when it is quiet for
     * half a minute. Where nothing is expected half a second will do after a prompt or a line like
     * {@code end}, else ten.
     */
    private static List<String> await(
            Screen screen, int from, String end, @Nullable List<String> expected)
            throws InterruptedException {
        while (true) {
            List<String> shown = new ArrayList<>(masked(screen.lines(from)));
            boolean isPrompt = !shown.isEmpty() && PROMPT.matcher(shown.getLast()).matches();
            if (isPrompt) {
                shown.removeLast();
            }
            trim(shown);
            long quiet = TimeUnit.NANOSECONDS.toMillis(screen.quietNanos());
            boolean isEnd = isPrompt || !shown.isEmpty() && shown.getLast().matches(end);
            if (shown.equals(expected) && (isPrompt || isEnd && quiet > 100)
                    || quiet > (expected != null ? 30_000 : isEnd ? 500 : 10_000)) {
                return shown;
            }
            Thread.sleep(10);
        }
    }

    private static void awaitPrompt(Screen screen) {
        assertThat(Eventually.holds(() -> PROMPT.matcher(screen.lines(0).getLast()).matches()))
                .as(() -> "no prompt: " + screen.lines(0))
                .isTrue();
    }

    private static List<String> masked(List<String> lines) {
        return lines.stream()
                .map(line -> {
                    String masked = line;
                    for (var mask : MASKS) {
                        masked = mask.getKey().matcher(masked).replaceAll(mask.getValue());
                    }
                    return masked;
                })
                .toList();
    }
}
