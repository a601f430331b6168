package floof.config.tree;

import floof.config.value.ConfigError;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container, a list or a list entry with what is below it. Immutable; a changed version shares
 * every untouched subtree with the one it came from. Children are in display order: statements as
 * the schema has them, entries by key or as the operator ordered them.
 */
public final class Branch implements Node {

    private final SchemaNode schema;
    private final @Nullable Comparable<?> key;
    private final Marks marks;
    private final Sorted<Node> children;

    /** Order of the entries of a list whose order is the operator's; null for the others. */
    private final @Nullable Order order;

    /** How many of the children are not plain. */
    private final int special;

    /** What {@link Inheritance} made of this branch last. */
    volatile Inheritance.@Nullable Memo memo;

    private Branch(
            SchemaNode schema,
            @Nullable Comparable<?> key,
            Marks marks,
            Sorted<Node> children,
            @Nullable Order order,
            int special) {
        this.schema = schema;
        this.key = key;
        this.marks = marks;
        this.children = children;
        this.order = order;
        this.special = special;
    }

    /** A configuration, or a part of one, in which nothing is set. */
    public static Branch empty(SchemaNode schema) {
        return new Branch(
                schema,
                null,
                Marks.NONE,
                Sorted.empty(),
                schema.isUserOrdered() ? Order.EMPTY : null,
                0);
    }

    public static Branch entry(SchemaNode schema, Comparable<?> key) {
        return new Branch(schema, key, Marks.NONE, Sorted.empty(), null, 0);
    }

    /** This branch with nothing below it. */
    public Branch bare() {
        return (key == null ? empty(schema) : entry(schema, key)).with(marks);
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

    @Override
    public Marks marks() {
        return marks;
    }

    @Override
    public Branch with(Marks other) {
        return marks.equals(other)
                ? this
                : new Branch(schema, key, other, children, order, special);
    }

    /** What is below, in display order. */
    public Iterable<Node> children() {
        Order keys = order;
        return keys == null
                ? children
                : () -> {
                    Iterator<Comparable<?>> places = keys.iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return places.hasNext();
                        }

                        @Override
                        public Node next() {
                            return Objects.requireNonNull(children.get(places.next()));
                        }
                    };
                };
    }

    /**
     * A root as it works: without inactive statements and marks, with all that groups give. What
     * has nothing of the kind is the same object; so is what came out of the same before.
     */
    public Branch effective() {
        return Inheritance.effective(this);
    }

    /** Of a root: groups that are applied somewhere but not defined. */
    public List<ConfigError> undefinedGroups() {
        return Inheritance.undefined(this);
    }

    /** False when this node, with all below it, has no mark and nothing to do with groups. */
    public static boolean isSpecial(Node node) {
        return node.marks() != Marks.NONE && !node.marks().equals(Marks.NONE)
                || node.schema().isInheritance()
                || node instanceof Branch branch && branch.special > 0;
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

    /** The child that {@code other}, a child of such a branch, would replace; null for none. */
    public @Nullable Node counterpart(Node other) {
        return children.get(placeOf(other));
    }

    /** The entry of that key, or null. */
    public @Nullable Branch entry(Comparable<?> entryKey) {
        return (Branch) children.get(entryKey);
    }

    /** The container, list or entry of that name, or null when it is not set. */
    public @Nullable Branch branch(String name) {
        return child(name) instanceof Branch branch ? branch : null;
    }

    /** The container of that name, an empty one when it is not set: it has the defaults. */
    public Branch container(String name) {
        Branch set = branch(name);
        return set != null ? set : empty(Objects.requireNonNull(schema.child(name)));
    }

    /** Entries of the list {@code name} below; none when it is not set. */
    public List<Branch> entries(String name) {
        return child(name) instanceof Branch list ? list.entries() : List.of();
    }

    /** Entries of this list. */
    public List<Branch> entries() {
        List<Branch> entries = new ArrayList<>();
        for (Node node : children()) {
            if (node instanceof Branch entry && entry.key != null) {
                entries.add(entry);
            }
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

    /**
     * Lines of a daemon's configuration that the leaves and flags below become, those with a
     * default as well, in display order; lists and blocks of their own below are left out.
     */
    public List<String> rendered() {
        List<String> lines = new ArrayList<>();
        for (SchemaNode child : schema.children()) {
            String line = child.rendering();
            if (child.kind() == SchemaNode.Kind.CONTAINER && !child.isDaemonBlock()) {
                lines.addAll(container(child.name()).rendered());
            } else if (line != null && child.kind() == SchemaNode.Kind.LEAF) {
                Object value = value(child.name(), child.valueType().javaType());
                if (value != null) {
                    lines.add(line.replace("<value>", value.toString()));
                }
            } else if (line != null && has(child.name())) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** What is at {@code path} from here, or null. */
    public @Nullable Node find(List<String> path) {
        Node node = this;
        for (String name : path) {
            node = node instanceof Branch branch ? branch.child(name) : null;
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

    /** This branch with {@code child} put in or replaced; new in an operator's order it is last. */
    public Branch with(Node child) {
        Comparable<?> place = placeOf(child);
        Node old = children.get(place);
        return old == child
                ? this
                : new Branch(
                        schema,
                        key,
                        marks,
                        children.with(place, child),
                        order == null ? null : order.with(place),
                        special + count(child) - count(old));
    }

    /** This branch without that child. */
    public Branch without(Node child) {
        Comparable<?> place = placeOf(child);
        return new Branch(
                schema,
                key,
                marks,
                children.without(place),
                order == null ? null : order.without(place),
                special - count(children.get(place)));
    }

    /** This tree without what is at that path; containers that it leaves empty go too. */
    public Branch without(List<String> path) {
        return put(path, null);
    }

    private static int count(@Nullable Node child) {
        return child != null && isSpecial(child) ? 1 : 0;
    }

    /** This entry under another key. */
    public Branch as(Comparable<?> otherKey) {
        return new Branch(schema, otherKey, marks, children, order, special);
    }

    /** Of a list in an operator's order: the entry {@code key} is directly behind another. */
    public Branch behind(Comparable<?> moved, @Nullable Comparable<?> other) {
        return ordered(Objects.requireNonNull(order).behind(moved, other));
    }

    /** Of a list in an operator's order: the entry {@code key} is directly before another. */
    public Branch before(Comparable<?> moved, Comparable<?> other) {
        return ordered(Objects.requireNonNull(order).before(moved, other));
    }

    private Branch ordered(Order other) {
        return new Branch(schema, key, marks, children, other, special);
    }

    /** Takes what two branches have under one name; null where one has nothing. */
    public interface Difference {
        /** Returns false to end. */
        boolean take(@Nullable Node before, @Nullable Node after);
    }

    /**
     * Hands each child that is not the same object in both to {@code out}, by keyword and key,
     * until it has enough; what both share is not read.
     */
    public static void differences(Branch before, Branch after, Difference out) {
        Sorted.differences(before.children, after.children, out::take);
    }

    /** Takes what two lists have under one key; null where a list has none. */
    public interface EntryDifference {
        void take(@Nullable Branch before, @Nullable Branch after);
    }

    /**
     * The entries of two lists that are not the same object, by ascending key, at the cost of the
     * difference.
     *
     * @param before null for an empty list
     * @param after null for an empty list
     */
    public static void entryDifferences(
            @Nullable Branch before, @Nullable Branch after, EntryDifference out) {
        Sorted<Node> old = before == null ? Sorted.empty() : before.children;
        Sorted<Node> young = after == null ? Sorted.empty() : after.children;
        Sorted.differences(
                old,
                young,
                (gone, come) -> {
                    Node node = come == null ? gone : come;
                    if (node instanceof Branch entry && entry.key != null) {
                        out.take((Branch) gone, (Branch) come);
                    }
                    return true;
                });
    }

    /** True when both are not in an operator's order, or in the same. */
    public static boolean sameOrder(Branch a, Branch b) {
        if (a.order == null || b.order == null || a.order == b.order) {
            return true;
        }
        Iterator<Comparable<?>> other = b.order.iterator();
        for (Comparable<?> place : a.order) {
            if (!other.hasNext() || !place.equals(other.next())) {
                return false;
            }
        }
        return !other.hasNext();
    }

    /**
     * This tree with {@code node} at that path, or with nothing there; containers on the way come
     * and go as they are needed.
     */
    public Branch put(List<String> path, @Nullable Node node) {
        String name = path.getFirst();
        Node child = child(name);
        Node changed = node;
        if (path.size() > 1) {
            SchemaNode next = Objects.requireNonNull(schema.child(name));
            Branch below =
                    child instanceof Branch branch
                            ? branch
                            : next.kind() == SchemaNode.Kind.ENTRY
                                    ? entry(next, next.valueType().parse(name))
                                    : empty(next);
            Branch put = below.put(path.subList(1, path.size()), node);
            changed = put.isEmpty() && put.key == null && put.marks.equals(Marks.NONE) ? null : put;
        }
        return changed != null ? with(changed) : child != null ? without(child) : this;
    }

    private static Comparable<?> placeOf(Node child) {
        return child instanceof Branch branch && branch.key != null
                ? branch.key
                : Integer.valueOf(child.schema().index());
    }

    private @Nullable Comparable<?> place(String name) {
        SchemaNode child = schema.child(name);
        if (child == null || child.kind() != SchemaNode.Kind.ENTRY) {
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
                || !marks.equals(other.marks)
                || children.size() != other.children.size()
                || !sameOrder(this, other)) {
            return false;
        }
        boolean[] equal = {true};
        differences(this, other, (left, right) -> equal[0] = Objects.equals(left, right));
        return equal[0];
    }

    @Override
    public int hashCode() {
        int hash = Objects.hash(schema.name(), key, marks);
        for (Node child : children()) {
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
