package floof.cli;

import static java.util.Objects.requireNonNull;

import floof.api.Router;
import floof.api.view.Arguments;
import floof.api.view.Layout;
import floof.api.view.Reader;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.api.view.View;
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
        StringBuilder text = new StringBuilder();
        try (View.Answer<R> answer = view.open(typed, reader)) {
            answer.warnings().forEach(it -> text.append("warning: ").append(it).append('\n'));
            List<R> records = new ArrayList<>();
            for (R one = answer.records().next(); one != null; one = answer.records().next()) {
                records.add(one);
            }
            if (answer.layout() instanceof Layout.Whole<R> whole) {
                whole.parts(records)
                        .forEach(it ->
                                text.append(
                                        it instanceof Layout.Filled<?> filled
                                                ? Table.of(filled).text(columns)
                                                : it));
            }
        }
        return text.toString();
    }
}
