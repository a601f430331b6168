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
     * @param value records, printed by {@code | display json}
     * @param text what is printed otherwise
     */
    record Data(Object value, String text) implements Answer {}

    /**
     * A part of a configuration.
     *
     * @param root the whole
     * @param path the part's place
     * @param candidate true when it is not the running one
     */
    record Tree(Branch root, List<String> path, boolean candidate) implements Answer {}
}
