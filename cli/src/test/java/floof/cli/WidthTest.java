package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.cli.answer.Answer;
import floof.cli.answer.Columns;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.answer.Table;
import floof.cli.grammar.Position;
import floof.cli.screen.InputPipe;
import floof.cli.screen.ScriptScreen;
import floof.cli.wire.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown fits a terminal of 80 columns. */
class WidthTest {

    private static final int COLUMNS = 80;

    @TempDir private Path folder;

    /** Texts of all commands that begin with {@code show}, by command. */
    private final TreeMap<String, String> shown = new TreeMap<>();

    @Test
    @DisplayName("every show is readable at 80 columns: no line is longer, no table is cut in two")
    void everyShow() throws Exception {
        FakeRouter router = new FakeRouter();
        Files.writeString(folder.resolve("bird.log"), "a line\n");
        router.machine().logs = folder;
        Shell shell =
                new Shell(
                        router,
                        new ScriptScreen(new InputPipe(), (type, bytes, offset, length) -> {}),
                        new Client("root", "-", "1", folder),
                        new Sessions(router));
        try {
            for (String line : List.of("configure", "commit", "exit", "trace add 1")) {
                assertThat(shell.execute(line)).as(line).isTrue();
            }
            Position show =
                    shell.grammar().keywords().stream()
                            .filter(keyword -> keyword.word().equals("show"))
                            .findFirst()
                            .orElseThrow()
                            .next()
                            .get();
            walk(show, List.of("show"));
        } finally {
            shell.close();
        }
        assertThat(shown)
                .containsKeys(
                        "show bgp summary",
                        "show bgp summary detail",
                        "show fast-path statistics",
                        "show route 192.0.2.0/24")
                .hasSizeGreaterThan(50);
        shown.forEach((command, text) -> {
            assertThat(text.lines().filter(line -> Columns.of(line) > COLUMNS))
                    .as(command)
                    .isEmpty();
        });
    }

    private void walk(Position position, List<String> words) throws CommandException, IOException {
        if (position.action() != null) {
            boolean offersDetail =
                    position.keywords().stream().anyMatch(it -> it.word().equals("detail"));
            String text = text(position.action().run(words), COLUMNS);
            if (text == null) {
                return; // a configuration, or a program's
            }
            String narrow = "" + text(position.action().run(words), 1);
            assertThat(!narrow.contains(" left out; 'detail' shows all") || offersDetail)
                    .as("%s leaves columns out, and 'detail' behind it shows them", words)
                    .isTrue();
            String wide = "" + text(position.action().run(words), 0);
            if (!words.getLast().equals("detail")) {
                assertThat(text.split("\n\n", -1))
                        .as("tables of %s are in one piece", words)
                        .hasSameSizeAs(wide.split("\n\n", -1));
            }
            shown.put(String.join(" ", words), text);
        }
        for (Position.Keyword keyword : position.keywords()) {
            if (!words.contains(keyword.word())) {
                walk(keyword.next().get(), longer(words, keyword.word()));
            }
        }
        Position.Argument argument = position.argument();
        if (argument != null && !argument.known().get().isEmpty() && words.size() < 5) {
            String value = argument.known().get().getFirst().word();
            walk(argument.next().apply(value), longer(words, value));
        }
    }

    private static List<String> longer(List<String> words, String word) {
        return Stream.concat(words.stream(), Stream.of(word)).toList();
    }

    private static @Nullable String text(Answer answer, int columns) throws CommandException {
        if (!(answer instanceof Answer.Viewing<?> viewing)) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        try (Lines lines = viewing.lines(List.of(), columns, "")) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    @Test
    @DisplayName("a table leaves out what matters least, and breaks its last column between words")
    void tables() {
        Random random = new Random(80);
        for (int round = 0; round < 500; round++) {
            List<Object[]> rows = new ArrayList<>();
            List<String> meanings = new ArrayList<>();
            for (int row = 0; row < 5; row++) {
                String meaning =
                        String.join(
                                " ",
                                IntStream.range(0, random.nextInt(20))
                                        .mapToObj(i -> "w".repeat(1 + random.nextInt(12)))
                                        .toList());
                meanings.add(meaning);
                rows.add(
                        new Object[] {
                            "n".repeat(1 + random.nextInt(15)),
                            random.nextLong(1L << random.nextInt(1, 62)),
                            random.nextLong(1L << random.nextInt(1, 62)),
                            random.nextLong(1L << random.nextInt(1, 62)),
                            "s".repeat(1 + random.nextInt(20)),
                            meaning
                        });
            }
            String heads = "Name >A?1 >B?3 >C?2 State Meaning";
            String text = Parts.table(heads, rows).text(COLUMNS, false);
            assertThat(text.lines()).allMatch(line -> Columns.of(line) <= COLUMNS);
            assertThat(text.lines().filter(line -> line.startsWith("Name"))).hasSize(1);
            List<String> words = List.of(text.split("\\s+"));
            for (String meaning : meanings) {
                assertThat(words)
                        .containsAll(List.of((meaning.isEmpty() ? "-" : meaning).split(" ")));
            }
        }
    }

    @Test
    @DisplayName("the highest number goes first, and only what must; with 'detail' nothing goes")
    void order() {
        Table table =
                Parts.table("Name >A?1 >B?2 >C", List.<Object[]>of(new Object[] {"n", 1, 2, 3}));
        assertThat(table.text(COLUMNS, false)).startsWith("Name  A  B  C\n");
        assertThat(table.text(10, false)).startsWith("Name  A  C\n");
        assertThat(table.text(7, false)).startsWith("Name  C\n");
        assertThat(table.text(0, false)).startsWith("Name  A  B  C\n");
        assertThat(table.leftOut(COLUMNS)).isZero();
        assertThat(table.leftOut(7)).isEqualTo(2);
        assertThat(table.text(10, true)).contains("Name  A  B").contains("Name  C");
    }
}
