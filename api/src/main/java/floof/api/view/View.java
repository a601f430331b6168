package floof.api.view;

import floof.config.access.Permissions;
import java.util.List;

/**
 * Something that can be shown. Thread: any.
 *
 * @param <R> a record; its components are the names of JSON and XML
 */
public interface View<R> {

    /** The words behind {@code show}, e.g. {@code route forwarding-table}. */
    String path();

    /** One line about it. */
    String help();

    /** What may be typed behind the path, in the order of the canonical line. */
    List<Parameter> parameters();

    /** The type of its records. */
    Class<R> type();

    /** What a class needs to see it. */
    default Permissions.Flag permission() {
        return Permissions.Flag.VIEW;
    }

    /** Whether the answer to these arguments is laid out as a {@link Layout.Table}. */
    default boolean isTable(Arguments arguments) {
        return false;
    }

    /**
     * Begins an answer, which the caller closes.
     *
     * @throws UnavailableException when its source is away
     * @throws UnknownException when something is named that does not exist
     */
    Answer<R> open(Arguments arguments) throws UnavailableException, UnknownException;

    /**
     * An answer about to be read.
     *
     * @param warnings what the reader must know before the first record
     * @param layout its text form, for this reading
     */
    record Answer<R>(List<String> warnings, Cursor<R> records, Layout<R> layout)
            implements AutoCloseable {

        public Answer {
            warnings = List.copyOf(warnings);
        }

        @Override
        public void close() {
            records.close();
        }
    }
}
