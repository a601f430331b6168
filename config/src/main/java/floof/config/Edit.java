package floof.config;

import floof.config.SchemaNode.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Changes a tree by lines of words: {@code interfaces ge-0 mtu 1500}. Each change gives a new tree;
 * the old one stays. Words are full keywords. Thread: any.
 */
public final class Edit {

    /** Most values one line may give a leaf-list: one per prefix of a large network's list. */
    static final int VALUES_MAX = 100_000;

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
        if (words.isEmpty()) {
            return Branch.empty(root.schema());
        }
        return new Edit(List.of(), words).delete(root, 0);
    }

    /** {@link #set} on the branch at {@code base}. */
    static Branch set(Branch branch, List<String> base, List<String> words)
            throws StatementException {
        return new Edit(base, words).set(branch, 0);
    }

    /**
     * Makes every container and entry on the way from the branch at {@code base} and changes what
     * is there by {@code change}.
     */
    static Branch at(Branch branch, List<String> base, List<String> words, Change change)
            throws StatementException {
        return new Edit(base, words).at(branch, 0, change);
    }

    /** A change of a branch that may find mistakes. */
    interface Change {
        Branch apply(Branch branch) throws StatementException;
    }

    private Branch at(Branch branch, int index, Change change) throws StatementException {
        if (index == words.size()) {
            return change.apply(branch);
        }
        Branch child = open(branch, index);
        return put(branch, at(child, index + 1, change));
    }

    /** The branch below that word {@code index} names, new if it is not there yet. */
    private Branch open(Branch branch, int index) throws StatementException {
        if (branch.schema().kind() == Kind.LIST) {
            Comparable<?> key = parse(branch.schema().entry(), index);
            return branch.child(key.toString()) instanceof Branch entry
                    ? entry
                    : Branch.entry(branch.schema().entry(), key);
        }
        SchemaNode schema = keyword(branch.schema(), index);
        if (!schema.isBranch()) {
            throw new StatementException(
                    StatementException.Kind.UNKNOWN,
                    index,
                    path(index + 1) + ": has no statements below it");
        }
        return branch.child(schema.name()) instanceof Branch child ? child : Branch.empty(schema);
    }

    /** Empty containers and lists do not exist; empty entries do. */
    private static Branch put(Branch parent, Branch child) {
        if (child.isEmpty() && child.key() == null) {
            return parent.has(child.name()) ? parent.without(child) : parent;
        }
        return parent.with(child);
    }

    private Branch set(Branch branch, int from) throws StatementException {
        Branch changed = branch;
        int index = from;
        if (index == words.size() && branch.key() == null) {
            throw missing(branch.schema());
        }
        while (index < words.size()) {
            if (changed.schema().kind() == Kind.LIST
                    || keyword(changed.schema(), index).isBranch()) {
                return put(changed, set(open(changed, index), index + 1));
            }
            SchemaNode schema = keyword(changed.schema(), index++);
            if (schema.kind() == Kind.FLAG) {
                changed = changed.with(new Statement(schema, List.of()));
                continue;
            }
            if (index == words.size()) {
                throw missing(schema);
            }
            if (schema.kind() == Kind.LEAF) {
                changed = changed.with(new Statement(schema, List.of(parse(schema, index++))));
            } else {
                int end = listEnd(schema, index);
                changed = changed.with(joined(changed, schema, index, end));
                index = end;
            }
        }
        return changed;
    }

    /** Where the values that start at {@code index} end: behind the bracket or the one word. */
    private int listEnd(SchemaNode schema, int index) throws StatementException {
        if (!words.get(index).equals("[")) {
            return index + 1;
        }
        int end = index + 1;
        while (end < words.size() && !words.get(end).equals("]")) {
            end++;
        }
        if (end == words.size() || end == index + 1) {
            throw missing(schema);
        }
        return end + 1;
    }

    private Statement joined(Branch branch, SchemaNode schema, int from, int to)
            throws StatementException {
        TreeSet<Comparable<?>> values = new TreeSet<>();
        if (branch.child(schema.name()) instanceof Statement statement) {
            values.addAll(statement.values());
        }
        boolean bracketed = words.get(from).equals("[");
        for (int i = bracketed ? from + 1 : from; i < (bracketed ? to - 1 : to); i++) {
            values.add(parse(schema, i));
        }
        if (values.size() > VALUES_MAX) {
            throw new StatementException(
                    StatementException.Kind.INVALID,
                    from,
                    path(from) + ": more than " + VALUES_MAX + " values");
        }
        return new Statement(schema, List.copyOf(values));
    }

    private Branch delete(Branch branch, int index) throws StatementException {
        SchemaNode schema = branch.schema();
        boolean last = index == words.size() - 1;
        if (schema.kind() == Kind.LIST) {
            Comparable<?> key = parse(schema.entry(), index);
            return below(branch, branch.child(key.toString()), index, last);
        }
        SchemaNode child = keyword(schema, index);
        Node node = branch.child(child.name());
        if (last || child.isBranch()) {
            return below(branch, node, index, last);
        }
        if (child.kind() == Kind.FLAG) {
            throw new StatementException(
                    StatementException.Kind.UNKNOWN,
                    index + 1,
                    path(index + 1) + ": takes no value");
        }
        TreeSet<Comparable<?>> values = new TreeSet<>();
        if (node instanceof Statement statement) {
            values.addAll(statement.values());
        }
        int end = child.kind() == Kind.LEAF ? index + 2 : listEnd(child, index + 1);
        if (end < words.size()) {
            throw new StatementException(
                    StatementException.Kind.UNKNOWN,
                    end,
                    path(end) + ": nothing may follow this value");
        }
        boolean found = false;
        boolean bracketed = child.kind() == Kind.LEAF_LIST && words.get(index + 1).equals("[");
        for (int i = bracketed ? index + 2 : index + 1; i < (bracketed ? end - 1 : end); i++) {
            found |= values.remove(parse(child, i));
        }
        if (node == null || !found) {
            return branch;
        }
        return values.isEmpty()
                ? branch.without(node)
                : branch.with(new Statement(child, List.copyOf(values)));
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
            return branch.without(node);
        }
        return put(branch, delete((Branch) node, index + 1));
    }

    private Branch empty(Branch branch, int index) throws StatementException {
        return open(Branch.empty(branch.schema()), index);
    }

    private SchemaNode keyword(SchemaNode schema, int index) throws StatementException {
        SchemaNode child = schema.child(words.get(index));
        if (child == null) {
            throw new StatementException(
                    StatementException.Kind.UNKNOWN,
                    index,
                    path(index) + ": unknown statement '" + clipped(words.get(index)) + "'");
        }
        return child;
    }

    private Comparable<?> parse(SchemaNode schema, int index) throws StatementException {
        try {
            return schema.valueType().parse(words.get(index));
        } catch (IllegalArgumentException e) {
            throw new StatementException(
                    StatementException.Kind.INVALID,
                    index,
                    path(index) + ": " + clipped(String.valueOf(e.getMessage())));
        }
    }

    private StatementException missing(SchemaNode schema) {
        String expected =
                switch (schema.kind()) {
                    case LIST -> schema.entry().name();
                    case CONTAINER, ENTRY -> "a statement";
                    default -> schema.valueType().placeholder();
                };
        return new StatementException(
                StatementException.Kind.MISSING,
                words.size(),
                path(words.size()) + ": expected " + expected);
    }

    /** The path before word {@code end}. */
    private String path(int end) {
        List<String> path = new ArrayList<>(base);
        path.addAll(words.subList(0, Math.min(end, 16)));
        return path.isEmpty() ? "configuration" : clipped(String.join(" ", path));
    }

    /** Messages stay readable whatever was typed. */
    static String clipped(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
