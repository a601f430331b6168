package floof.api.view;

import java.util.List;

/** Something was named that does not exist. */
public final class UnknownException extends Exception {

    private final List<String> known;

    /**
     * @param known what could have been meant
     */
    public UnknownException(String message, List<String> known) {
        super(message);
        this.known = List.copyOf(known);
    }

    public List<String> known() {
        return known;
    }
}
