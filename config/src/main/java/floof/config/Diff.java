package floof.config;

import floof.config.SchemaNode.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        if (before == after) {
            return;
        }
        Iterator<Node> olds = before.children().iterator();
        Iterator<Node> news = after.children().iterator();
        Node old = next(olds);
        Node young = next(news);
        while (old != null || young != null) {
            int order = old == null ? 1 : young == null ? -1 : Branch.order(old, young);
            if (order < 0 && old != null) {
                out.add(new Change.Removed(SetPrinter.below(path, old.name()), old));
                old = next(olds);
            } else if (order > 0 && young != null) {
                out.add(new Change.Added(SetPrinter.below(path, young.name()), young));
                young = next(news);
            } else if (old != null && young != null) {
                both(old, young, SetPrinter.below(path, old.name()), out);
                old = next(olds);
                young = next(news);
            }
        }
    }

    private static void both(Node old, Node young, List<String> path, List<Change> out) {
        if (old instanceof Branch a && young instanceof Branch b) {
            walk(a, b, path, out);
        } else if (old instanceof Statement a && young instanceof Statement b && !a.equals(b)) {
            out.add(new Change.Changed(path, a, b));
        }
    }

    private static @Nullable Node next(Iterator<Node> nodes) {
        return nodes.hasNext() ? nodes.next() : null;
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
        };
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
