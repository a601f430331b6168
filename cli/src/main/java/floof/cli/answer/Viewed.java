package floof.cli.answer;

import floof.api.view.Json;
import floof.api.view.Layout;
import floof.api.view.UnavailableException;
import floof.api.view.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a view's answer, in one of its forms: made record by record, so that memory stays
 * the same however many come; only a {@link Layout.Whole} has all of them at once.
 */
public final class Viewed<R> implements Lines {

    /** Records of a table that its columns are fitted to. */
    private static final int SAMPLE = 1000;

    /** How records become text. Thread: one. */
    private interface Form<R> {
        /** What stands before the first. */
        String begin();

        String record(R value) throws UnavailableException;

        String end();
    }

    /** What texts may take. */
    public interface Budget {
        /**
         * @throws CommandException when there is no room
         */
        void take(String text) throws CommandException;
    }

    private final View.Answer<R> answer;
    private final Form<R> form;
    private final boolean isText;
    private final Deque<String> ready = new ArrayDeque<>();

    /** The begin of a line whose end has not come. */
    private final StringBuilder unfinished = new StringBuilder();

    private boolean isBegun;
    private boolean isOver;
    private String apart = "";
    private volatile boolean isGivenUp;
    private Budget budget = text -> {};

    private Viewed(View.Answer<R> answer, Form<R> form, boolean isText) {
        this.answer = answer;
        this.form = form;
        this.isText = isText;
    }

    /**
     * As text, with the warnings before and after it.
     *
     * @param columns of the screen, 0 for no end
     * @param isWhole whether a table has every column
     */
    public static <R> Viewed<R> text(View.Answer<R> answer, int columns, boolean isWhole) {
        String warnings = lines(answer.warnings());
        return new Viewed<>(
                answer,
                switch (answer.layout()) {
                    case Layout.Printer<R> printer -> new Printed<>(warnings, printer);
                    case Layout.Table<R> table ->
                            new Tabled<>(warnings, table, isWhole ? 0 : columns);
                    case Layout.Whole<R> whole ->
                            new Gathered<>(warnings, whole, columns, isWhole, new ArrayList<>());
                },
                true);
    }

    /**
     * As JSON.
     *
     * @param isOne whether it is one record, and no list
     */
    static <R> Viewed<R> json(View.Answer<R> answer, boolean isOne) {
        return new Viewed<>(
                answer,
                new Form<>() {
                    private boolean isFirst = true;

                    @Override
                    public String begin() {
                        return "";
                    }

                    @Override
                    public String record(R value) {
                        String text = isOne ? Json.print(value) : Json.next(value, isFirst);
                        isFirst = false;
                        return text;
                    }

                    @Override
                    public String end() {
                        return isOne ? "" : Json.next(null, isFirst);
                    }
                },
                false);
    }

    /**
     * As XML.
     *
     * @param banner what stands above the prompt
     */
    static <R> Viewed<R> xml(View.Answer<R> answer, Class<?> type, String banner) {
        return new Viewed<>(
                answer,
                new Form<>() {
                    @Override
                    public String begin() {
                        return Xml.begin();
                    }

                    @Override
                    public String record(R value) {
                        return Xml.element(type.getSimpleName(), Json.plain(value));
                    }

                    @Override
                    public String end() {
                        return Xml.end(banner);
                    }
                },
                false);
    }

    /** The same; text that is long at once is taken from a budget. */
    public Viewed<R> within(Budget room) {
        budget = room;
        return this;
    }

    /** The reader wants no more: the next line is refused. Thread: any. */
    public void giveUp() {
        isGivenUp = true;
    }

    @Override
    public @Nullable String next() throws CommandException {
        while (ready.isEmpty() && !isOver) {
            fill();
        }
        if (isGivenUp) {
            throw new CommandException("error: interrupted; the output is incomplete");
        }
        return ready.pollFirst();
    }

    private void fill() throws CommandException {
        if (!isBegun) {
            isBegun = true;
            add(form.begin());
        }
        R value;
        try {
            value = isGivenUp ? null : answer.records().next();
            add(value == null ? form.end() : form.record(value));
        } catch (UnavailableException e) {
            throw new CommandException("error: " + e.getMessage() + "; the output is incomplete");
        }
        isOver = value == null;
        if (isOver && !isGivenUp) {
            String gaps = lines(answer.records().gaps());
            if (isText) {
                add(gaps);
            } else {
                apart = gaps;
            }
        }
    }

    private static String lines(List<String> warnings) {
        return String.join(
                "", warnings.stream().map(warning -> "warning: " + warning + "\n").toList());
    }

    /** Warnings that came with the end and are no part of the form; empty for none. */
    public String apart() {
        return apart;
    }

    private void add(String text) throws CommandException {
        budget.take(text);
        unfinished.append(text);
        int end = unfinished.lastIndexOf("\n") + 1;
        unfinished.substring(0, end).lines().forEach(ready::addLast);
        unfinished.delete(0, end);
    }

    @Override
    public void close() {
        answer.close();
    }

    private record Printed<R>(String begin, Layout.Printer<R> printer) implements Form<R> {

        @Override
        public String record(R value) throws UnavailableException {
            StringBuilder text = new StringBuilder();
            printer.print(value, text);
            return text.toString();
        }

        @Override
        public String end() {
            return "";
        }
    }

    /** The text of all records at once. */
    private record Gathered<R>(
            String begin, Layout.Whole<R> layout, int columns, boolean isWhole, List<R> all)
            implements Form<R> {

        @Override
        public String record(R value) {
            all.add(value);
            return "";
        }

        @Override
        public String end() {
            StringBuilder text = new StringBuilder();
            int leftOut = 0;
            for (Object part : layout.parts(all)) {
                if (part instanceof Layout.Filled<?> filled) {
                    Table table = Table.of(filled);
                    text.append(table.text(columns, isWhole));
                    leftOut += isWhole ? 0 : table.leftOut(columns);
                } else {
                    text.append(part);
                }
            }
            return text.append(Table.leftOutNote(leftOut)).toString();
        }
    }

    /** Columns are fitted to the first records; what is wider later stands out. */
    private static final class Tabled<R> implements Form<R> {

        private final String warnings;
        private final Layout.Table<R> layout;
        private final int columns;
        private final List<R> sample = new ArrayList<>();
        private @Nullable Table table;
        private int leftOut;

        Tabled(String warnings, Layout.Table<R> layout, int columns) {
            this.warnings = warnings;
            this.layout = layout;
            this.columns = columns;
        }

        @Override
        public String begin() {
            return warnings;
        }

        @Override
        public String record(R value) {
            Table fitted = table;
            if (fitted != null) {
                return fitted.more(Table.cells(layout, value));
            }
            sample.add(value);
            return sample.size() < SAMPLE ? "" : fit();
        }

        @Override
        public String end() {
            return (table == null ? fit() : "") + Table.leftOutNote(leftOut);
        }

        private String fit() {
            Table all = Table.of(layout, sample);
            sample.clear();
            table = all;
            leftOut = all.leftOut(columns);
            return all.text(columns, false);
        }
    }
}
