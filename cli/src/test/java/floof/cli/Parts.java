package floof.cli;

import static java.util.Objects.requireNonNull;

import floof.api.Router;
import floof.api.view.Arguments;
import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.api.view.Reader;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.answer.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Texts of views without a session. */
final class Parts {

    private Parts() {}

    static String text(Router router, String path, Reader reader, int columns) {
        return text(router, path, Map.of(), reader, columns);
    }

    static String text(
            Router router, String path, Map<String, String> typed, Reader reader, int columns) {
        View<?> view = (View<?>) requireNonNull(router.commands().find("show " + path));
        try {
            return text(view, new Arguments(typed), reader, columns);
        } catch (UnavailableException | UnknownException e) {
            throw new AssertionError(e);
        }
    }

    private static <R> String text(View<R> view, Arguments typed, Reader reader, int columns)
            throws UnavailableException, UnknownException {
        View.Answer<R> answer = view.open(typed, reader);
        StringBuilder text = new StringBuilder();
        try (Lines lines =
                new Answer.Viewing<>(view.type(typed), view.isOne(), answer, false)
                        .lines(List.of(), columns, "")) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                text.append(line).append('\n');
            }
        } catch (CommandException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    /**
     * A table.
     *
     * @param heads of its columns, with spaces between them
     */
    static Table table(String heads, List<Object[]> rows) {
        List<Column<Object[]>> columns = new ArrayList<>();
        for (String head : heads.split(" ")) {
            int i = columns.size();
            columns.add(Column.of(head, row -> row[i]));
        }
        return Table.of(new Layout.Table<>(columns).of(rows));
    }
}
