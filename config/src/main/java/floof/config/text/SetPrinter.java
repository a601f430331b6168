package floof.config.text;

import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.Statement;
import floof.config.tree.TextPrinter;
import java.util.List;

/** Prints trees as {@code set} lines that {@link SetParser} reads back to the same tree. */
public final class SetPrinter {

    private final StringBuilder out = new StringBuilder();

    /** Words down to the statement at hand, with a space behind each level. */
    private final StringBuilder path = new StringBuilder();

    private final boolean isExplicit;

    private SetPrinter(List<String> path, boolean isExplicit) {
        this.isExplicit = isExplicit;
        path.forEach(word -> this.path.append(TextPrinter.quoted(word)).append(' '));
    }

    /**
     * What is below {@code branch}, and the entry itself when it is one.
     *
     * @param path what each line starts with, from the root
     * @param isExplicit with a line for each entry, also when it has statements
     * @return lines that end with a newline
     */
    public static String print(Branch branch, List<String> path, boolean isExplicit) {
        SetPrinter printer = new SetPrinter(path, isExplicit);
        if (branch.isEmpty() && branch.key() != null && !path.isEmpty()) {
            printer.out.append("set ").append(printer.path.toString().stripTrailing()).append('\n');
        }
        printer.below(branch);
        return printer.out.toString();
    }

    /** The lines of one statement below {@code path}. */
    public static String print(Statement statement, List<String> path) {
        SetPrinter printer = new SetPrinter(path, false);
        printer.node(statement);
        return printer.out.toString();
    }

    private void below(Branch branch) {
        for (Node child : branch.children()) {
            node(child);
        }
    }

    private void node(Node node) {
        int parent = path.length();
        path.append(TextPrinter.quoted(node.name()));
        switch (node) {
            case Branch empty when empty.isEmpty() -> line("set", "");
            case Branch branch -> {
                if (isExplicit && branch.key() != null) {
                    line("set", "");
                }
                path.append(' ');
                below(branch);
                path.setLength(path.length() - 1);
            }
            case Statement flag when flag.values().isEmpty() -> line("set", "");
            case Statement statement -> {
                for (Comparable<?> value : statement.values()) {
                    line("set", TextPrinter.quoted(value.toString()));
                }
            }
        }
        if (node.marks() != Marks.NONE) {
            marks(node.marks(), parent);
        }
        path.setLength(parent);
    }

    private void line(String verb, String value) {
        out.append(verb).append(' ').append(path);
        if (!value.isEmpty()) {
            out.append(' ').append(value);
        }
        out.append('\n');
    }

    /** Annotations are made at the level of the statement, which is up to {@code parent}. */
    private void marks(Marks marks, int parent) {
        if (!marks.annotation().isEmpty()) {
            String level = path.substring(0, parent).stripTrailing();
            out.append(level.isEmpty() ? "" : "edit " + level + "\n")
                    .append("annotate ")
                    .append(path, parent, path.length())
                    .append(' ')
                    .append(TextPrinter.quoted(Marks.escaped(marks.annotation())))
                    .append(level.isEmpty() ? "\n" : "\ntop\n");
        }
        if (marks.inactive()) {
            line("deactivate", "");
        }
        if (marks.isProtected()) {
            line("protect", "");
        }
    }
}
