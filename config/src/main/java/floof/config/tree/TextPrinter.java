package floof.config.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Prints trees as nested text: four spaces per level, {@code name value;}, blocks in braces. */
public final class TextPrinter {

    /** How it is said that a statement comes from a group. */
    public enum Origin {
        /** Three lines above it. */
        BLOCK,
        /** One line above it. */
        BRIEF,
        /** Behind it. */
        TERSE,
        /** Not at all. */
        NONE
    }

    /**
     * What else is printed.
     *
     * @param depth levels of blocks that are opened; what is deeper is {@code { ... }}
     * @param hasDetails what the schema knows of each statement, as comments above it
     */
    public record Style(int depth, boolean hasDetails) {

        /** The form that is read back. */
        public static final Style PLAIN = new Style(Integer.MAX_VALUE, false);
    }

    private final StringBuilder out = new StringBuilder();
    private final Style style;
    private final Map<Node, Map<String, String>> origins;
    private final Origin origin;

    private TextPrinter(Style style, Map<Node, Map<String, String>> origins, Origin origin) {
        this.style = style;
        this.origins = origins;
        this.origin = origin;
    }

    /** What is below {@code branch}; each line ends with a newline. */
    public static String print(Branch branch) {
        return print(branch, Style.PLAIN);
    }

    /** The same in another style, which may be meant for people only. */
    public static String print(Node node, Style style) {
        return new TextPrinter(style, Map.of(), Origin.NONE).whole(node);
    }

    /**
     * What is at {@code path} of a root, as it works: with what groups give, and where it is from.
     *
     * @param hasDefaults with the values that hold because nothing is said
     * @param visible leaves out what the reader may not see: there are defaults of that, too
     */
    public static String inherited(
            Branch root,
            List<String> path,
            boolean hasDefaults,
            Origin origin,
            Style style,
            UnaryOperator<Branch> visible) {
        Map<Node, Map<String, String>> origins = Inheritance.origins();
        Branch tree = visible.apply(Inheritance.effective(root, hasDefaults, origins));
        Node node = tree.find(path);
        return node == null ? "" : new TextPrinter(style, origins, origin).whole(node);
    }

    /** One statement or block as it stands in its parent behind {@code prefix}. */
    public static String print(Node node, int depth, String prefix) {
        TextPrinter printer = new TextPrinter(Style.PLAIN, Map.of(), Origin.NONE);
        printer.node(node, depth, prefix);
        return printer.out.toString();
    }

    private String whole(Node node) {
        if (node instanceof Branch branch) {
            below(branch, 0, branch.schema().isBlock() ? "" : branch.name() + " ");
        } else {
            node(node, 0, "");
        }
        return out.toString();
    }

    private void below(Branch branch, int depth, String prefix) {
        for (Node child : branch.children()) {
            node(child, depth, prefix);
        }
    }

    private void node(Node node, int depth, String prefix) {
        if (node instanceof Branch list && !list.schema().isBlock()) {
            below(list, depth, list.name() + " ");
            return;
        }
        Map<String, String> groups = origins.get(node);
        notes(node, groups, depth);
        if (!node.marks().annotation().isEmpty()) {
            String before = " ".repeat(4 * depth);
            out.append(before).append(node.marks().comment(before)).append('\n');
        }
        indent(depth).append(tags(node.marks()));
        String behind = groups != null && origin == Origin.TERSE ? from(groups) : "";
        switch (node) {
            case Statement statement -> {
                line(statement, out);
                out.append(behind).append('\n');
            }
            case Branch branch -> {
                out.append(prefix).append(quoted(branch.name()));
                if (branch.isEmpty()) {
                    out.append(';').append(behind).append('\n');
                } else if (depth >= style.depth()) {
                    out.append(" { ... }").append(behind).append('\n');
                } else {
                    out.append(" {").append(behind).append('\n');
                    below(branch, depth + 1, "");
                    indent(depth).append("}\n");
                }
            }
        }
    }

    private void notes(Node node, @Nullable Map<String, String> groups, int depth) {
        List<String> notes = new ArrayList<>();
        if (style.hasDetails()) {
            notes.add("");
            notes.addAll(details(node.schema()));
        }
        if (groups != null && (origin == Origin.BLOCK || origin == Origin.BRIEF)) {
            if (origin == Origin.BLOCK && notes.isEmpty()) {
                notes.add("");
            }
            groups.forEach((word, group) ->
                    notes.add("'" + word + "' was inherited from group '" + group + "'"));
        }
        if (!notes.isEmpty() && notes.getFirst().isEmpty()) {
            notes.add("");
        }
        for (String note : notes) {
            indent(depth).append(note.isEmpty() ? "##" : "## ").append(note).append('\n');
        }
    }

    private static String from(Map<String, String> groups) {
        return " ## inherited from group '"
                + String.join("', '", groups.values().stream().distinct().toList())
                + "'";
    }

    private static List<String> details(SchemaNode schema) {
        List<String> details = new ArrayList<>();
        details.add(schema.name() + ": " + schema.help());
        if (schema.type() != null) {
            details.add("expected: " + schema.valueType().expectation());
        }
        if (schema.fallback() != null) {
            details.add("default: " + schema.fallback());
        }
        if (!schema.isBranch()) {
            details.add("a change disturbs: " + schema.disturbance().text());
        }
        return details;
    }

    /** What stands before a statement. */
    static String tags(Marks marks) {
        return (marks.isProtected() ? "protect: " : "") + (marks.inactive() ? "inactive: " : "");
    }

    private StringBuilder indent(int depth) {
        return out.repeat("    ", depth);
    }

    /** {@code name value;} */
    public static String line(Statement statement) {
        StringBuilder line = new StringBuilder();
        line(statement, line);
        return line.toString();
    }

    private static void line(Statement statement, StringBuilder out) {
        out.append(statement.name());
        if (statement.schema().isSecret()) {
            out.append(" \"").append(statement.values().getFirst()).append("\"; ## SECRET-DATA");
            return;
        }
        boolean isMany = statement.values().size() > 1;
        out.append(isMany ? " [" : "");
        for (Comparable<?> value : statement.values()) {
            out.append(' ').append(quoted(value.toString()));
        }
        out.append(isMany ? " ];" : ";");
    }

    /** The word as it must be written to be read back as one word. */
    public static String quoted(String word) {
        boolean plain = !word.isEmpty() && !word.contains("/*");
        String signs = plain && word.charAt(0) == '<' ? "\"'\\{};#|" : "\"'\\{}[];#|";
        for (int i = 0; i < word.length() && plain; i++) {
            char c = word.charAt(i);
            plain = c > ' ' && c < 0x7f && signs.indexOf(c) < 0;
        }
        return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
