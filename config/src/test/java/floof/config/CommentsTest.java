package floof.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import floof.config.edit.Edit;
import floof.config.text.Diff;
import floof.config.text.Loaded;
import floof.config.text.PatchParser;
import floof.config.text.SetParser;
import floof.config.text.SetPrinter;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.tree.TextPrinter;
import floof.config.value.StatementException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comments of several lines keep them in every form. */
class CommentsTest {

    private static final String TEXT =
            """
            interfaces {
                /* the first line
                   the second

                   and a last */
                ge-0 {
                    mtu 9000;
                }
            }
            """;

    private static final String NOTE = "the first line\nthe second\n\nand a last";

    private static final List<String> PORT = List.of("interfaces", "ge-0");

    private final Branch tree = read(TEXT);

    private static Branch read(String text) {
        Loaded loaded = TextParser.load(TestSchema.EMPTY, text);
        assertThat(loaded.errors()).isEmpty();
        return loaded.tree();
    }

    private static String note(Branch root) {
        return requireNonNull(root.find(PORT)).marks().annotation();
    }

    @Test
    void textKeepsItsLines() {
        assertThat(note(tree)).isEqualTo(NOTE);
        String printed = TextPrinter.print(tree);
        assertThat(printed.lines().map(String::stripTrailing))
                .containsExactlyElementsOf(TEXT.lines().toList());
        assertThat(read(printed)).isEqualTo(tree);
    }

    @Test
    void indentationIsThatOfThePlace() {
        String moved = TEXT.replace("       the second", "\t\tthe second  ");
        assertThat(note(read(moved))).isEqualTo(NOTE);
    }

    @Test
    void setLinesSayThemInOneLine() {
        String lines = SetPrinter.print(tree, List.of(), false);
        assertThat(lines)
                .contains("annotate ge-0 \"the first line\\\\nthe second\\\\n\\\\nand a last\"");
        Loaded loaded = SetParser.load(TestSchema.EMPTY, lines);
        assertThat(loaded.errors()).isEmpty();
        assertThat(loaded.tree()).isEqualTo(tree);
    }

    @Test
    void backslashesStayWhatTheyAre() {
        for (String note : List.of("a\\\nb", "a\\nb", "a\\\\\nb", "\\", "a\\\\", "a\\b\n\\n")) {
            assertThat(Marks.unescaped(Marks.escaped(note))).isEqualTo(note);
            assertThat(Marks.escaped(note)).doesNotContain("\n");
        }
    }

    @Test
    void anOperatorTypesThem() {
        Loaded loaded =
                SetParser.load(
                        read(TEXT.replaceAll("(?s)/\\*.*\\*/", "")),
                        "annotate interfaces ge-0 \"one\\ntwo\"\n");
        assertThat(loaded.errors()).isEmpty();
        assertThat(note(loaded.tree())).isEqualTo("one\ntwo");
    }

    @ParameterizedTest
    @ValueSource(strings = {NOTE, "see\n/* here\nand there", "/* here", "a /* b", "one\n/*"})
    void aPatchKeepsThem(String note) throws StatementException {
        Branch without = read(TEXT.replaceAll("(?s)/\\*.*\\*/", ""));
        Branch with = Edit.mark(without, PORT, marks -> marks.annotation(note));
        for (List<Branch> sides : List.of(List.of(without, with), List.of(with, without))) {
            String patch = Diff.text(sides.getFirst(), sides.getLast(), List.of());
            Loaded loaded = PatchParser.load(sides.getFirst(), patch);
            assertThat(loaded.errors()).as(patch).isEmpty();
            assertThat(loaded.tree()).as(patch).isEqualTo(sides.getLast());
        }
    }

    @Test
    void severalCommentsAreSeveralLines() {
        String text = TEXT.replaceAll("(?s)/\\*.*\\*/", "/* one */ /* two\n three */");
        assertThat(note(read(text))).isEqualTo("one\ntwo\nthree");
    }
}
