package floof.control.routes;

import floof.base.Prefix;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is already in memory. */
final class GivenAscending<T> extends Ascending<T> {

    private final Iterator<T> left;
    private final Function<T, Prefix> prefix;
    private @Nullable T ahead;

    /**
     * @param values by ascending prefix
     */
    GivenAscending(List<T> values, Function<T, Prefix> prefix) {
        this.left = values.iterator();
        this.prefix = prefix;
        this.ahead = step();
    }

    private @Nullable T step() {
        return left.hasNext() ? left.next() : null;
    }

    @Override
    @Nullable List<T> read() {
        T first = ahead;
        if (first == null) {
            return null;
        }
        List<T> same = new ArrayList<>(1);
        T next = first;
        do {
            same.add(next);
            next = step();
        } while (next != null && prefix(next).equals(prefix(first)));
        ahead = next;
        return same;
    }

    @Override
    Prefix prefix(T value) {
        return prefix.apply(value);
    }
}
