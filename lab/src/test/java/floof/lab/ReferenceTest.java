package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every statement of the CLI reference is pinned by a test that carries its number, or {@code
 * docs/cli-differences.md} says why not. That a test says what its number does is for its reader.
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
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9][^|]*) \\|");
    private static final Pattern NUMBERS =
            Pattern.compile("^[0-9]{1,2}(?:-[0-9]{1,2})?(?:, [0-9]{1,2}(?:-[0-9]{1,2})?)*(?= |$)");

    @Test
    void everyStatementIsPinnedOrListed() throws IOException {
        String page = Files.readString(Router.repository().resolve("docs/cli-differences.md"));
        int parts = page.indexOf("\n## Followed in part\n");
        Set<String> no = statements(ROW, page.substring(0, parts));
        Set<String> inPart = statements(ROW, page.substring(parts));
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
    void numbersAreReadAsTheyAreWritten() {
        assertThat(statements("24 replace pattern")).containsExactly("24");
        assertThat(statements("16, 18-20 editing")).containsExactly("16", "18", "19", "20");
        assertThat(statements("2.13 scrapli junos: failures"))
                .containsExactly("2.13 scrapli junos");
        assertThat(statements("1,000 interfaces")).isEmpty();
        assertThat(statements("a 24 inside")).isEmpty();
    }

    private static Set<String> pinned() throws IOException {
        Set<String> pinned = new TreeSet<>();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Router.repository())) {
            sources = files.filter(ReferenceTest::isOfATest).toList();
        }
        for (Path source : sources) {
            boolean isJava = source.toString().endsWith(".java");
            pinned.addAll(statements(isJava ? DISPLAY_NAME : HEADING, read(source)));
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

    private static Set<String> statements(Pattern place, String text) {
        Set<String> found = new TreeSet<>();
        place.matcher(text).results().forEach(m -> found.addAll(statements(m.group(1))));
        return found;
    }

    /** The statements that a heading begins with. */
    private static List<String> statements(String heading) {
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
