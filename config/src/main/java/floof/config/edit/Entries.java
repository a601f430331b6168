package floof.config.edit;

import static floof.config.value.StatementException.Kind.INVALID;
import static floof.config.value.StatementException.Kind.REFUSED;
import static floof.config.value.StatementException.Kind.UNKNOWN;

import floof.config.tree.Branch;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.Statement;
import floof.config.value.StatementException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives entries of lists other keys and places. Each change gives a new tree; the old one stays.
 */
public final class Entries {

    private Entries() {}

    /**
     * The entry at {@code path} has another key, in the same place of an operator's order.
     *
     * @throws StatementException when there is no such entry, or one of that key already
     */
    public static Branch rename(Branch root, List<String> path, String to)
            throws StatementException {
        return again(root, path, to, true);
    }

    /** As {@link #rename}, but the entry stays and its copy is not protected. */
    public static Branch copy(Branch root, List<String> path, String to) throws StatementException {
        return again(root, path, to, false);
    }

    private static Branch again(Branch root, List<String> path, String to, boolean isMove)
            throws StatementException {
        if (path.isEmpty() || kind(root, path) != Kind.ENTRY) {
            throw error(INVALID, path, "is not a list entry");
        }
        List<String> parent = path.subList(0, path.size() - 1);
        return Edit.at(
                root,
                parent,
                list -> {
                    Branch entry = list.branch(path.getLast());
                    if (entry == null) {
                        throw error(UNKNOWN, path, "statement not found");
                    }
                    if (list.has(to)) {
                        throw error(INVALID, path, "'" + to + "' exists already");
                    }
                    if (isMove && Edit.isGuarded(entry)) {
                        throw error(REFUSED, path, "is protected; 'unprotect' it first");
                    }
                    Comparable<?> key = key(entry.schema(), path, to);
                    // What moves is not protected anyway.
                    Branch other = entry.as(key).with(entry.marks().isProtected(false));
                    Branch changed = list.with(other);
                    if (list.schema().isUserOrdered()) {
                        changed = changed.behind(key, key(entry));
                    }
                    return isMove ? changed.without(entry) : changed;
                });
    }

    /**
     * Puts the entry, or the value of a leaf-list, that {@code path} ends with directly before or
     * behind another.
     *
     * @throws StatementException when either is not there, or the order is not the operator's
     */
    public static Branch insert(Branch root, List<String> path, boolean before, String other)
            throws StatementException {
        List<String> parent = path.isEmpty() ? path : path.subList(0, path.size() - 1);
        SchemaNode schema = root.schema().at(parent);
        if (path.isEmpty() || schema == null || !schema.isUserOrdered()) {
            throw error(INVALID, path, "cannot be reordered");
        }
        if (schema.kind() == Kind.LEAF_LIST) {
            return Edit.at(
                    root,
                    parent.subList(0, parent.size() - 1),
                    branch -> values(branch, path, before, other));
        }
        return Edit.at(
                root,
                parent,
                list -> {
                    Branch entry = list.branch(path.getLast());
                    Branch anchor = list.branch(other);
                    if (entry == null || anchor == null || entry == anchor) {
                        throw error(UNKNOWN, path, "statement not found");
                    }
                    return before
                            ? list.before(key(entry), key(anchor))
                            : list.behind(key(entry), key(anchor));
                });
    }

    /**
     * Puts the entry at {@code path} before all others.
     *
     * @throws StatementException when it is not there, or the order is not the operator's
     */
    public static Branch first(Branch root, List<String> path) throws StatementException {
        List<String> parent = path.isEmpty() ? path : path.subList(0, path.size() - 1);
        Branch list = root.find(parent) instanceof Branch branch ? branch : null;
        Branch first = list == null || list.entries().isEmpty() ? null : list.entries().getFirst();
        boolean isFirst = first != null && first.name().equals(path.getLast());
        return first == null || isFirst ? root : insert(root, path, true, first.name());
    }

    private static Branch values(Branch branch, List<String> path, boolean before, String other)
            throws StatementException {
        if (branch.child(path.get(path.size() - 2)) instanceof Statement statement) {
            List<Comparable<?>> values = new ArrayList<>(statement.values());
            Comparable<?> value = key(statement.schema(), path, path.getLast());
            Comparable<?> anchor = key(statement.schema(), path, other);
            if (values.remove(value) && values.contains(anchor)) {
                values.add(values.indexOf(anchor) + (before ? 0 : 1), value);
                return branch.with(statement.with(values));
            }
        }
        throw error(UNKNOWN, path, "statement not found");
    }

    private static @Nullable Kind kind(Branch root, List<String> path) {
        SchemaNode schema = root.schema().at(path);
        return schema == null ? null : schema.kind();
    }

    private static Comparable<?> key(Branch entry) {
        return Objects.requireNonNull(entry.key());
    }

    private static Comparable<?> key(SchemaNode schema, List<String> path, String text)
            throws StatementException {
        try {
            return schema.valueType().parse(text);
        } catch (IllegalArgumentException e) {
            throw error(INVALID, path, Edit.clipped(String.valueOf(e.getMessage())));
        }
    }

    private static StatementException error(
            StatementException.Kind kind, List<String> path, String message) {
        String where = path.isEmpty() ? "configuration" : Edit.clipped(String.join(" ", path));
        return new StatementException(kind, Math.max(0, path.size() - 1), where + ": " + message);
    }
}
