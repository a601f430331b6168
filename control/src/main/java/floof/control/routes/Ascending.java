package floof.control.routes;

import floof.base.Prefix;
import floof.control.bird.BirdException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What comes by ascending prefix; it is taken prefix by prefix. Thread: one. */
abstract class Ascending<T> implements AutoCloseable {

    private final Function<T, Prefix> prefix;
    private @Nullable T head;
    private boolean isOver;

    Ascending(Function<T, Prefix> prefix) {
        this.prefix = prefix;
    }

    /** The next one, null at the end. */
    abstract @Nullable T read() throws IOException, BirdException;

    /** The next prefix, null at the end. */
    final @Nullable Prefix next() throws IOException, BirdException {
        if (head == null && !isOver) {
            head = read();
            isOver = head == null;
        }
        return head == null ? null : prefix.apply(head);
    }

    /** Those of this prefix; none when another is next. */
    final List<T> take(Prefix wanted) throws IOException, BirdException {
        List<T> values = new ArrayList<>(1);
        while (wanted.equals(next()) && head != null) {
            values.add(head);
            head = null;
        }
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
