package floof.api.view;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something that can be done. Thread: any.
 *
 * @param deed does it
 */
public record Operation(String line, String help, List<Parameter> parameters, Deed deed)
        implements Command {

    /** What an operation does. */
    @FunctionalInterface
    public interface Deed {
        /**
         * @param progress gets each step as it begins; must not block
         * @return text for the user, lines with their newlines; empty for none
         * @throws UnavailableException when a part is away
         * @throws UnknownException when something is named that does not exist
         * @throws IOException when it fails; the message is for the user
         */
        String run(Arguments typed, Consumer<String> progress)
                throws UnavailableException, UnknownException, IOException;
    }

    /**
     * @param parameters what may be typed behind the line, in the order of the canonical one
     */
    public static Operation of(String line, String help, Deed deed, Parameter... parameters) {
        return new Operation(line, help, List.of(parameters), deed);
    }
}
