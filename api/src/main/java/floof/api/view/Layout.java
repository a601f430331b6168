package floof.api.view;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The text form of a view's records. */
public sealed interface Layout<R> {

    /**
     * A line each.
     *
     * @param columns from left to right
     */
    record Table<R>(List<Column<R>> columns) implements Layout<R> {

        public Table {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column; what is null is printed as {@code -}.
     *
     * @param isNumber whether it stands to the right
     * @param priority 0 is never left out; where there is no room the highest goes first
     */
    record Column<R>(
            String name, boolean isNumber, int priority, Function<R, @Nullable Object> value) {

        public static <R> Column<R> text(
                String name, int priority, Function<R, @Nullable Object> value) {
            return new Column<>(name, false, priority, value);
        }

        public static <R> Column<R> number(
                String name, int priority, Function<R, @Nullable Object> value) {
            return new Column<>(name, true, priority, value);
        }
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
