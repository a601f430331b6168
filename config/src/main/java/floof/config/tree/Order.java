package floof.config.tree;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Keys in the order an operator gave them. Immutable; a changed version shares all but a few paths.
 * Each key has a rank with room to its neighbours, so that one is put between two in O(log n); when
 * there is no room left, all get new ranks.
 */
final class Order implements Iterable<Comparable<?>> {

    static final Order EMPTY = new Order(Sorted.empty(), Sorted.empty());

    private static final long GAP = 1L << 32;

    private final Sorted<Long> ranks;
    private final Sorted<Comparable<?>> keys;

    /**
     * @param ranks by key
     * @param keys by rank
     */
    private Order(Sorted<Long> ranks, Sorted<Comparable<?>> keys) {
        this.ranks = ranks;
        this.keys = keys;
    }

    private Order put(Comparable<?> key, long rank) {
        return new Order(ranks.with(key, rank), keys.with(rank, key));
    }

    /** With {@code key} last, unless it has a place already. */
    Order with(Comparable<?> key) {
        return ranks.get(key) != null ? this : put(key, rank(keys.last()) + GAP);
    }

    Order without(Comparable<?> key) {
        Long rank = ranks.get(key);
        return rank == null ? this : new Order(ranks.without(key), keys.without(rank));
    }

    /** With {@code key} directly behind {@code other}; first when that is null. */
    Order behind(Comparable<?> key, @Nullable Comparable<?> other) {
        Order rest = without(key);
        Comparable<?> next = rest.next(other);
        long low = next == null || other != null ? rest.rank(other) : rest.rank(next) - 2 * GAP;
        long high = next == null ? low + 2 * GAP : rest.rank(next);
        return high - low < 2
                ? rest.spread().behind(key, other)
                : rest.put(key, low + (high - low) / 2);
    }

    /** With {@code key} directly before {@code other}. */
    Order before(Comparable<?> key, Comparable<?> other) {
        Order rest = without(key);
        return rest.behind(key, rest.keys.below(rest.rank(other)));
    }

    private @Nullable Comparable<?> next(@Nullable Comparable<?> key) {
        return key == null ? keys.first() : keys.above(rank(key));
    }

    private long rank(@Nullable Comparable<?> key) {
        Long rank = key == null ? null : ranks.get(key);
        return rank == null ? 0 : rank;
    }

    private Order spread() {
        Order fresh = EMPTY;
        for (Comparable<?> key : keys) {
            fresh = fresh.with(key);
        }
        return fresh;
    }

    @Override
    public Iterator<Comparable<?>> iterator() {
        return keys.iterator();
    }
}
