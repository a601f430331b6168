package floof.config.text;

import floof.config.tree.Branch;
import floof.config.tree.Change;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.Statement;
import floof.config.tree.TextPrinter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prints differences: a banner {@code [edit PATH]} per changed level, then its lines. What came has
 * a '+' in the first column, what went a '-'. A '!' stands before a statement that was activated,
 * deactivated, protected or unprotected, and before one that has another place: directly behind the
 * line above it, or first when there is none. Statements without a sign are where they were.
 */
final class DiffPrinter {

    private final StringBuilder out = new StringBuilder();
    private List<String> banner = List.of("?");

    private final SchemaNode root;

    private DiffPrinter(SchemaNode root) {
        this.root = root;
    }

    static String print(SchemaNode root, List<Change> changes) {
        DiffPrinter printer = new DiffPrinter(root);
        changes.forEach(printer::change);
        return printer.out.toString();
    }

    private void change(Change change) {
        switch (change) {
            case Change.Added(var path, var node) -> lines('+', node, path);
            case Change.Removed(var path, var node) -> lines('-', node, path);
            case Change.Changed(var path, var before, var after) -> changed(path, before, after);
            case Change.Marked(var path, var before, var after) -> marked(path, before, after);
            case Change.Reordered(var path, var before, var after) ->
                    reordered(path, before, after);
        }
    }

    private void changed(List<String> path, Statement before, Statement after) {
        boolean isWhole =
                before.schema().kind() == Kind.LEAF
                        || before.schema().isUserOrdered()
                        || !before.marks().equals(after.marks());
        if (isWhole) {
            lines('-', before, path);
            lines('+', after, path);
        } else {
            // The annotation is not part of the change.
            Marks marks = before.marks().annotation("");
            some('-', before, after, marks, path);
            some('+', after, before, marks, path);
        }
    }

    /** Of a leaf-list the values that the other side lacks. */
    private void some(char sign, Statement of, Statement other, Marks marks, List<String> path) {
        Set<Comparable<?>> others = new HashSet<>(other.values());
        List<? extends Comparable<?>> values =
                of.values().stream().filter(value -> !others.contains(value)).toList();
        if (!values.isEmpty()) {
            lines(sign, new Statement(of.schema(), values, marks), path);
        }
    }

    private void marked(List<String> path, Node before, Node after) {
        level(path);
        String stub = stub(after, path);
        Marks old = before.marks();
        Marks young = after.marks();
        if (!old.annotation().equals(young.annotation())) {
            annotation('-', old);
            annotation('+', young);
            out.append("    ").append(stub);
        }
        if (old.inactive() != young.inactive()) {
            out.append("!   ").append(young.inactive() ? "inactive: " : "active: ").append(stub);
        }
        if (old.isProtected() != young.isProtected()) {
            String tag = young.isProtected() ? "protect: " : "unprotect: ";
            out.append("!   ").append(tag).append(stub);
        }
    }

    private void annotation(char sign, Marks marks) {
        if (!marks.annotation().isEmpty()) {
            String before = sign + "   ";
            out.append(before).append(marks.comment(before)).append('\n');
        }
    }

    /** Each entry that moved behind the one it follows now; those that kept their order stay. */
    private void reordered(List<String> path, Branch before, Branch after) {
        List<Branch> wanted = after.entries();
        Set<String> kept = kept(Diff.order(before, after), wanted);
        Branch previous = null;
        boolean isShown = false;
        for (Branch entry : wanted) {
            List<String> place = Node.below(path, entry.name());
            boolean moves = !kept.contains(entry.name());
            if (moves) {
                level(place);
                if (previous != null && !isShown) {
                    out.append("    ").append(stub(previous, Node.below(path, previous.name())));
                }
                out.append("!   ").append(stub(entry, place));
            }
            isShown = moves;
            previous = entry;
        }
    }

    /** A longest sequence of names that both orders share. */
    private static Set<String> kept(List<String> order, List<Branch> wanted) {
        Map<String, Integer> places = new HashMap<>();
        wanted.forEach(entry -> places.put(entry.name(), places.size()));
        int[] ends =
                new int[order.size()]; // by length: where the sequence with the lowest end ends
        int[] links = new int[order.size()];
        int[] values = order.stream().mapToInt(name -> places.getOrDefault(name, 0)).toArray();
        int length = 0;
        for (int i = 0; i < values.length; i++) {
            int low = 0;
            int high = length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (values[ends[middle]] < values[i]) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            links[i] = low == 0 ? -1 : ends[low - 1];
            ends[low] = i;
            length = Math.max(length, low + 1);
        }
        Set<String> kept = new HashSet<>();
        for (int i = length == 0 ? -1 : ends[length - 1]; i >= 0; i = links[i]) {
            kept.add(order.get(i));
        }
        return kept;
    }

    private void level(List<String> path) {
        List<String> parent = Diff.parent(root, path);
        if (!parent.equals(banner)) {
            out.append(Diff.banner(parent)).append('\n');
            banner = parent;
        }
    }

    private void lines(char sign, Node node, List<String> path) {
        level(path);
        String text = TextPrinter.print(node, 0, inline(path));
        Arrays.stream(text.split("\n"))
                .forEach(line -> out.append(sign).append("   ").append(line).append('\n'));
    }

    private String stub(Node node, List<String> path) {
        return switch (node) {
            case Statement statement -> TextPrinter.line(statement) + "\n";
            case Branch branch ->
                    inline(path)
                            + TextPrinter.quoted(branch.name())
                            + (branch.isEmpty() ? ";\n" : " { ... }\n");
        };
    }

    /** What stands before the key of an entry whose list has no block of its own. */
    private String inline(List<String> path) {
        SchemaNode above = root.at(path.subList(0, path.size() - 1));
        return above == null || above.isBlock() ? "" : above.name() + " ";
    }
}
