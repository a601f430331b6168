package floof.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns of text: two spaces apart, numbers to the right, unknown values as {@code -}. */
final class Table {

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
    public String toString() {
        int[] widths = new int[header.length];
        String[] names = new String[header.length];
        for (int i = 0; i < widths.length; i++) {
            names[i] = header[i].startsWith(">") ? header[i].substring(1) : header[i];
            widths[i] = names[i].length();
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        line(names, widths, text);
        rows.forEach(row -> line(row, widths, text));
        return text.toString();
    }

    private void line(String[] cells, int[] widths, StringBuilder out) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String space = " ".repeat(widths[i] - cells[i].length());
            line.append(i == 0 ? "" : "  ");
            line.append(header[i].startsWith(">") ? space + cells[i] : cells[i] + space);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
