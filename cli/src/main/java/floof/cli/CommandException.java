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
     * @param shown what stands above the caret on the screen: prompt and line
     * @param offset length of the prompt
     */
    String text(String shown, int offset) {
        StringBuilder text = new StringBuilder();
        if (column != NO_COLUMN) {
            String before = shown.substring(0, Math.min(offset + column, shown.length()));
            int beyond = offset + column - before.length();
            text.repeat(' ', Columns.of(before) + beyond).append("^\n");
        }
        text.append(getMessage()).append('\n');
        if (!possible.isEmpty()) {
            text.append(Suggestion.list(possible, 0));
        }
        return text.toString();
    }
}
