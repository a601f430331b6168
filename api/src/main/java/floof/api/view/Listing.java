package floof.api.view;

import java.util.List;
import java.util.function.Function;

/**
 * A view whose records are read at once.
 *
 * @param hasColumns whether a part of its text is a table that may leave columns out
 */
public record Listing<R>(
        String line,
        String help,
        Class<R> type,
        boolean isOne,
        List<Parameter> parameters,
        boolean hasColumns,
        View.Rows<R> rows,
        Function<Arguments, Layout<R>> layout)
        implements View<R> {

    /** The same with what may be typed behind the line. */
    public Listing<R> with(Parameter... typed) {
        return new Listing<>(line, help, type, isOne, List.of(typed), hasColumns, rows, layout);
    }

    /** The same with columns that may be left out. */
    public Listing<R> detailed() {
        return new Listing<>(line, help, type, isOne, parameters, true, rows, layout);
    }

    @Override
    public Class<R> type(Arguments arguments) {
        return type;
    }

    @Override
    public boolean hasDetail(Arguments arguments) {
        return hasColumns
                || layout.apply(arguments) instanceof Layout.Table<R> table
                        && table.columns().stream().anyMatch(it -> it.priority() > 0);
    }

    @Override
    public Answer<R> open(Arguments arguments, Reader reader)
            throws UnavailableException, UnknownException {
        return Answer.of(rows.read(arguments, reader), layout.apply(arguments));
    }
}
