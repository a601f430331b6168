package floof.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map: an AVL tree of which a changed version shares all but one path. A key is
 * compared with keys of its own class only.
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
                ? balanced(knot.key, knot.value, insert(knot.left, key, value), knot.right)
                : balanced(knot.key, knot.value, knot.left, insert(knot.right, key, value));
    }

    private static <V> @Nullable Knot<V> remove(@Nullable Knot<V> knot, Comparable<?> key) {
        if (knot == null) {
            return null;
        }
        int order = compare(key, knot.key);
        if (order < 0) {
            return balanced(knot.key, knot.value, remove(knot.left, key), knot.right);
        }
        if (order > 0) {
            return balanced(knot.key, knot.value, knot.left, remove(knot.right, key));
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
        return balanced(next.key, next.value, knot.left, remove(knot.right, next.key));
    }

    private static <V> Knot<V> balanced(
            Comparable<?> key, V value, @Nullable Knot<V> left, @Nullable Knot<V> right) {
        if (left != null && left.height > height(right) + 1) {
            Knot<V> middle = left.right;
            if (middle != null && middle.height > height(left.left)) {
                return knot(
                        middle.key,
                        middle.value,
                        knot(left.key, left.value, left.left, middle.left),
                        knot(key, value, middle.right, right));
            }
            return knot(left.key, left.value, left.left, knot(key, value, left.right, right));
        }
        if (right != null && right.height > height(left) + 1) {
            Knot<V> middle = right.left;
            if (middle != null && middle.height > height(right.right)) {
                return knot(
                        middle.key,
                        middle.value,
                        knot(key, value, left, middle.left),
                        knot(right.key, right.value, middle.right, right.right));
            }
            return knot(right.key, right.value, knot(key, value, left, right.left), right.right);
        }
        return knot(key, value, left, right);
    }

    private static <V> Knot<V> knot(
            Comparable<?> key, V value, @Nullable Knot<V> left, @Nullable Knot<V> right) {
        return new Knot<>(
                key,
                value,
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

    @SuppressWarnings("unchecked") // one map holds keys of one class
    private static int compare(Comparable<?> a, Comparable<?> b) {
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
