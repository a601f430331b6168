package floof.cli;

import org.jspecify.annotations.Nullable;

/** Where a shell prints and asks: a terminal or the two streams of a script. */
interface Screen {

    /** Text for standard output; lines end with a newline. */
    void print(String text);

    /** Text for standard error; a terminal shows both. */
    void error(String text);

    /** One line of input, or null at its end or when the operator gives up. */
    @Nullable String ask(String prompt);

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

    /** True when somebody sits there who can be asked and shown pages. */
    boolean isTerminal();

    /** Text of which a terminal shows one page after the other. */
    void page(String text, int lines);

    /** Lines of the terminal; 0 for a script. */
    int rows();

    /** The operator's word on the columns of the terminal; 0 for as many as can be. */
    void width(int columns);
}
