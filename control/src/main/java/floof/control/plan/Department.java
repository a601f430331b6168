package floof.control.plan;

import java.io.IOException;
import java.util.List;

/** Owns one subject of the configuration and its state in the system. */
public interface Department {

    /**
     * The steps from the present state, read from the system, to the intent. The same input gives
     * the same steps.
     *
     * @param isFull also repeats what the system already has, where that helps
     * @throws CommitException when the intent cannot be met
     */
    List<Step> plan(Intent shall, boolean isFull) throws IOException, CommitException;

    /** Waits until the actions that steps started have finished. */
    default void settle() throws IOException, CommitException {}
}
