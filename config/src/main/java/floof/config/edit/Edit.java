package floof.config.edit;

import static floof.config.value.StatementException.Kind.INVALID;
import static floof.config.value.StatementException.Kind.MISSING;
import static floof.config.value.StatementException.Kind.REFUSED;
import static floof.config.value.StatementException.Kind.UNKNOWN;

import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.tree.Statement;
import floof.config.value.StatementException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes a tree by lines of words: {@code interfaces ge-0 mtu 1500}. Each change gives a new tree;
 * the old one stays. Words are full keywords. Thread: any.
 */
public final class Edit {

    /** Most values one line may give a leaf-list: one per prefix of a large network's list. */
    public static final int VALUES_MAX = 100_000;

    private final List<String> base;
    private final List<String> words;

    /**
     * @param base path of the branch that is changed, for messages
     */
    private Edit(List<String> base, List<String> words) {
        this.base = base;
        this.words = words;
    }

    /**
     * Sets what the words say: a leaf is replaced, a leaf-list gets further values ({@code [ a b ]}
     * several), a list entry comes to be. Several statements of the innermost level may follow each
     * other.
     */
    public static Branch set(Branch root, List<String> words) throws StatementException {
        return set(root, List.of(), words);
    }

    /**
     * Removes the subtree, or the single value of a leaf-list, that the words name. Returns {@code
     * root} itself when there is nothing of that name.
     */
    public static Branch delete(Branch root, List<String> words) throws StatementException {
        if (!words.isEmpty()) {
            return new Edit(List.of(), words).delete(root, 0);
        }
        if (isGuarded(root)) {
            throw new Edit(List.of(), List.of()).guarded(0);
        }
        return Branch.empty(root.schema());
    }

    /**
     * Changes the marks of the statement that the words name; values behind a leaf are not looked
     * at. Returns {@code root} itself when there is nothing of that name.
     */
    public static Branch mark(Branch root, List<String> words, UnaryOperator<Marks> change)
            throws StatementException {
        return new Edit(List.of(), words).mark(root, 0, change);
    }

    private Branch mark(Branch branch, int index, UnaryOperator<Marks> change)
            throws StatementException {
        if (index == words.size()) {
            throw missing(branch.schema());
        }
        SchemaNode schema = keyword(branch.schema(), index);
        Node node =
                schema.kind() == Kind.ENTRY
                        ? branch.entry(parse(schema, index))
                        : branch.child(schema.name());
        if (schema.isBranch() && (index < words.size() - 1 || !schema.isBlock())) {
            Branch below = node instanceof Branch there ? there : empty(branch, index);
            Branch changed = mark(below, index + 1, change);
            return changed == below ? branch : put(branch, changed, index);
        }
        if (node == null) {
            return branch;
        }
        Marks marks = change.apply(node.marks());
        if (marks.isProtected() && node.marks().isProtected() && !marks.equals(node.marks())) {
            throw guarded(index);
        }
        return branch.with(node.with(marks));
    }

    /** Removes everything below {@code path}; an entry stays, empty. */
    public static Branch clear(Branch root, List<String> path) throws StatementException {
        if (root.find(path) == null) {
            return root;
        }
        return at(
                root,
                path,
                branch -> {
                    for (Node child : branch.children()) {
                        if (isGuarded(child)) {
                            throw new Edit(path, List.of(child.name())).guarded(0);
                        }
                    }
                    return branch.bare();
                });
    }

    /** Those of {@code words} that name a statement, without its values. */
    public static List<String> named(SchemaNode schema, List<String> words) {
        SchemaNode at = schema;
        for (int i = 0; i < words.size(); i++) {
            SchemaNode child = at.child(words.get(i));
            if (child == null || !child.isBranch()) {
                return words.subList(0, i + 1);
            }
            at = child;
        }
        return words;
    }

    /** {@link #set} on the branch at {@code base}. */
    public static Branch set(Branch branch, List<String> base, List<String> words)
            throws StatementException {
        return new Edit(base, words).set(branch, 0);
    }

    /**
     * Makes every container and entry on the way from the branch at {@code base} and changes what
     * is there by {@code change}.
     */
    public static Branch at(Branch branch, List<String> base, List<String> words, Change change)
            throws StatementException {
        return new Edit(base, words).at(branch, 0, change);
    }

    /** The same at {@code path} of a root. */
    public static Branch at(Branch root, List<String> path, Change change)
            throws StatementException {
        return at(root, List.of(), path, change);
    }

    /** A change of a branch that may find mistakes. */
    public interface Change {
        Branch apply(Branch branch) throws StatementException;
    }

    private Branch at(Branch branch, int index, Change change) throws StatementException {
        if (index == words.size()) {
            return change.apply(branch);
        }
        Branch child = open(branch, index);
        return put(branch, at(child, index + 1, change), index);
    }

    /** The branch below that word {@code index} names, new if it is not there yet. */
    private Branch open(Branch branch, int index) throws StatementException {
        SchemaNode schema = keyword(branch.schema(), index);
        if (schema.kind() == Kind.ENTRY) {
            Comparable<?> key = parse(schema, index);
            Branch entry = branch.entry(key);
            return entry != null ? entry : Branch.entry(schema, key);
        }
        if (!schema.isBranch()) {
            throw new StatementException(
                    UNKNOWN, index, path(index + 1) + ": has no statements below it");
        }
        return branch.child(schema.name()) instanceof Branch child ? child : Branch.empty(schema);
    }

    /**
     * {@code parent} with a child that word {@code index} names. Empty containers and lists do not
     * exist; empty entries do.
     */
    private Branch put(Branch parent, Node child, int index) throws StatementException {
        Node old = parent.counterpart(child);
        if (old != null && old.marks().isProtected() && !old.equals(child)) {
            throw guarded(index);
        }
        if (child instanceof Branch branch && branch.isEmpty() && branch.key() == null) {
            return old == null ? parent : parent.without(old);
        }
        return parent.with(child);
    }

    private Branch remove(Branch parent, Node child, int index) throws StatementException {
        if (isGuarded(child)) {
            throw guarded(index);
        }
        return parent.without(child);
    }

    /** True when the node or anything below it is protected. */
    static boolean isGuarded(Node node) {
        if (!Branch.isSpecial(node)) {
            return false;
        }
        boolean guarded = node.marks().isProtected();
        if (node instanceof Branch branch) {
            for (Node child : branch.children()) {
                guarded = guarded || isGuarded(child);
            }
        }
        return guarded;
    }

    private StatementException guarded(int index) {
        return new StatementException(
                REFUSED, index, path(index + 1) + ": is protected; 'unprotect' it first");
    }

    private Branch set(Branch branch, int from) throws StatementException {
        Branch changed = branch;
        int index = from;
        if (index == words.size() && branch.key() == null) {
            throw missing(branch.schema());
        }
        while (index < words.size()) {
            if (keyword(changed.schema(), index).isBranch()) {
                return put(changed, set(open(changed, index), index + 1), index);
            }
            int place = index;
            SchemaNode schema = keyword(changed.schema(), index++);
            Statement old =
                    changed.child(schema.name()) instanceof Statement statement
                            ? statement
                            : new Statement(schema, List.of());
            if (schema.kind() == Kind.FLAG) {
                changed = changed.with(old);
                continue;
            }
            int end = valuesEnd(schema, index);
            List<Comparable<?>> values = values(schema, index, end);
            if (schema.kind() == Kind.LEAF_LIST) {
                values = joined(old, values, index);
            }
            changed = put(changed, old.with(values), place);
            index = end;
        }
        return changed;
    }

    /** Where the values that start at {@code from} end: behind the bracket or the one word. */
    private int valuesEnd(SchemaNode schema, int from) throws StatementException {
        if (from == words.size()) {
            throw missing(schema);
        }
        if (schema.kind() == Kind.LEAF || !words.get(from).equals("[")) {
            return from + 1;
        }
        int length = words.subList(from, words.size()).indexOf("]");
        if (length < 2) { // no bracket, or nothing before it
            throw missing(schema);
        }
        return from + length + 1;
    }

    private List<Comparable<?>> values(SchemaNode schema, int from, int end)
            throws StatementException {
        int brackets = end > from + 1 ? 1 : 0; // on either side
        List<Comparable<?>> values = new ArrayList<>();
        for (int i = from + brackets; i < end - brackets; i++) {
            values.add(parse(schema, i));
        }
        return values;
    }

    /** The values of a leaf-list and another, at the cost of copying them. */
    private static List<Comparable<?>> with(Statement old, Comparable<?> value) {
        List<Comparable<?>> values = new ArrayList<>(old.values());
        if (!old.schema().isUserOrdered()) {
            int place = Collections.binarySearch(values, value, Edit::compare);
            if (place < 0) {
                values.add(-place - 1, value);
            }
        } else if (!values.contains(value)) {
            values.add(value);
        }
        return values;
    }

    @SuppressWarnings("unchecked") // values of one leaf-list are of one class
    private static int compare(Comparable<?> a, Comparable<?> b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    /** The values of a leaf-list and those of the words, which begin at {@code from}. */
    private List<Comparable<?>> joined(Statement old, List<Comparable<?>> more, int from)
            throws StatementException {
        Collection<Comparable<?>> values;
        if (more.size() == 1) {
            values = with(old, more.getFirst()); // a file may have a line for each value
        } else {
            values = old.schema().isUserOrdered() ? new LinkedHashSet<>() : new TreeSet<>();
            values.addAll(old.values());
            values.addAll(more);
        }
        if (values.size() > VALUES_MAX) {
            throw error(INVALID, from, "more than " + VALUES_MAX + " values");
        }
        return List.copyOf(values);
    }

    private Branch delete(Branch branch, int index) throws StatementException {
        boolean last = index == words.size() - 1;
        SchemaNode child = keyword(branch.schema(), index);
        if (child.kind() == Kind.ENTRY) {
            Comparable<?> key = parse(child, index);
            return below(branch, branch.entry(key), index, last);
        }
        Node node = branch.child(child.name());
        if (last || child.isBranch()) {
            return below(branch, node, index, last);
        }
        if (child.kind() == Kind.FLAG) {
            throw error(UNKNOWN, index + 1, "takes no value");
        }
        int end = valuesEnd(child, index + 1);
        if (end < words.size()) {
            throw error(UNKNOWN, end, "nothing may follow this value");
        }
        Set<Comparable<?>> gone = new HashSet<>(values(child, index + 1, end));
        if (!(node instanceof Statement statement)) {
            return branch;
        }
        List<? extends Comparable<?>> left =
                statement.values().stream().filter(value -> !gone.contains(value)).toList();
        if (left.size() == statement.values().size()) {
            return branch;
        }
        return left.isEmpty()
                ? remove(branch, node, index)
                : put(branch, statement.with(left), index);
    }

    private Branch below(Branch branch, @Nullable Node node, int index, boolean last)
            throws StatementException {
        if (node == null) {
            if (!last) {
                delete(empty(branch, index), index + 1); // still refuse what the schema lacks
            }
            return branch;
        }
        if (last) {
            return remove(branch, node, index);
        }
        return put(branch, delete((Branch) node, index + 1), index);
    }

    private Branch empty(Branch branch, int index) throws StatementException {
        return open(Branch.empty(branch.schema()), index);
    }

    private SchemaNode keyword(SchemaNode schema, int index) throws StatementException {
        SchemaNode child = schema.child(words.get(index));
        if (child == null) {
            throw error(UNKNOWN, index, "unknown statement '" + clipped(words.get(index)) + "'");
        }
        return child;
    }

    private Comparable<?> parse(SchemaNode schema, int index) throws StatementException {
        try {
            return schema.valueType().parse(words.get(index));
        } catch (IllegalArgumentException e) {
            throw error(INVALID, index, clipped(String.valueOf(e.getMessage())));
        }
    }

    private StatementException missing(SchemaNode schema) {
        String expected =
                switch (schema.kind()) {
                    case LIST -> schema.entry().name();
                    case CONTAINER, ENTRY -> "a statement";
                    default -> schema.valueType().placeholder();
                };
        return error(MISSING, words.size(), "expected " + expected);
    }

    private StatementException error(StatementException.Kind kind, int index, String message) {
        return new StatementException(kind, index, path(index) + ": " + message);
    }

    /** The path before word {@code end}. */
    private String path(int end) {
        List<String> path = new ArrayList<>(base);
        path.addAll(words.subList(0, Math.min(end, 16)));
        return path.isEmpty() ? "configuration" : clipped(String.join(" ", path));
    }

    /** Messages stay readable whatever was typed. */
    public static String clipped(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
