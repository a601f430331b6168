package floof.config;

import floof.config.SchemaNode.Kind;
import java.util.List;

/** Prints trees as nested text: four spaces per level, {@code name value;}, blocks in braces. */
public final class TextPrinter {

    private final StringBuilder out = new StringBuilder();

    private TextPrinter() {}

    /** What is below {@code branch}; each line ends with a newline. */
    public static String print(Branch branch) {
        TextPrinter printer = new TextPrinter();
        boolean inline = branch.schema().kind() == Kind.LIST && !branch.schema().isBlock();
        printer.below(branch, 0, inline ? branch.name() + " " : "");
        return printer.out.toString();
    }

    /** One statement or block as it stands in its parent, indented by {@code depth} levels. */
    static String print(Node node, int depth) {
        TextPrinter printer = new TextPrinter();
        printer.node(node, depth, "");
        return printer.out.toString();
    }

    private void below(Branch branch, int depth, String prefix) {
        for (Node child : branch.children()) {
            node(child, depth, prefix);
        }
    }

    private void node(Node node, int depth, String prefix) {
        if (node instanceof Branch list
                && list.schema().kind() == Kind.LIST
                && !list.schema().isBlock()) {
            below(list, depth, list.name() + " ");
            return;
        }
        if (!node.marks().annotation().isEmpty()) {
            indent(depth).append("/* ").append(node.marks().annotation()).append(" */\n");
        }
        indent(depth).append(tags(node.marks()));
        switch (node) {
            case Statement statement -> out.append(line(statement)).append('\n');
            case Branch branch -> {
                out.append(prefix).append(quoted(branch.name()));
                if (branch.isEmpty()) {
                    out.append(";\n");
                } else {
                    out.append(" {\n");
                    below(branch, depth + 1, "");
                    indent(depth).append("}\n");
                }
            }
        }
    }

    /** What stands before a statement. */
    static String tags(Marks marks) {
        return (marks.isProtected() ? "protect: " : "") + (marks.inactive() ? "inactive: " : "");
    }

    private StringBuilder indent(int depth) {
        return out.repeat("    ", depth);
    }

    /** {@code name value;} */
    static String line(Statement statement) {
        List<String> values = statement.values().stream().map(v -> quoted(v.toString())).toList();
        if (statement.schema().isSecret()) {
            return statement.name() + " \"" + statement.values().getFirst() + "\"; ## SECRET-DATA";
        }
        return switch (values.size()) {
            case 0 -> statement.name() + ";";
            case 1 -> statement.name() + " " + values.getFirst() + ";";
            default -> statement.name() + " [ " + String.join(" ", values) + " ];";
        };
    }

    /** The word as it must be written to be read back as one word. */
    public static String quoted(String word) {
        boolean plain = !word.isEmpty() && !word.contains("/*");
        for (int i = 0; i < word.length() && plain; i++) {
            char c = word.charAt(i);
            plain = c > ' ' && c < 0x7f && "\"'\\{}[];#|".indexOf(c) < 0;
        }
        return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
