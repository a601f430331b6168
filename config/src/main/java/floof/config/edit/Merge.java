package floof.config.edit;

import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Joins what two sides made of one configuration. What only one side changed is taken from it;
 * values that both gave to or took from a leaf-list are joined; of what both changed otherwise, or
 * one removed and the other changed, {@code theirs} stays and the path is a conflict.
 *
 * @param conflicts paths at which {@code ours} was left out
 */
public record Merge(Branch tree, List<List<String>> conflicts) {

    /** Joins them; all three are roots. */
    public static Merge of(Branch base, Branch ours, Branch theirs) {
        List<List<String>> conflicts = new ArrayList<>();
        Node merged = node(base, ours, theirs, List.of(), conflicts);
        return new Merge(
                merged instanceof Branch tree ? tree : Branch.empty(base.schema()),
                List.copyOf(conflicts));
    }

    private static @Nullable Node node(
            @Nullable Node base,
            @Nullable Node ours,
            @Nullable Node theirs,
            List<String> path,
            List<List<String>> conflicts) {
        if (Objects.equals(ours, theirs) || Objects.equals(ours, base)) {
            return theirs;
        }
        if (Objects.equals(theirs, base)) {
            return ours;
        }
        Branch a = orEmpty(ours, base);
        Branch b = orEmpty(theirs, base);
        if (a != null && b != null) {
            return branch(base instanceof Branch branch ? branch : null, a, b, path, conflicts);
        }
        if (ours instanceof Statement mine
                && theirs instanceof Statement other
                && mine.schema().kind() == SchemaNode.Kind.LEAF_LIST
                && !mine.schema().isUserOrdered()
                && mine.marks().equals(other.marks())) {
            return values(
                    base instanceof Statement before ? before.values() : List.of(), mine, other);
        }
        conflicts.add(path);
        return theirs;
    }

    /** Containers and lists that are not there are empty ones; an entry was removed. */
    private static @Nullable Branch orEmpty(@Nullable Node node, @Nullable Node base) {
        if (node == null && base instanceof Branch was && was.key() == null) {
            return Branch.empty(was.schema());
        }
        return node instanceof Branch branch ? branch : null;
    }

    private static @Nullable Branch branch(
            @Nullable Branch base,
            Branch ours,
            Branch theirs,
            List<String> path,
            List<List<String>> conflicts) {
        Set<String> names = new LinkedHashSet<>();
        for (Branch side : List.of(theirs, ours, base == null ? ours : base)) {
            side.children().forEach(node -> names.add(node.name()));
        }
        Branch was = base == null ? theirs.bare() : base;
        Branch merged = (isOrderOurs(was, ours, theirs) ? ours : theirs).with(theirs.marks());
        if (!ours.marks().equals(was.marks()) && !ours.marks().equals(theirs.marks())) {
            if (theirs.marks().equals(was.marks())) {
                merged = merged.with(ours.marks());
            } else {
                conflicts.add(path);
            }
        }
        for (String name : names) {
            Node now = merged.child(name);
            Node wanted =
                    node(
                            was.child(name),
                            ours.child(name),
                            theirs.child(name),
                            Node.below(path, name),
                            conflicts);
            if (wanted != null) {
                merged = merged.with(wanted);
            } else if (now != null) {
                merged = merged.without(now);
            }
        }
        boolean isNothing = merged.isEmpty() && merged.key() == null;
        return isNothing && merged.marks().equals(Marks.NONE) ? null : merged;
    }

    /** In an operator's order it is that of who changed it; of two, theirs. */
    private static boolean isOrderOurs(Branch was, Branch ours, Branch theirs) {
        return !Branch.sameOrder(ours, theirs) && Branch.sameOrder(was, theirs);
    }

    private static @Nullable Statement values(
            List<? extends Comparable<?>> base, Statement ours, Statement theirs) {
        Set<Comparable<?>> values =
                theirs.schema().isUserOrdered() ? new LinkedHashSet<>() : new TreeSet<>();
        values.addAll(theirs.values());
        values.addAll(ours.values());
        for (Comparable<?> value : base) {
            if (!ours.values().contains(value) || !theirs.values().contains(value)) {
                values.remove(value);
            }
        }
        return values.isEmpty() ? null : theirs.with(List.copyOf(values));
    }
}
