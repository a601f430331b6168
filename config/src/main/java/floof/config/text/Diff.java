package floof.config.text;

import floof.config.tree.Branch;
import floof.config.tree.Change;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Differences between two trees, in display order; shared subtrees are skipped unread. */
public final class Diff {

    private Diff() {}

    /** What turns {@code before} into {@code after}; both are roots. */
    public static List<Change> between(Branch before, Branch after) {
        List<Change> changes = new ArrayList<>();
        walk(before, after, List.of(), changes);
        return changes;
    }

    private static void walk(Branch before, Branch after, List<String> path, List<Change> out) {
        Branch.differences(
                before,
                after,
                (old, young) -> {
                    Node node = young == null ? Objects.requireNonNull(old) : young;
                    List<String> place = Node.below(path, node.name());
                    if (young == null) {
                        out.add(new Change.Removed(place, node));
                    } else if (old == null) {
                        out.add(new Change.Added(place, node));
                    } else {
                        both(old, young, place, out);
                    }
                    return true;
                });
        if (isReordered(before, after)) {
            out.add(new Change.Reordered(path, before, after));
        }
    }

    /**
     * True when {@code changes}, which append what came, do not give the order of {@code after}.
     */
    private static boolean isReordered(Branch before, Branch after) {
        if (Branch.sameOrder(before, after)) {
            return false;
        }
        return !order(before, after).equals(after.entries().stream().map(Branch::name).toList());
    }

    /** Names of the entries of {@code after}, in the order that adding and removing alone gives. */
    static List<String> order(Branch before, Branch after) {
        List<String> order = new ArrayList<>();
        before.entries().forEach(old -> order.add(old.name()));
        order.removeIf(name -> !after.has(name));
        Branch.differences(
                before,
                after,
                (old, young) -> {
                    if (old == null && young instanceof Branch entry) {
                        order.add(entry.name());
                    }
                    return true;
                });
        return order;
    }

    private static void both(Node old, Node young, List<String> path, List<Change> out) {
        boolean isMarked = !old.marks().equals(young.marks());
        switch (young) {
            case Statement after when old instanceof Statement before -> {
                if (!before.values().equals(after.values())) {
                    out.add(new Change.Changed(path, before, after));
                } else if (isMarked) {
                    out.add(new Change.Marked(path, old, young));
                }
            }
            case Branch after when old instanceof Branch before -> {
                if (isMarked) {
                    out.add(new Change.Marked(path, old, young));
                }
                walk(before, after, path, out);
            }
            default -> throw new IllegalStateException(path + " is of two kinds");
        }
    }

    /** The tree that {@code changes} make of {@code root}. */
    public static Branch apply(Branch root, List<Change> changes) {
        Branch tree = root;
        for (Change change : changes) {
            tree = apply(tree, change, 0);
        }
        return tree;
    }

    private static Branch apply(Branch branch, Change change, int depth) {
        String name = change.path().get(depth);
        if (depth < change.path().size() - 1) {
            Branch child = branch.branch(name);
            if (child == null) {
                throw new IllegalArgumentException(
                        "no " + String.join(" ", change.path()) + " to change");
            }
            return branch.with(apply(child, change, depth + 1));
        }
        return switch (change) {
            case Change.Added added -> branch.with(added.node());
            case Change.Removed removed -> branch.without(removed.node());
            case Change.Changed changed -> branch.with(changed.after());
            case Change.Marked marked ->
                    branch.with(
                            Objects.requireNonNull(branch.child(name))
                                    .with(marked.after().marks()));
            case Change.Reordered reordered ->
                    branch.with(ordered(branch, name, reordered.after()));
        };
    }

    private static Branch ordered(Branch parent, String name, Branch as) {
        Branch list = Objects.requireNonNull(parent.branch(name));
        Comparable<?> last = null;
        for (Branch entry : as.entries()) {
            Comparable<?> key = Objects.requireNonNull(entry.key());
            if (list.has(entry.name())) {
                list = list.behind(key, last);
                last = key;
            }
        }
        return list;
    }

    /**
     * The difference as {@code show | compare} prints it, and {@link PatchParser} reads it; empty
     * when equal. Below {@code level} only.
     */
    public static String text(Branch before, Branch after, List<String> level) {
        return DiffPrinter.print(
                after.schema(),
                between(before, after).stream()
                        .filter(change -> starts(change.path(), level))
                        .toList());
    }

    /** {@code [edit interfaces ge-0]}. */
    public static String banner(List<String> path) {
        return path.isEmpty() ? "[edit]" : "[edit " + String.join(" ", path) + "]";
    }

    /**
     * The level a statement is shown in: entries of lists that share a line with their name are in
     * the list's.
     */
    public static List<String> parent(SchemaNode root, List<String> path) {
        List<String> parent = path.subList(0, Math.max(0, path.size() - 1));
        SchemaNode schema = root.at(parent);
        boolean isBlock = schema == null || schema.isBlock();
        return isBlock ? parent : parent.subList(0, parent.size() - 1);
    }

    /** Whether one of them begins with the other. */
    private static boolean starts(List<String> path, List<String> level) {
        int shared = Math.min(path.size(), level.size());
        return path.subList(0, shared).equals(level.subList(0, shared));
    }
}
