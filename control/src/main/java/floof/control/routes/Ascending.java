package floof.control.routes;

import floof.base.Prefix;
import floof.control.bird.BirdException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes by ascending prefix, all of one prefix at a time. Thread: one. */
abstract class Ascending<T> implements AutoCloseable {

    private @Nullable List<T> head;
    private boolean isOver;

    /** All of the next prefix, null at the end. */
    abstract @Nullable List<T> read() throws IOException, BirdException;

    abstract Prefix prefix(T value);

    /** The next prefix, null at the end. */
    final @Nullable Prefix next() throws IOException, BirdException {
        if (head == null && !isOver) {
            head = read();
            isOver = head == null;
        }
        return head == null ? null : prefix(head.getFirst());
    }

    /** Those of this prefix; none when another is next. */
    final List<T> take(Prefix prefix) throws IOException, BirdException {
        List<T> values = head;
        if (!prefix.equals(next()) || values == null) {
            return List.of();
        }
        head = null;
        return values;
    }

    /** Whether what was read may lack something that is there. */
    boolean mayLack() {
        return false;
    }

    @Override
    public void close() throws IOException {
        isOver = true;
    }
}
