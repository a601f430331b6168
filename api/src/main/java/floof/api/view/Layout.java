package floof.api.view;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The text form of a view's records. */
public sealed interface Layout<R> {

    /** Of all records at once. */
    static <R> Layout<R> whole(Whole<R> parts) {
        return parts;
    }

    /**
     * A line each.
     *
     * @param columns from left to right
     */
    record Table<R>(List<Column<R>> columns) implements Layout<R> {

        public Table {
            columns = List.copyOf(columns);
        }

        @SafeVarargs
        public static <R> Table<R> of(Column<R>... columns) {
            List<Column<R>> all = new ArrayList<>();
            for (Column<R> column : columns) {
                all.add(column);
            }
            return new Table<>(all);
        }

        /** With its rows, as a part of a {@link Whole}. */
        public Filled<R> of(List<R> rows) {
            return new Filled<>(this, rows);
        }
    }

    /** A table and its rows. */
    record Filled<R>(Table<R> table, List<R> rows) {}

    /**
     * A column; what is null or empty is printed as {@code -}.
     *
     * @param isNumber whether it stands to the right
     * @param priority 0 is never left out; where there is no room the highest goes first
     */
    record Column<R>(
            String name, boolean isNumber, int priority, Function<R, @Nullable Object> value) {

        /**
         * @param head the name; {@code >} before it marks numbers, {@code ?} and a digit behind it
         *     are the priority
         */
        public static <R> Column<R> of(String head, Function<R, @Nullable Object> value) {
            boolean isNumber = head.startsWith(">");
            int mark = head.indexOf('?');
            String name = head.substring(isNumber ? 1 : 0, mark < 0 ? head.length() : mark);
            return new Column<>(
                    name,
                    isNumber,
                    mark < 0 ? 0 : Integer.parseInt(head.substring(mark + 1)),
                    value);
        }
    }

    /** Of all records at once, where they are few. */
    @FunctionalInterface
    non-sealed interface Whole<R> extends Layout<R> {

        /** Texts and {@link Filled} tables, one below the other. */
        List<?> parts(List<R> records);
    }

    /** As many lines each as it needs. For one reading: it may remember what it printed last. */
    @FunctionalInterface
    non-sealed interface Printer<R> extends Layout<R> {

        /**
         * Appends the lines of a record, each with its newline, fitted to 80 columns.
         *
         * @throws UnavailableException when it needs more than the record, whose source went away
         */
        void print(R row, StringBuilder out) throws UnavailableException;
    }
}
