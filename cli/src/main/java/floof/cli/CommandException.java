package floof.cli;

import java.util.List;

/** A command that cannot be run, or failed; the message is what the operator reads. */
final class CommandException extends Exception {

    /** No place in the line is at fault. */
    static final int NO_COLUMN = -1;

    private final int column;
    private final List<Suggestion> possible;

    /** The command was understood and failed. */
    CommandException(String message) {
        this(message, NO_COLUMN, List.of());
    }

    /** The line is wrong at {@code column}. */
    CommandException(String message, int column) {
        this(message, column, List.of());
    }

    CommandException(String message, int column, List<Suggestion> possible) {
        super(message);
        this.column = column;
        this.possible = List.copyOf(possible);
    }

    int column() {
        return column;
    }

    /**
     * What to print.
     *
     * @param offset where the line begins on the screen: the caret points below it
     */
    String text(int offset) {
        StringBuilder text = new StringBuilder();
        if (column != NO_COLUMN) {
            text.repeat(' ', offset + column).append("^\n");
        }
        text.append(getMessage()).append('\n');
        if (!possible.isEmpty()) {
            text.append(Suggestion.list(possible));
        }
        return text.toString();
    }
}
