package floof.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every statement of the CLI reference is pinned by a test that carries its number:
 * {@code @DisplayName("24 replace pattern")}, or a heading {@code == 24 replace pattern} in a
 * transcript; several are written {@code 16, 18} or {@code 16-18}. Or {@code cli-differences.tsv}
 * leads to the row of {@code docs/cli-differences.md} that says why not. That a test does what its
 * number says is for its reader.
 */
class ReferenceTest {

    private static final List<String> STATEMENTS =
            Stream.concat(
                            IntStream.rangeClosed(1, 81).mapToObj(Integer::toString),
                            Stream.of(
                                    "2.13 netmiko juniper",
                                    "2.13 scrapli junos",
                                    "2.13 netmiko vyos",
                                    "2.13 NAPALM",
                                    "2.13 oxidized"))
                    .toList();

    private static final Pattern DISPLAY_NAME = Pattern.compile("@DisplayName\\(\\s*\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("(?m)^== (.+)$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\|.*\\|$");
    private static final Pattern NUMBERS =
            Pattern.compile("^[0-9]{1,2}(?:-[0-9]{1,2})?(?:, [0-9]{1,2}(?:-[0-9]{1,2})?)*(?= |$)");

    @Test
    void everyStatementIsPinnedOrListed() throws IOException {
        Set<String> no = statements("Not followed");
        Set<String> inPart = statements("Followed in part");
        Set<String> pinned = pinned();

        Set<String> nowhere = new TreeSet<>(STATEMENTS);
        nowhere.removeAll(pinned);
        nowhere.removeAll(no);
        assertThat(nowhere).as("neither pinned by a test nor listed as not followed").isEmpty();
        assertThat(no).as("listed as not followed, but pinned").doesNotContainAnyElementsOf(pinned);
        assertThat(no).as("listed twice").doesNotContainAnyElementsOf(inPart);
        assertThat(STATEMENTS).as("known").containsAll(no).containsAll(inPart).containsAll(pinned);
    }

    @Test
    void whatIsNotFollowedHasItsRow() throws IOException {
        List<String> rows = new ArrayList<>(rows("Not followed"));
        rows.addAll(rows("Followed in part"));
        assertThat(rows).doesNotHaveDuplicates().containsAll(topics().values());
    }

    @Test
    void numbersAreReadAsTheyAreWritten() {
        assertThat(numbers("24 replace pattern")).containsExactly("24");
        assertThat(numbers("16, 18-20 editing")).containsExactly("16", "18", "19", "20");
        assertThat(numbers("2.13 scrapli junos: failures")).containsExactly("2.13 scrapli junos");
        assertThat(numbers("1,000 interfaces")).isEmpty();
        assertThat(numbers("a 24 inside")).isEmpty();
    }

    /** Statements whose difference stands in this section of the page. */
    private static Set<String> statements(String section) throws IOException {
        List<String> rows = rows(section);
        Set<String> found = new TreeSet<>();
        topics().forEach((statement, topic) -> {
            if (rows.contains(topic)) {
                found.add(statement);
            }
        });
        return found;
    }

    /** First cells of a section's table, without its head. */
    private static List<String> rows(String section) throws IOException {
        String page = Files.readString(Router.repository().resolve("docs/cli-differences.md"));
        int start = page.indexOf("\n## " + section + "\n");
        int end = page.indexOf("\n## ", start + 1);
        assertThat(start).as(section).isNotNegative();
        List<String> rows =
                ROW.matcher(page.substring(start, end)).results().map(m -> m.group(1)).toList();
        return rows.subList(1, rows.size());
    }

    private static Map<String, String> topics() throws IOException {
        try (InputStream in = ReferenceTest.class.getResourceAsStream("cli-differences.tsv")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toMap(cells -> cells[0], cells -> cells[1]));
        }
    }

    private static Set<String> pinned() throws IOException {
        Set<String> pinned = new TreeSet<>();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Router.repository())) {
            sources = files.filter(ReferenceTest::isOfATest).toList();
        }
        for (Path source : sources) {
            boolean isJava = source.toString().endsWith(".java");
            pinned.addAll(numbered(isJava ? DISPLAY_NAME : HEADING, read(source)));
        }
        return pinned;
    }

    private static boolean isOfATest(Path file) {
        return file.toString().matches(".*/src/test/.*\\.(java|transcript)");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> numbered(Pattern place, String text) {
        Set<String> found = new TreeSet<>();
        place.matcher(text).results().forEach(m -> found.addAll(numbers(m.group(1))));
        return found;
    }

    /** The statements that a heading begins with. */
    private static List<String> numbers(String heading) {
        for (String row : STATEMENTS.subList(81, STATEMENTS.size())) {
            if (heading.startsWith(row)) {
                return List.of(row);
            }
        }
        List<String> found = new ArrayList<>();
        NUMBERS.matcher(heading)
                .results()
                .map(MatchResult::group)
                .forEach(numbers -> {
                    for (String range : numbers.split(", ")) {
                        String[] ends = range.split("-");
                        IntStream.rangeClosed(
                                        Integer.parseInt(ends[0]),
                                        Integer.parseInt(ends[ends.length - 1]))
                                .forEach(number -> found.add(Integer.toString(number)));
                    }
                });
        return found;
    }
}
