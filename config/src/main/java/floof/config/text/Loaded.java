package floof.config.text;

import floof.config.tree.Branch;
import java.util.List;

/**
 * What reading a configuration gave.
 *
 * @param tree the tree it was read onto with what was read; only meant for use without errors
 * @param errors every mistake found, first to last
 * @param warnings what was left out since it was about something that is not there
 */
public record Loaded(Branch tree, List<Mistake> errors, List<Mistake> warnings) {

    Loaded(Branch tree, List<Mistake> errors) {
        this(tree, errors, List.of());
    }

    /**
     * A mistake in a text; line and column count from 1.
     *
     * @param token the word at fault
     */
    public record Mistake(int line, int column, String token, String message) {
        @Override
        public String toString() {
            return "line " + line + ", column " + column + ": " + message;
        }
    }
}
