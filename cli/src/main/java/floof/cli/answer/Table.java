package floof.cli.answer;

import floof.api.view.Layout;
import floof.api.view.Layout.Column;
import floof.base.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Columns of text: two spaces apart, numbers to the right, unknown values as {@code -}.
 *
 * <p>When the screen is too narrow, the least important columns are left out, unless the table
 * shall be whole; then the last column continues on further lines, broken between words. Only what
 * is still wider is cut into several tables, one below the other, that all begin with the first
 * column.
 */
public final class Table {

    private static final String GAP = "  ";

    /** A last column that would get less is not broken into lines. */
    private static final int WRAPPED_MIN = 16;

    private final List<? extends Column<?>> columns;
    private final List<String[]> rows = new ArrayList<>();
    private int[] widths = {};
    private List<Integer> shown = List.of();

    private Table(List<? extends Column<?>> columns) {
        this.columns = columns;
    }

    public static <R> Table of(Layout.Filled<R> filled) {
        return of(filled.table(), filled.rows());
    }

    static <R> Table of(Layout.Table<R> layout, List<R> rows) {
        Table table = new Table(layout.columns());
        rows.forEach(row -> table.rows.add(cells(layout, row)));
        return table;
    }

    static <R> String[] cells(Layout.Table<R> layout, R row) {
        String[] cells = new String[layout.columns().size()];
        for (int i = 0; i < cells.length; i++) {
            Object value = layout.columns().get(i).value().apply(row);
            cells[i] = value == null || value.toString().isEmpty() ? "-" : value.toString();
        }
        return cells;
    }

    /** Columns that {@link #text} leaves out. */
    public int leftOut(int columns) {
        fit(columns, false);
        return this.columns.size() - shown.size();
    }

    /** The line that tells the reader about columns left out; empty for none. */
    static String leftOutNote(int count) {
        return count == 0
                ? ""
                : "(" + Plural.of(count, "column") + " left out; 'detail' shows all)\n";
    }

    private void fit(int columns, boolean isWhole) {
        measure();
        shown = IntStream.range(0, this.columns.size()).boxed().toList();
        if (columns > 0 && !isWhole) {
            leaveOut(columns);
        }
    }

    /**
     * @param columns of the screen, 0 for no end
     * @param isWhole whether every column is there, however narrow the screen
     */
    public String text(int columns, boolean isWhole) {
        fit(columns, isWhole);
        StringBuilder text = new StringBuilder();
        int next = 1;
        do {
            int from = next;
            next = end(from, columns);
            text.append(text.isEmpty() ? "" : "\n");
            line(names(), from, next, columns, text);
            for (String[] row : rows) {
                line(row, from, next, columns, text);
            }
        } while (next < shown.size());
        return text.toString();
    }

    /** One more row below {@link #text}. */
    String more(String[] cells) {
        StringBuilder text = new StringBuilder();
        line(cells, 1, shown.size(), 0, text);
        return text.toString();
    }

    private String[] names() {
        return columns.stream().map(Column::name).toArray(String[]::new);
    }

    private boolean isNumber(int column) {
        return columns.get(column).isNumber();
    }

    private int priority(int column) {
        return columns.get(column).priority();
    }

    private void measure() {
        String[] names = names();
        widths = new int[names.length];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Columns.of(names[i]);
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], Columns.of(row[i]));
            }
        }
    }

    private void leaveOut(int columns) {
        List<Integer> left = new ArrayList<>(shown);
        while (width(left, left.size()) > columns) {
            int least = 0;
            for (int i = 1; i < left.size(); i++) {
                least = priority(left.get(i)) >= priority(left.get(least)) ? i : least;
            }
            if (priority(left.get(least)) == 0) {
                break;
            }
            left.remove(least);
        }
        shown = left;
    }

    /** Of the first {@code count} of some columns. */
    private int width(List<Integer> some, int count) {
        int width = GAP.length() * Math.max(0, count - 1);
        for (int i = 0; i < count; i++) {
            width += widths[some.get(i)];
        }
        return width;
    }

    /** Behind the last column that fits beside the first one; at least one does. */
    private int end(int from, int columns) {
        int used = widths[shown.getFirst()];
        int end = from;
        while (end < shown.size()) {
            boolean isWrapped = end == shown.size() - 1 && !isNumber(shown.get(end));
            int needed = GAP.length() + widths[shown.get(end)];
            int least = isWrapped ? Math.min(needed, GAP.length() + WRAPPED_MIN) : needed;
            if (columns > 0 && used + least > columns && end > from) {
                return end;
            }
            used += needed;
            end++;
        }
        return end;
    }

    private void line(String[] cells, int from, int to, int columns, StringBuilder out) {
        StringBuilder line = new StringBuilder();
        cell(cells, shown.getFirst(), line);
        for (int i = from; i < to - 1; i++) {
            cell(cells, shown.get(i), line.append(GAP));
        }
        if (to > from) {
            line.append(GAP);
            int last = shown.get(to - 1);
            int room = columns - Columns.of(line.toString());
            if (columns > 0 && !isNumber(last) && room >= WRAPPED_MIN) {
                String indent = "\n" + Columns.space("", columns - room);
                line.append(String.join(indent, Columns.wrap(cells[last], room)));
            } else {
                cell(cells, last, line);
            }
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private void cell(String[] cells, int i, StringBuilder out) {
        String space = Columns.space(cells[i], widths[i]);
        out.append(isNumber(i) ? space + cells[i] : cells[i] + space);
    }
}
