package floof.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container, a list or a list entry with what is below it. Immutable; a changed version shares
 * every untouched subtree with the one it came from. Children are in display order: statements as
 * the schema has them, entries by key.
 */
public final class Branch implements Node {

    private final SchemaNode schema;
    private final @Nullable Comparable<?> key;
    private final Sorted<Node> children;

    private Branch(SchemaNode schema, @Nullable Comparable<?> key, Sorted<Node> children) {
        this.schema = schema;
        this.key = key;
        this.children = children;
    }

    static Branch empty(SchemaNode schema) {
        return new Branch(schema, null, Sorted.empty());
    }

    static Branch entry(SchemaNode schema, Comparable<?> key) {
        return new Branch(schema, key, Sorted.empty());
    }

    @Override
    public SchemaNode schema() {
        return schema;
    }

    @Override
    public String name() {
        return key == null ? schema.name() : key.toString();
    }

    /** The parsed key of a list entry; null for containers and lists. */
    public @Nullable Comparable<?> key() {
        return key;
    }

    /** What is below, in display order. */
    public Iterable<Node> children() {
        return children;
    }

    public boolean isEmpty() {
        return children.isEmpty();
    }

    /** Number of direct children. */
    public int size() {
        return children.size();
    }

    /** The child of that keyword or key text, or null. */
    public @Nullable Node child(String name) {
        Comparable<?> place = place(name);
        return place == null ? null : children.get(place);
    }

    /** The container, list or entry of that name, or null when it is not set. */
    public @Nullable Branch branch(String name) {
        return child(name) instanceof Branch branch ? branch : null;
    }

    /** Entries of the list {@code name} below; none when it is not set. */
    public List<Branch> entries(String name) {
        List<Branch> entries = new ArrayList<>();
        if (child(name) instanceof Branch list) {
            list.children.forEach(node -> entries.add((Branch) node));
        }
        return entries;
    }

    /** True when the flag, or any other statement of that name, is set. */
    public boolean has(String name) {
        return child(name) != null;
    }

    /** Value of the leaf {@code name}, its default when it is not set, null when it has none. */
    public <T> @Nullable T value(String name, Class<T> type) {
        if (child(name) instanceof Statement statement && !statement.values().isEmpty()) {
            return type.cast(statement.values().getFirst());
        }
        SchemaNode leaf = schema.child(name);
        String fallback = leaf == null ? null : leaf.fallback();
        return leaf == null || fallback == null
                ? null
                : type.cast(leaf.valueType().parse(fallback));
    }

    /** Values of the leaf-list {@code name}; none when it is not set. */
    public <T> List<T> values(String name, Class<T> type) {
        return child(name) instanceof Statement statement
                ? statement.values().stream().<T>map(type::cast).toList()
                : List.of();
    }

    /** What is at {@code path} from here, or null. */
    public @Nullable Node find(List<String> path) {
        Node node = this;
        for (String name : path) {
            if (!(node instanceof Branch branch)) {
                return null;
            }
            node = branch.child(name);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /** This tree with nothing but what is at {@code path}. */
    public Branch only(List<String> path) {
        if (path.isEmpty()) {
            return this;
        }
        Branch bare = bare();
        Node child = child(path.getFirst());
        return switch (child) {
            case null -> bare;
            case Statement statement -> bare.with(statement);
            case Branch branch -> bare.with(branch.only(path.subList(1, path.size())));
        };
    }

    /** This branch with nothing below it. */
    Branch bare() {
        return new Branch(schema, key, Sorted.empty());
    }

    /** This branch with {@code child} put in or replaced. */
    Branch with(Node child) {
        Comparable<?> place = placeOf(child);
        return children.get(place) == child
                ? this
                : new Branch(schema, key, children.with(place, child));
    }

    /** This branch without that child. */
    Branch without(Node child) {
        return new Branch(schema, key, children.without(placeOf(child)));
    }

    /** Display order of two children of one parent. */
    @SuppressWarnings("unchecked") // children of one parent have places of one class
    static int order(Node a, Node b) {
        return ((Comparable<Object>) placeOf(a)).compareTo(placeOf(b));
    }

    private static Comparable<?> placeOf(Node child) {
        return child instanceof Branch branch && branch.key != null
                ? branch.key
                : Integer.valueOf(child.schema().index());
    }

    private @Nullable Comparable<?> place(String name) {
        if (schema.kind() != SchemaNode.Kind.LIST) {
            SchemaNode child = schema.child(name);
            return child == null ? null : Integer.valueOf(child.index());
        }
        try {
            return schema.entry().valueType().parse(name);
        } catch (IllegalArgumentException e) {
            return null; // no key of this list: nothing is stored under it
        }
    }

    @Override
    public boolean equals(@Nullable Object object) {
        if (this == object) {
            return true;
        }
        if (!(object instanceof Branch other)
                || schema != other.schema
                || !Objects.equals(key, other.key)
                || children.size() != other.children.size()) {
            return false;
        }
        Iterator<Node> left = children.iterator();
        for (Node right : other.children) {
            if (!left.next().equals(right)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = Objects.hash(schema.name(), key);
        for (Node child : children) {
            hash = 31 * hash + child.hashCode();
        }
        return hash;
    }

    /** The text form of what is below. */
    @Override
    public String toString() {
        return TextPrinter.print(this);
    }
}
