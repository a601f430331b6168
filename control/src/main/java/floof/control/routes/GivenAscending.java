package floof.control.routes;

import floof.base.Prefix;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is already in memory. */
final class GivenAscending<T> extends Ascending<T> {

    private final Iterator<T> left;

    /**
     * @param values by ascending prefix
     */
    GivenAscending(List<T> values, Function<T, Prefix> prefix) {
        super(prefix);
        this.left = values.iterator();
    }

    @Override
    @Nullable T read() {
        return left.hasNext() ? left.next() : null;
    }
}
