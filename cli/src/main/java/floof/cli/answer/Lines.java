package floof.cli.answer;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way to the screen, each made when the one before was shown; {@link #close} ends
 * their source. Thread: one.
 */
public interface Lines extends AutoCloseable {

    /** The next line without its newline, null at the end. */
    @Nullable String next() throws CommandException;

    @Override
    default void close() {
        // Nothing is held.
    }

    /** Lines already in memory. */
    static Lines of(Iterable<String> lines) {
        Iterator<String> left = lines.iterator();
        return () -> left.hasNext() ? left.next() : null;
    }
}
