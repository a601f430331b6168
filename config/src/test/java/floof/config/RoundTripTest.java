package floof.config;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.edit.Edit;
import floof.config.text.Diff;
import floof.config.text.Loaded;
import floof.config.text.PatchParser;
import floof.config.text.SetParser;
import floof.config.text.SetPrinter;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import floof.config.value.StatementException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What is printed is read back to the same tree; differences applied give the other side. */
class RoundTripTest {

    private static Branch random(long seed) {
        return new RandomConfig(new Random(seed)).marked(60);
    }

    @RepeatedTest(300)
    @DisplayName("28 printed text is read back")
    void printedTextIsReadBack(RepetitionInfo run) {
        Branch tree = random(run.getCurrentRepetition());
        Loaded loaded = TextParser.load(TestSchema.EMPTY, TextPrinter.print(tree));
        assertThat(loaded.errors()).isEmpty();
        assertThat(loaded.tree()).isEqualTo(tree).hasToString(tree.toString());
    }

    @RepeatedTest(300)
    @DisplayName("29 what display set prints makes the same tree")
    void printedSetLinesAreReadBack(RepetitionInfo run) {
        Branch tree = random(run.getCurrentRepetition());
        Loaded loaded = SetParser.load(TestSchema.EMPTY, SetPrinter.print(tree, List.of(), false));
        assertThat(loaded.errors()).isEmpty();
        assertThat(loaded.tree()).isEqualTo(tree);
    }

    @RepeatedTest(300)
    void differencesAppliedGiveTheOtherSide(RepetitionInfo run) {
        Branch before = random(run.getCurrentRepetition());
        Branch after = random(run.getCurrentRepetition() + 7_000_000L);
        assertThat(Diff.apply(before, Diff.between(before, after))).isEqualTo(after);
        assertThat(Diff.apply(after, Diff.between(after, before))).isEqualTo(before);
        assertThat(Diff.text(before, after, List.of()).isEmpty()).isEqualTo(before.equals(after));
    }

    @RepeatedTest(300)
    @DisplayName("56 load patch of show | compare gives the other side")
    void aPatchGivesTheOtherSide(RepetitionInfo run) throws StatementException {
        RandomConfig config = new RandomConfig(new Random(run.getCurrentRepetition()));
        Branch before = unprotected(config.marked(40));
        Branch after = config.marked(1 + run.getCurrentRepetition() % 40);
        for (Branch other : List.of(after, config.edited(before))) {
            String patch = Diff.text(before, other, List.of());
            Loaded loaded = PatchParser.load(before, patch);
            assertThat(loaded.errors()).as(patch).isEmpty();
            assertThat(loaded.tree()).as(patch).isEqualTo(other);
        }
    }

    /** What is protected cannot be patched. */
    private static Branch unprotected(Branch tree) {
        String text = tree.toString().replace("protect: ", "");
        return TextParser.load(TestSchema.EMPTY, text).tree();
    }

    @RepeatedTest(100)
    @DisplayName("35 nothing is printed when both are equal")
    void equalTreesHaveNoDifference(RepetitionInfo run) {
        Branch tree = random(run.getCurrentRepetition());
        Branch copy = TextParser.load(TestSchema.EMPTY, tree.toString()).tree();
        assertThat(Diff.between(tree, copy)).isEmpty();
        assertThat(Diff.text(tree, copy, List.of())).isEmpty();
    }

    @RepeatedTest(200)
    void whatIsSetIsThereAndWhatIsDeletedIsNot(RepetitionInfo run) throws StatementException {
        Random random = new Random(run.getCurrentRepetition());
        RandomConfig config = new RandomConfig(random);
        Branch tree = config.tree(30);
        List<String> words = config.words();
        Branch set = Edit.set(tree, words);
        assertThat(Edit.set(set, words)).as("set twice").isEqualTo(set);
        assertThat(Edit.delete(set, words)).as("delete %s", words).isNotSameAs(set);
        Branch deleted = Edit.delete(set, words);
        assertThat(Edit.delete(deleted, words)).as("delete twice").isSameAs(deleted);
    }

    @Test
    void untouchedSubtreesAreShared() throws StatementException {
        Branch tree = Edit.set(TestSchema.EMPTY, List.of("interfaces", "a", "mtu", "1500"));
        tree = Edit.set(tree, List.of("interfaces", "b", "mtu", "1500"));
        Branch changed = Edit.set(tree, List.of("interfaces", "b", "mtu", "9000"));
        assertThat(changed.find(List.of("interfaces", "a")))
                .isSameAs(tree.find(List.of("interfaces", "a")));
    }

    @Test
    void aTreeOfManyRoutesIsReadAndCompared() throws StatementException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("set routing static route 10.")
                    .append(i >> 16)
                    .append('.')
                    .append(i >> 8 & 255)
                    .append('.')
                    .append(i & 255)
                    .append("/32 next-hop 192.0.2.1\n");
        }
        Branch tree = SetParser.load(TestSchema.EMPTY, text.toString()).tree();
        assertThat(tree.find(List.of("routing", "static", "route")))
                .isInstanceOfSatisfying(Branch.class, b -> assertThat(b.size()).isEqualTo(100_000));
        Branch changed = Edit.delete(tree, List.of("routing", "static", "route", "10.1.0.7/32"));
        assertThat(Diff.text(tree, changed, List.of()))
                .isEqualTo(
                        """
                        [edit routing static]
                        -   route 10.1.0.7/32 {
                        -       next-hop 192.0.2.1;
                        -   }
                        """);
    }
}
