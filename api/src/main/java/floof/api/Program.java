package floof.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program of the distribution, run for an operator with the operator's rights.
 *
 * @param words the program and its arguments
 * @param user account it runs as
 * @param folder it starts in
 * @param place network it sees
 * @param capabilities of capabilities(7) that it has besides, as setpriv(1) names them
 * @param terminal the size of its terminal; null: it has pipes
 */
public record Program(
        List<String> words,
        String user,
        Path folder,
        Place place,
        Set<String> capabilities,
        @Nullable Size terminal) {

    public Program {
        words = List.copyOf(words);
        capabilities = Set.copyOf(capabilities);
    }

    /** A network namespace. */
    public enum Place {
        /** Where routes, addresses and twins are. */
        DATAPLANE,
        /** Where floofd was started. */
        MANAGEMENT
    }

    /**
     * Of a terminal.
     *
     * @param name of its kind, for TERM
     */
    public record Size(String name, int columns, int rows) {}

    /**
     * One that runs. Thread: any; one reader. {@link #close} ends it and all that it started in its
     * session (credentials(7)): asked first, killed after two seconds.
     */
    public interface Running extends AutoCloseable {

        /**
         * What it prints, both streams together: waits for some.
         *
         * @return bytes read, -1 at its end
         */
        int read(byte[] to) throws IOException;

        /** Keys for its terminal, or its standard input. */
        void write(byte[] bytes, int count) throws IOException;

        /** No more will come of its standard input; for a terminal it means nothing. */
        void endInput() throws IOException;

        /** Its terminal's new size. */
        void resize(int columns, int rows);

        /** Waits for its end; the exit status, 128 and the signal's number when one ended it. */
        int await();

        @Override
        void close();
    }
}
