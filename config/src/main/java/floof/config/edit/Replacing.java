package floof.config.edit;

import floof.config.tree.Branch;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.Statement;
import floof.config.value.StatementException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Changes the text of keys and values everywhere below a place; keywords and secrets stay. */
public final class Replacing {

    private final UnaryOperator<String> change;
    private final List<String> path;

    private Replacing(UnaryOperator<String> change, List<String> path) {
        this.change = change;
        this.path = new ArrayList<>(path);
    }

    /**
     * @param change gives another text, or the same; asked once per key and value in display order
     * @throws StatementException when a new text is none of its type, names an entry that there is
     *     already, or would change what is protected
     */
    public static Branch of(Branch root, List<String> level, UnaryOperator<String> change)
            throws StatementException {
        Replacing replacing = new Replacing(change, level);
        return Edit.at(root, level, replacing::below);
    }

    private Branch below(Branch branch) throws StatementException {
        Branch result = branch;
        for (Node child : branch.children()) {
            path.add(child.name());
            result = changed(result, child);
            path.removeLast();
        }
        return result;
    }

    private Branch changed(Branch parent, Node child) throws StatementException {
        Comparable<?> key = child instanceof Branch branch ? branch.key() : null;
        String name = key == null ? "" : change.apply(child.name());
        Node young =
                switch (child) {
                    case Branch branch -> below(branch);
                    case Statement statement -> values(statement);
                };
        boolean isRenamed = key != null && !name.equals(child.name());
        if (child.marks().isProtected() && (young != child || isRenamed)) {
            throw error("is protected; 'unprotect' it first");
        }
        if (!isRenamed || key == null) {
            return parent.with(young);
        }
        Comparable<?> other = parse(child.schema(), name);
        if (parent.has(other.toString())) {
            throw error("'" + other + "' exists already");
        }
        Branch changed = parent.with(((Branch) young).as(other));
        if (parent.schema().isUserOrdered()) {
            changed = changed.behind(other, key);
        }
        return changed.without(child);
    }

    private Statement values(Statement statement) throws StatementException {
        if (statement.schema().isSecret()) {
            return statement; // its text is sealed: another one would be sealed anew as it is
        }
        List<Comparable<?>> values = new ArrayList<>();
        boolean isChanged = false;
        for (Comparable<?> value : statement.values()) {
            String text = change.apply(value.toString());
            boolean isSame = text.equals(value.toString());
            Comparable<?> young = isSame ? value : parse(statement.schema(), text);
            if (!values.contains(young)) {
                values.add(young);
            }
            isChanged |= !isSame;
        }
        if (!isChanged) {
            return statement;
        }
        return statement.with(
                statement.schema().isUserOrdered() ? values : values.stream().sorted().toList());
    }

    private Comparable<?> parse(SchemaNode schema, String text) throws StatementException {
        try {
            return schema.valueType().parse(text);
        } catch (IllegalArgumentException e) {
            throw error(Edit.clipped(Objects.toString(e.getMessage())));
        }
    }

    private StatementException error(String message) {
        return new StatementException(
                StatementException.Kind.INVALID, 0, String.join(" ", path) + ": " + message);
    }
}
