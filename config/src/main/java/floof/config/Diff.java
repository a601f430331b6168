package floof.config;

import floof.config.SchemaNode.Kind;
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
        int start = out.size();
        Branch.differences(
                before,
                after,
                (old, young) -> {
                    Node node = young == null ? Objects.requireNonNull(old) : young;
                    List<String> place = SetPrinter.below(path, node.name());
                    if (young == null) {
                        out.add(new Change.Removed(place, node));
                    } else if (old == null) {
                        out.add(new Change.Added(place, node));
                    } else {
                        both(old, young, place, out);
                    }
                    return true;
                });
        if (isReordered(before, after, out.subList(start, out.size()))) {
            out.add(new Change.Reordered(path, before, after));
        }
    }

    /**
     * True when {@code changes}, which append what came, do not give the order of {@code after}.
     */
    private static boolean isReordered(Branch before, Branch after, List<Change> changes) {
        if (Branch.sameOrder(before, after)) {
            return false;
        }
        List<String> order = new ArrayList<>();
        for (Branch old : before.entries()) {
            if (after.has(old.name())) {
                order.add(old.name());
            }
        }
        for (Change change : changes) {
            if (change instanceof Change.Added added && !before.has(added.node().name())) {
                order.add(added.node().name());
            }
        }
        return !order.equals(after.entries().stream().map(Branch::name).toList());
    }

    private static void both(Node old, Node young, List<String> path, List<Change> out) {
        boolean isMarked = !old.marks().equals(young.marks());
        if (old instanceof Statement a
                && young instanceof Statement b
                && !a.values().equals(b.values())) {
            out.add(new Change.Changed(path, a, b));
        } else if (isMarked) {
            out.add(new Change.Marked(path, old, young));
        }
        if (old instanceof Branch a && young instanceof Branch b) {
            walk(a, b, path, out);
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
     * The difference as {@code show | compare} prints it: a banner {@code [edit PATH]} per changed
     * level, then its lines with '+' or '-' in the first column; empty when equal. Below {@code
     * level} only.
     */
    public static String text(Branch before, Branch after, List<String> level) {
        StringBuilder out = new StringBuilder();
        List<String> banner = null;
        for (Change change : between(before, after)) {
            List<String> parent = parent(change.path());
            if (!starts(change.path(), level)) {
                continue;
            }
            if (!parent.equals(banner)) {
                out.append(banner(parent)).append('\n');
                banner = parent;
            }
            switch (change) {
                case Change.Marked marked ->
                        out.append("!   ").append(marked.after().name()).append('\n');
                case Change.Reordered list ->
                        out.append("!   ").append(list.after().name()).append('\n');
                case Change.Added added -> lines('+', added.node(), change.path(), out);
                case Change.Removed removed -> lines('-', removed.node(), change.path(), out);
                case Change.Changed(var path, var a, var b) -> {
                    lines('-', only(a, b), path, out);
                    lines('+', only(b, a), path, out);
                }
            }
        }
        return out.toString();
    }

    /** {@code [edit interfaces ge-0]}. */
    public static String banner(List<String> path) {
        return path.isEmpty() ? "[edit]" : "[edit " + String.join(" ", path) + "]";
    }

    /**
     * The level a statement is shown in: entries of lists that share a line with their name are in
     * the list's.
     */
    public static List<String> parent(List<String> path) {
        List<String> parent = path.subList(0, Math.max(0, path.size() - 1));
        SchemaNode schema = Schema.at(parent);
        boolean inline = schema != null && schema.kind() == Kind.LIST && !schema.isBlock();
        return inline ? parent.subList(0, parent.size() - 1) : parent;
    }

    private static boolean starts(List<String> path, List<String> level) {
        return path.size() >= level.size() && path.subList(0, level.size()).equals(level)
                || path.size() < level.size() && level.subList(0, path.size()).equals(path);
    }

    /** Of a leaf-list only the values that the other side lacks; a leaf as it is. */
    private static Statement only(Statement of, Statement other) {
        return of.schema().kind() == Kind.LEAF
                ? of
                : new Statement(
                        of.schema(),
                        of.values().stream().filter(v -> !other.values().contains(v)).toList());
    }

    private static void lines(char sign, Node node, List<String> path, StringBuilder out) {
        if (node instanceof Statement statement
                && statement.values().isEmpty()
                && statement.schema().kind() != Kind.FLAG) {
            return;
        }
        String prefix = "";
        if (node instanceof Branch branch && branch.schema().kind() == Kind.ENTRY) {
            prefix = inlineName(branch, path);
        }
        boolean first = true;
        for (String line : TextPrinter.print(node, 0).split("\n")) {
            out.append(sign).append("   ").append(first ? prefix : "").append(line).append('\n');
            first = false;
        }
    }

    private static String inlineName(Branch entry, List<String> path) {
        SchemaNode list = Schema.at(path.subList(0, path.size() - 1));
        return list == null || list.isBlock() || list.entry() != entry.schema()
                ? ""
                : list.name() + " ";
    }
}
