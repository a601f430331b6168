package floof.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns of text: two spaces apart, numbers to the right, unknown values as {@code -}. One that is
 * wider than the screen is cut into several, one below the other, that all begin with the first
 * column.
 */
final class Table implements Answer.Fitted {

    private static final String GAP = "  ";

    private final String[] header;
    private final List<String[]> rows = new ArrayList<>();

    /**
     * @param header names of the columns; a name that begins with '>' marks numbers
     */
    Table(String... header) {
        this.header = header;
    }

    void row(@Nullable Object... values) {
        String[] row = new String[header.length];
        for (int i = 0; i < row.length; i++) {
            @Nullable Object value = i < values.length ? values[i] : null;
            row[i] = value == null || value.toString().isEmpty() ? "-" : value.toString();
        }
        rows.add(row);
    }

    @Override
    public String text(int columns) {
        int[] widths = new int[header.length];
        String[] names = new String[header.length];
        for (int i = 0; i < widths.length; i++) {
            names[i] = isNumber(i) ? header[i].substring(1) : header[i];
            widths[i] = Columns.of(names[i]);
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], Columns.of(row[i]));
            }
        }
        StringBuilder text = new StringBuilder();
        int next = 1;
        do {
            int from = next;
            next = end(widths, from, columns);
            text.append(text.isEmpty() ? "" : "\n");
            line(names, widths, from, next, text);
            for (String[] row : rows) {
                line(row, widths, from, next, text);
            }
        } while (next < header.length);
        return text.toString();
    }

    private boolean isNumber(int column) {
        return header[column].startsWith(">");
    }

    /** Behind the last column that fits beside the first one; at least one does. */
    private static int end(int[] widths, int from, int columns) {
        int used = widths[0];
        int end = from;
        while (end < widths.length) {
            used += GAP.length() + widths[end];
            if (columns > 0 && used > columns && end > from) {
                return end;
            }
            end++;
        }
        return end;
    }

    private void line(String[] cells, int[] widths, int from, int to, StringBuilder out) {
        StringBuilder line = new StringBuilder();
        cell(cells, widths, 0, line);
        for (int i = from; i < to; i++) {
            cell(cells, widths, i, line.append(GAP));
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private void cell(String[] cells, int[] widths, int i, StringBuilder out) {
        String space = Columns.space(cells[i], widths[i]);
        out.append(isNumber(i) ? space + cells[i] : cells[i] + space);
    }

    @Override
    public String toString() {
        return text(0);
    }
}
