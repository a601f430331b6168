package floof.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        if (ours instanceof Branch a && theirs instanceof Branch b) {
            return branch(base instanceof Branch branch ? branch : null, a, b, path, conflicts);
        }
        if (ours instanceof Statement a
                && theirs instanceof Statement b
                && a.schema().kind() == SchemaNode.Kind.LEAF_LIST) {
            return values(base instanceof Statement before ? before.values() : List.of(), a, b);
        }
        conflicts.add(path);
        return theirs;
    }

    private static @Nullable Branch branch(
            @Nullable Branch base,
            Branch ours,
            Branch theirs,
            List<String> path,
            List<List<String>> conflicts) {
        Map<String, Node> names = new LinkedHashMap<>();
        ours.children().forEach(node -> names.put(node.name(), node));
        if (base != null) {
            base.children().forEach(node -> names.put(node.name(), node));
        }
        Branch merged = theirs;
        for (Map.Entry<String, Node> child : names.entrySet()) {
            String name = child.getKey();
            Node now = theirs.child(name);
            Node wanted =
                    node(
                            base == null ? null : base.child(name),
                            ours.child(name),
                            now,
                            SetPrinter.below(path, name),
                            conflicts);
            if (wanted != null) {
                merged = merged.with(wanted);
            } else if (now != null) {
                merged = merged.without(now);
            }
        }
        return merged.isEmpty() && merged.key() == null ? null : merged;
    }

    private static @Nullable Statement values(
            List<? extends Comparable<?>> base, Statement ours, Statement theirs) {
        TreeSet<Comparable<?>> values = new TreeSet<>(theirs.values());
        values.addAll(ours.values());
        for (Comparable<?> value : base) {
            if (!ours.values().contains(value) || !theirs.values().contains(value)) {
                values.remove(value);
            }
        }
        return values.isEmpty() ? null : new Statement(theirs.schema(), List.copyOf(values));
    }
}
