package floof.control.plan;

import java.io.IOException;
import java.util.List;

/** Owns one subject of the configuration, and what the system has of it. */
public interface Department {

    /**
     * The steps from what the system has, read from it, to what it shall have. The same input gives
     * the same steps.
     *
     * @param isFull also repeats what is so already, where that helps
     * @throws CommitException when it cannot be had
     */
    List<Step> plan(Intent shall, boolean isFull) throws IOException, CommitException;

    /** Waits for the end of what steps began. */
    default void settle() throws IOException, CommitException {}
}
