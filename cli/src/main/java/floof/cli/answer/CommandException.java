package floof.cli.answer;

import java.util.List;

/** A command that cannot be run, or failed; the message is what the operator reads. */
public final class CommandException extends Exception {

    /** No place in the line is at fault. */
    static final int NO_COLUMN = -1;

    /** More names than these are no help in a message: ? lists them. */
    private static final int NAMED_MAX = 8;

    private final int column;
    private final List<Suggestion> possible;

    /** The command was understood and failed. */
    public CommandException(String message) {
        this(message, NO_COLUMN, List.of());
    }

    /** The line is wrong at {@code column}. */
    public CommandException(String message, int column) {
        this(message, column, List.of());
    }

    public CommandException(String message, int column, List<Suggestion> possible) {
        super(message);
        this.column = column;
        this.possible = List.copyOf(possible);
    }

    /**
     * Nothing has the name that was typed.
     *
     * @param message what is not there
     * @param known names that would have been good
     */
    public static CommandException unknown(String message, List<String> known) {
        String expected =
                known.isEmpty() || known.size() > NAMED_MAX
                        ? ""
                        : "; expected " + String.join(" or ", known);
        return new CommandException("error: " + message + expected);
    }

    public int column() {
        return column;
    }

    /**
     * What to print.
     *
     * @param shown what stands above the caret on the screen: prompt and line
     * @param offset length of the prompt
     */
    public String text(String shown, int offset) {
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
