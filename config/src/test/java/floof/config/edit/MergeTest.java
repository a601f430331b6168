package floof.config.edit;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.RandomConfig;
import floof.config.TestSchema;
import floof.config.text.Diff;
import floof.config.text.SetParser;
import floof.config.tree.Branch;
import floof.config.tree.Change;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.value.StatementException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Private candidates merge as promised. */
class MergeTest {

    private static Branch tree(String... lines) {
        return SetParser.load(TestSchema.EMPTY, String.join("\n", lines) + "\n").tree();
    }

    private static Branch set(Branch tree, List<String> words) {
        try {
            return Edit.set(tree, words);
        } catch (StatementException e) {
            throw new AssertionError(e);
        }
    }

    /** Something in the tree, or the top. */
    private static Branch changed(Branch base, RandomConfig configs, Random random) {
        Branch tree = base;
        for (int i = random.nextInt(6); i >= 0; i--) {
            tree = set(tree, configs.words());
        }
        List<Change> all = Diff.between(TestSchema.EMPTY, base);
        for (int i = random.nextInt(3); i > 0 && !all.isEmpty(); i--) {
            tree = tree.put(all.get(random.nextInt(all.size())).path(), null);
        }
        return tree;
    }

    private static boolean isWithin(List<String> path, List<String> above) {
        return path.size() >= above.size() && path.subList(0, above.size()).equals(above);
    }

    @Test
    @DisplayName(
            "12 what both sides changed apart from each other is all there; conflicts are told")
    void mergesWhatDoesNotConflict() {
        Random random = new Random(3);
        RandomConfig configs = new RandomConfig(random);
        int conflicts = 0;
        for (int i = 0; i < 400; i++) {
            Branch base = configs.tree(12);
            Branch ours = changed(base, configs, random);
            Branch theirs = changed(base, configs, random);
            Merge merge = Merge.of(base, ours, theirs);
            assertThat(Merge.of(base, ours, base)).isEqualTo(new Merge(ours, List.of()));
            assertThat(Merge.of(base, base, theirs)).isEqualTo(new Merge(theirs, List.of()));
            assertThat(Merge.of(base, ours, ours).tree()).isEqualTo(ours);
            // The other way round only conflicts differ, and who is last in an operator's order.
            if (merge.conflicts().isEmpty()) {
                assertThat(Diff.between(Merge.of(base, theirs, ours).tree(), merge.tree()))
                        .allMatch(Change.Reordered.class::isInstance);
            }
            Set<List<String>> wrong = new HashSet<>(merge.conflicts());
            for (Change change : Diff.between(base, ours)) {
                boolean isTold =
                        wrong.stream()
                                .anyMatch(it ->
                                        isWithin(it, change.path()) || isWithin(change.path(), it));
                Node there = merge.tree().find(change.path());
                if (change instanceof Change.Removed gone
                        && !isTold
                        && gone.node().schema().kind() != SchemaNode.Kind.CONTAINER
                        && gone.node().schema().kind() != SchemaNode.Kind.LIST) {
                    assertThat(there).as("%s", change.path()).isNull();
                } else if (change instanceof Change.Changed now
                        && !isTold
                        && now.after().schema().kind() == SchemaNode.Kind.LEAF) {
                    assertThat(there).isEqualTo(now.after());
                }
            }
            conflicts += merge.conflicts().size();
        }
        assertThat(conflicts).isPositive();
    }

    @Test
    @DisplayName("12 the first committer wins, and the other is told what was dropped")
    void theFirstCommitterWins() {
        Branch base = tree("set system host-name a", "set interfaces x mtu 1500");
        Branch ours = tree("set system host-name b", "set interfaces x description mine");
        Branch theirs = tree("set system host-name c", "set interfaces x mtu 9000");
        Merge merge = Merge.of(base, ours, theirs);
        assertThat(merge.tree())
                .isEqualTo(
                        tree(
                                "set system host-name c",
                                "set interfaces x mtu 9000",
                                "set interfaces x description mine"));
        assertThat(merge.conflicts())
                .containsExactly(List.of("system", "host-name"), List.of("interfaces", "x", "mtu"));
        Branch removed = tree("set system host-name a");
        assertThat(Merge.of(base, ours, removed).tree()).isEqualTo(tree("set system host-name b"));
        assertThat(Merge.of(base, ours, removed).conflicts())
                .containsExactly(List.of("interfaces", "x"));
    }

    @Test
    void valuesOfALeafListAreJoined() {
        String route = "set routing static route 10.0.0.0/8 next-hop ";
        Branch base = tree(route + "192.0.2.1", route + "192.0.2.2");
        Branch ours = tree(route + "192.0.2.1", route + "192.0.2.3");
        Branch theirs = tree(route + "192.0.2.1", route + "192.0.2.2", route + "192.0.2.4");
        assertThat(Merge.of(base, ours, theirs))
                .isEqualTo(
                        new Merge(
                                tree(route + "192.0.2.1", route + "192.0.2.3", route + "192.0.2.4"),
                                List.of()));
    }
}
