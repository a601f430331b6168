package floof.cli.answer;

import floof.api.view.View;
import floof.config.tree.Branch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command gives back. */
public sealed interface Answer {

    /** Nothing to print. */
    Answer NONE = new Text("");

    /** The same with every column of its tables, however narrow the screen. */
    default Answer whole() {
        return this;
    }

    /**
     * Lines, each with its newline.
     *
     * @param detail what {@code | display detail} prints before them
     */
    record Text(String text, String detail) implements Answer {

        public Text(String text) {
            this(text, "");
        }
    }

    /**
     * Operational data.
     *
     * @param type of the record, or of those in a list
     * @param value a record or a list, printed by {@code | display json} and {@code xml}
     * @param parts what is printed otherwise: texts, and what is {@link Fitted} to the screen
     */
    record Data(Class<?> type, Object value, List<?> parts) implements Answer {

        public Data(Record value, Object... parts) {
            this(value.getClass(), value, List.of(parts));
        }

        public static <T> Data of(Class<T> type, List<T> values, Object... parts) {
            return new Data(type, values, List.of(parts));
        }

        /**
         * @param columns of the screen, 0 for no end
         */
        public String text(int columns) {
            StringBuilder text = new StringBuilder();
            int leftOut = 0;
            for (Object part : parts) {
                if (part instanceof Fitted fitted) {
                    text.append(fitted.text(columns));
                    leftOut += fitted.leftOut(columns);
                } else {
                    text.append(part);
                }
            }
            return text.append(Table.leftOutNote(leftOut)).toString();
        }

        @Override
        public Data whole() {
            List<?> whole =
                    parts.stream().map(it -> it instanceof Fitted f ? f.whole() : it).toList();
            return new Data(type, value, whole);
        }
    }

    /** A part of an answer that is laid out for a screen. */
    interface Fitted {
        /**
         * @param columns of the screen, 0 for no end
         */
        public String text(int columns);

        /** Columns of a table that {@link #text} leaves out. */
        default int leftOut(int columns) {
            return 0;
        }

        /** The same with nothing left out. */
        default Fitted whole() {
            return this;
        }
    }

    /**
     * Records that are made as they are shown.
     *
     * @param type of a record
     * @param answer who prints closes it
     * @param isWhole whether a table has every column
     */
    record Viewing<R>(Class<?> type, View.Answer<R> answer, boolean isWhole) implements Answer {

        @Override
        public Viewing<R> whole() {
            return new Viewing<>(type, answer, true);
        }

        /**
         * @param display what stands behind {@code | display}, nothing for text
         * @param columns of the screen, 0 for no end
         * @param banner what stands above the prompt
         */
        public Viewed<R> lines(List<String> display, int columns, String banner)
                throws CommandException {
            if (display.isEmpty()) {
                return Viewed.text(answer, isWhole ? 0 : columns);
            }
            return switch (display.getFirst()) {
                case "json" -> Viewed.json(answer);
                case "xml" -> Viewed.xml(answer, type, banner);
                case "detail" -> Viewed.text(answer, 0);
                default ->
                        throw new CommandException(
                                "error: 'display "
                                        + String.join(" ", display)
                                        + "' is for configurations only");
            };
        }
    }

    /** What becomes of a line before it is shown. */
    interface Through {
        public List<String> lines(String line) throws CommandException;
    }

    /** Something that shows what it has to say while it runs. */
    @FunctionalInterface
    non-sealed interface Live extends Answer {

        /**
         * @param pipes null when there are none: then it has the screen and the keys to itself
         */
        void run(@Nullable Through pipes) throws CommandException;
    }

    /**
     * A part of a configuration.
     *
     * @param root the whole
     * @param path the part's place
     * @param candidate true when it is not the running one
     */
    record Tree(Branch root, List<String> path, boolean candidate) implements Answer {}
}
