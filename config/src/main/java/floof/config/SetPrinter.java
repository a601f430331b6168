package floof.config;

import java.util.ArrayList;
import java.util.List;

/** Prints trees as {@code set} lines that {@link SetParser} reads back to the same tree. */
public final class SetPrinter {

    private SetPrinter() {}

    /**
     * @param path what each line starts with, from the root
     * @return lines that end with a newline
     */
    public static String print(Branch branch, List<String> path) {
        StringBuilder out = new StringBuilder();
        String prefix =
                "set "
                        + String.join(
                                "", path.stream().map(w -> TextPrinter.quoted(w) + " ").toList());
        if (branch.isEmpty() && branch.key() != null && !path.isEmpty()) {
            return out.append(prefix.stripTrailing()).append('\n').toString();
        }
        below(branch, prefix, out);
        return out.toString();
    }

    /** The lines of one statement below {@code path}. */
    public static String print(Statement statement, List<String> path) {
        StringBuilder out = new StringBuilder();
        statement(statement, prefix(path) + statement.name(), out);
        return out.toString();
    }

    private static String prefix(List<String> path) {
        return "set "
                + String.join("", path.stream().map(w -> TextPrinter.quoted(w) + " ").toList());
    }

    private static void below(Branch branch, String prefix, StringBuilder out) {
        for (Node child : branch.children()) {
            String line = prefix + TextPrinter.quoted(child.name());
            switch (child) {
                case Branch empty when empty.isEmpty() -> out.append(line).append('\n');
                case Branch below -> below(below, line + " ", out);
                case Statement statement -> statement(statement, line, out);
            }
        }
    }

    private static void statement(Statement statement, String line, StringBuilder out) {
        if (statement.values().isEmpty()) {
            out.append(line).append('\n');
        }
        for (Comparable<?> value : statement.values()) {
            out.append(line).append(' ').append(TextPrinter.quoted(value.toString())).append('\n');
        }
    }

    /** The words of {@code path} plus one. */
    static List<String> below(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }
}
