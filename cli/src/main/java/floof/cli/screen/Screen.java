package floof.cli.screen;

import floof.api.Program;
import floof.cli.answer.Answer;
import floof.cli.answer.CommandException;
import floof.cli.answer.Lines;
import floof.cli.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Where a shell prints and asks: a terminal or the two streams of a script. */
public interface Screen {

    /** Where frames for the client go. */
    interface Sink {
        void write(Wire.Type type, byte[] bytes, int offset, int length) throws IOException;
    }

    /** Text for standard output; lines end with a newline. */
    void print(String text);

    /** Text for standard error; a terminal shows both. */
    void error(String text);

    /** One line of input, or null at its end or when the operator gives up. */
    @Nullable String ask(String prompt);

    /** Whether the operator gave up the last question, by Ctrl-C. */
    default boolean isGivenUp() {
        return false;
    }

    /** Like {@link #ask}, but what is typed is neither shown nor remembered. */
    default @Nullable String askSecret(String prompt) {
        return ask(prompt);
    }

    /** A word of the router's own, at any time; it must not block. Thread: any. */
    void tell(String text);

    /** Asks for yes or no, yes when just Enter is pressed; a script means what it says. */
    default boolean isAffirmed(String question) {
        if (!isTerminal()) {
            return true;
        }
        String answer = ask(question);
        return answer != null && (answer.isBlank() || "yes".startsWith(answer.strip()));
    }

    /** Asks for yes or no, no when just Enter is pressed. */
    default boolean isConfirmed(String question) {
        String answer = ask(question);
        return answer != null && !answer.isBlank() && "yes".startsWith(answer.strip());
    }

    /** True when somebody sits there who can be asked and shown pages. */
    boolean isTerminal();

    /**
     * Lines of which a terminal shows one page after the other; no more are taken than are shown.
     *
     * @param length rows of a page, 0 for all at once
     * @param hold stay at the end until the operator leaves
     */
    void page(Lines lines, int length, boolean hold) throws CommandException;

    /** Something that takes long. */
    interface Work {
        void run() throws CommandException;
    }

    /**
     * Does work of which nobody may want the end.
     *
     * @param giveUp what ends it when the operator presses Ctrl-C or the client goes; any thread
     */
    void interruptibly(Runnable giveUp, Work work) throws CommandException;

    /** Draws once and waits for a key; false ends the loop. */
    interface Turn {
        boolean run() throws CommandException;
    }

    /**
     * Repeats turns. Ctrl-C ends them also during drawing, when it is a signal rather than a key.
     */
    default void turns(Turn turn) throws CommandException {
        AtomicBoolean isEnded = new AtomicBoolean();
        interruptibly(
                () -> isEnded.set(true),
                () -> {
                    boolean goesOn = true;
                    while (goesOn && !isEnded.get()) {
                        goesOn = turn.run();
                    }
                });
    }

    /** Shows these lines, as many as fit, and nothing else; on a terminal only. */
    void replace(String title, List<String> lines);

    /** No key was pressed. */
    int NO_KEY = -2;

    /** The next key that is pressed, {@link #NO_KEY} after {@code ms}, -1 at the end of input. */
    int key(long ms);

    /** Lines of the terminal; 0 for a script. */
    int rows();

    /** What a program needs to know of the terminal; null for a script. */
    Program.@Nullable Size size();

    /** Shows what a program prints and gives it the keys, until it ends or the client goes. */
    void run(Program.Running program) throws IOException;

    /** What may take long. */
    interface Question {
        Answer run() throws CommandException;
    }

    /** Runs it; a terminal shows meanwhile that it does. */
    default Answer working(Question question) throws CommandException {
        return question.run();
    }

    /** The step at work, which a terminal shows while {@link #working}. */
    default void progress(String step) {}

    /** Does something when the client goes, until the watch is closed. */
    InputPipe.Watch atGone(Runnable action);

    /** Columns of the terminal; 0 for as many as can be. */
    int columns();

    /** Whether the operator wants to see colours. */
    boolean hasColours();

    /** The operator's word on the columns of the terminal; 0 for as many as can be. */
    void width(int columns);
}
