package floof.api.view;

import java.util.List;
import java.util.function.Function;

/**
 * Something that can be shown. Thread: any.
 *
 * @param <R> a record; its components are the names of JSON and XML
 */
public interface View<R> extends Command {

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

    /**
     * Begins a view of records that fit in memory.
     *
     * @param path the words behind {@code show}
     */
    static Start at(String path, String help) {
        return new Start("show " + path, help);
    }

    /** A view's place, and one line about it. */
    record Start(String line, String help) {

        public <R> Listing<R> of(Class<R> type, Rows<R> rows, Layout<R> layout) {
            return new Listing<>(line, help, type, false, List.of(), false, rows, typed -> layout);
        }

        /** Of records that are the same for all, whatever is typed. */
        public <R> Listing<R> of(Class<R> type, Source<List<R>> rows, Layout<R> layout) {
            return of(type, (typed, reader) -> rows.read(), layout);
        }

        /** Of one record. */
        public <R> Listing<R> one(Class<R> type, Source<R> record, Function<R, List<?>> parts) {
            Rows<R> rows = (typed, reader) -> List.of(record.read());
            Layout.Whole<R> layout = records -> parts.apply(records.getFirst());
            return new Listing<>(line, help, type, true, List.of(), false, rows, typed -> layout);
        }
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
