package floof.cli;

import floof.config.Branch;
import java.util.List;

/** What a command gives back. */
sealed interface Answer {

    /** Nothing to print. */
    Answer NONE = new Text("");

    /**
     * Lines, each with its newline.
     *
     * @param detail what {@code | display detail} prints before them
     */
    record Text(String text, String detail) implements Answer {

        Text(String text) {
            this(text, "");
        }
    }

    /**
     * Operational data.
     *
     * @param value records, printed by {@code | display json} and {@code xml}
     * @param parts what is printed otherwise: texts, and tables that are fitted to the screen
     */
    record Data(Object value, List<?> parts) implements Answer {

        Data(Object value, Object... parts) {
            this(value, List.of(parts));
        }

        /**
         * @param columns of the screen, 0 for no end
         */
        String text(int columns) {
            StringBuilder text = new StringBuilder();
            for (Object part : parts) {
                text.append(part instanceof Table table ? table.text(columns) : part);
            }
            return text.toString();
        }
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
