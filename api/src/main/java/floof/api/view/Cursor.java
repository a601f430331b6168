package floof.api.view;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records one after the other, made as they are taken: however many come, memory stays the same.
 * {@link #close} ends the source, at any time. Thread: one at a time.
 */
public interface Cursor<T> extends AutoCloseable {

    /**
     * The next one, null at the end. The first comes within ten seconds.
     *
     * @throws UnavailableException when the source went away: what came is not all
     */
    @Nullable T next() throws UnavailableException;

    /** What the reader must know after the last one: what may be missing; empty for nothing. */
    default List<String> gaps() {
        return List.of();
    }

    @Override
    void close();

    /** A cursor over records already in memory. */
    static <T> Cursor<T> of(Iterable<? extends T> values) {
        Iterator<? extends T> left = values.iterator();
        return new Cursor<>() {
            @Override
            public @Nullable T next() {
                return left.hasNext() ? left.next() : null;
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
