package floof.api.view;

import java.util.List;
import java.util.function.Function;

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

    /** The type of the records. */
    Class<? extends R> type(Arguments arguments);

    /** Whether there is always one record: in JSON it stands alone, not in a list. */
    default boolean isOne() {
        return false;
    }

    /** Whether the text of the answer to these arguments has a table that may leave columns out. */
    default boolean hasDetail(Arguments arguments) {
        return false;
    }

    /**
     * Begins an answer, which the caller closes.
     *
     * @throws UnavailableException when its source is away
     * @throws UnknownException when something is named that does not exist
     */
    Answer<R> open(Arguments arguments, Reader reader)
            throws UnavailableException, UnknownException;

    /** A view of records that fit in memory. */
    static <R> Listing<R> of(
            String path, String help, Class<R> type, Rows<R> rows, Layout<R> layout) {
        return new Listing<>(path, help, type, false, List.of(), false, rows, typed -> layout);
    }

    /** The same of records that are the same for all, whatever is typed. */
    static <R> Listing<R> of(
            String path, String help, Class<R> type, Source<List<R>> rows, Layout<R> layout) {
        return of(path, help, type, (typed, reader) -> rows.read(), layout);
    }

    /** A view of one record. */
    static <R> Listing<R> one(
            String path, String help, Class<R> type, Source<R> record, Function<R, List<?>> parts) {
        Rows<R> rows = (typed, reader) -> List.of(record.read());
        Layout.Whole<R> layout = records -> parts.apply(records.getFirst());
        return new Listing<>(path, help, type, true, List.of(), false, rows, typed -> layout);
    }

    /** Reads all records. */
    @FunctionalInterface
    interface Rows<R> {
        List<R> read(Arguments typed, Reader reader) throws UnavailableException, UnknownException;
    }

    /** Reads something. */
    @FunctionalInterface
    interface Source<T> {
        T read() throws UnavailableException;
    }

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

        public static <R> Answer<R> of(List<R> records, Layout<R> layout) {
            return new Answer<>(List.of(), Cursor.of(records), layout);
        }

        @Override
        public void close() {
            records.close();
        }
    }
}
