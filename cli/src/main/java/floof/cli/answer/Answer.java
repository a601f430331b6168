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
     * Records that are made as they are shown.
     *
     * @param type of a record
     * @param isOne whether it is one record, and no list
     * @param answer who prints closes it
     * @param isWhole whether a table has every column
     */
    record Viewing<R>(Class<?> type, boolean isOne, View.Answer<R> answer, boolean isWhole)
            implements Answer {

        @Override
        public Viewing<R> whole() {
            return new Viewing<>(type, isOne, answer, true);
        }

        /**
         * @param display what stands behind {@code | display}, nothing for text
         * @param columns of the screen, 0 for no end
         * @param banner what stands above the prompt
         */
        public Viewed<R> lines(List<String> display, int columns, String banner)
                throws CommandException {
            if (display.isEmpty()) {
                return Viewed.text(answer, columns, isWhole);
            }
            return switch (display.getFirst()) {
                case "json" -> Viewed.json(answer, isOne);
                case "xml" -> Viewed.xml(answer, type, banner);
                case "detail" -> Viewed.text(answer, columns, true);
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
