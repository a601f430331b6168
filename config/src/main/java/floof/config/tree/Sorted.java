package floof.config.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map: an AVL tree of which a changed version shares all but one path. A key is
 * compared with keys of its own class only, but that an Integer may stand among others: it is
 * before them.
 */
final class Sorted<V> implements Iterable<V> {

    private static final Sorted<?> EMPTY = new Sorted<>(null);

    private record Knot<V>(
            Comparable<?> key,
            V value,
            @Nullable Knot<V> left,
            @Nullable Knot<V> right,
            int height,
            int size) {}

    private final @Nullable Knot<V> root;

    private Sorted(@Nullable Knot<V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // holds no value
    static <V> Sorted<V> empty() {
        return (Sorted<V>) EMPTY;
    }

    int size() {
        return size(root);
    }

    boolean isEmpty() {
        return root == null;
    }

    @Nullable V get(Comparable<?> key) {
        Knot<V> knot = root;
        while (knot != null) {
            int order = compare(key, knot.key);
            if (order == 0) {
                return knot.value;
            }
            knot = order < 0 ? knot.left : knot.right;
        }
        return null;
    }

    Sorted<V> with(Comparable<?> key, V value) {
        return new Sorted<>(insert(root, key, value));
    }

    Sorted<V> without(Comparable<?> key) {
        return get(key) == null ? this : new Sorted<>(remove(root, key));
    }

    private static <V> Knot<V> insert(@Nullable Knot<V> knot, Comparable<?> key, V value) {
        if (knot == null) {
            return new Knot<>(key, value, null, null, 1, 1);
        }
        int order = compare(key, knot.key);
        if (order == 0) {
            return new Knot<>(key, value, knot.left, knot.right, knot.height, knot.size);
        }
        return order < 0
                ? balanced(knot, insert(knot.left, key, value), knot.right)
                : balanced(knot, knot.left, insert(knot.right, key, value));
    }

    private static <V> @Nullable Knot<V> remove(@Nullable Knot<V> knot, Comparable<?> key) {
        if (knot == null) {
            return null;
        }
        int order = compare(key, knot.key);
        if (order < 0) {
            return balanced(knot, remove(knot.left, key), knot.right);
        }
        if (order > 0) {
            return balanced(knot, knot.left, remove(knot.right, key));
        }
        if (knot.left == null) {
            return knot.right;
        }
        Knot<V> next = knot.right;
        if (next == null) {
            return knot.left;
        }
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next, knot.left, remove(knot.right, next.key));
    }

    /** The knot with other subtrees, rotated where one of them is too high. */
    private static <V> Knot<V> balanced(
            Knot<V> knot, @Nullable Knot<V> left, @Nullable Knot<V> right) {
        if (left != null && left.height > height(right) + 1) {
            Knot<V> middle = left.right;
            if (middle != null && middle.height > height(left.left)) {
                return with(
                        middle,
                        with(left, left.left, middle.left),
                        with(knot, middle.right, right));
            }
            return with(left, left.left, with(knot, left.right, right));
        }
        if (right != null && right.height > height(left) + 1) {
            Knot<V> middle = right.left;
            if (middle != null && middle.height > height(right.right)) {
                return with(
                        middle,
                        with(knot, left, middle.left),
                        with(right, middle.right, right.right));
            }
            return with(right, with(knot, left, right.left), right.right);
        }
        return with(knot, left, right);
    }

    /** The knot with other subtrees. */
    private static <V> Knot<V> with(Knot<V> knot, @Nullable Knot<V> left, @Nullable Knot<V> right) {
        return new Knot<>(
                knot.key,
                knot.value,
                left,
                right,
                1 + Math.max(height(left), height(right)),
                1 + size(left) + size(right));
    }

    private static int height(@Nullable Knot<?> knot) {
        return knot == null ? 0 : knot.height;
    }

    private static int size(@Nullable Knot<?> knot) {
        return knot == null ? 0 : knot.size;
    }

    /** The value of the lowest key; null when there is none. */
    @Nullable V first() {
        return edge(root, true);
    }

    /** The value of the highest key; null when there is none. */
    @Nullable V last() {
        return edge(root, false);
    }

    private static <V> @Nullable V edge(@Nullable Knot<V> from, boolean left) {
        V value = null;
        for (Knot<V> knot = from; knot != null; knot = left ? knot.left : knot.right) {
            value = knot.value;
        }
        return value;
    }

    /** The value of the next higher key; null when there is none. */
    @Nullable V above(Comparable<?> key) {
        V found = null;
        Knot<V> knot = root;
        while (knot != null) {
            boolean higher = compare(knot.key, key) > 0;
            found = higher ? knot.value : found;
            knot = higher ? knot.left : knot.right;
        }
        return found;
    }

    /** The value of the next lower key; null when there is none. */
    @Nullable V below(Comparable<?> key) {
        V found = null;
        Knot<V> knot = root;
        while (knot != null) {
            boolean lower = compare(knot.key, key) < 0;
            found = lower ? knot.value : found;
            knot = lower ? knot.right : knot.left;
        }
        return found;
    }

    /** Takes the values of one key that two maps have; null where a map has none. */
    interface Difference<V> {
        /** Returns false to end. */
        boolean take(@Nullable V before, @Nullable V after);
    }

    /**
     * Hands every key's values that are not the same object to {@code out}, by ascending key, until
     * it has enough. What both maps share is skipped unread: the cost is that of the difference.
     */
    static <V> void differences(Sorted<V> before, Sorted<V> after, Difference<V> out) {
        Walk<V> old = new Walk<>(before.root);
        Walk<V> young = new Walk<>(after.root);
        while (true) {
            Knot<V> a = old.head();
            Knot<V> b = young.head();
            if (a == null && b == null) {
                return;
            }
            if (a == b && old.isWhole() == young.isWhole()) {
                old.skip();
                young.skip();
                continue;
            }
            int left = old.isWhole() ? height(a) : 0;
            int right = young.isWhole() ? height(b) : 0;
            if (left > 0 || right > 0) {
                if (left >= right) {
                    old.open();
                }
                if (right >= left) {
                    young.open();
                }
                continue;
            }
            int order = a == null ? 1 : b == null ? -1 : compare(a.key, b.key);
            V gone = a != null && order <= 0 ? a.value : null;
            V come = b != null && order >= 0 ? b.value : null;
            if (order <= 0) {
                old.skip();
            }
            if (order >= 0) {
                young.skip();
            }
            if (gone != come && !out.take(gone, come)) {
                return;
            }
        }
    }

    /** What is still to be visited of a map, ascending: whole subtrees, and knots alone. */
    private static final class Walk<V> {

        private final Deque<Knot<V>> knots = new ArrayDeque<>();
        private final Deque<Boolean> whole = new ArrayDeque<>();

        Walk(@Nullable Knot<V> root) {
            push(root, true);
        }

        private void push(@Nullable Knot<V> knot, boolean subtree) {
            if (knot != null) {
                knots.push(knot);
                whole.push(subtree);
            }
        }

        @Nullable Knot<V> head() {
            return knots.peek();
        }

        boolean isWhole() {
            return Boolean.TRUE.equals(whole.peek());
        }

        void skip() {
            knots.pop();
            whole.pop();
        }

        void open() {
            Knot<V> knot = knots.pop();
            whole.pop();
            push(knot.right, true);
            push(knot, false);
            push(knot.left, true);
        }
    }

    @SuppressWarnings("unchecked") // one map holds keys of one class, but for the Integers
    private static int compare(Comparable<?> a, Comparable<?> b) {
        if (a instanceof Integer != b instanceof Integer) {
            return a instanceof Integer ? -1 : 1;
        }
        return ((Comparable<Object>) a).compareTo(b);
    }

    @Override
    public Iterator<V> iterator() {
        Deque<Knot<V>> way = new ArrayDeque<>();
        descend(way, root);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !way.isEmpty();
            }

            @Override
            public V next() {
                if (way.isEmpty()) {
                    throw new NoSuchElementException();
                }
                Knot<V> knot = way.pop();
                descend(way, knot.right);
                return knot.value;
            }
        };
    }

    private static <V> void descend(Deque<Knot<V>> way, @Nullable Knot<V> from) {
        for (Knot<V> knot = from; knot != null; knot = knot.left) {
            way.push(knot);
        }
    }
}
