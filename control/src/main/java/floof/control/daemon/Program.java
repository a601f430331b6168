package floof.control.daemon;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is particular to a daemon. Thread: any, one call at a time but for {@link #ask}. */
public interface Program {

    /** For tasks, alarms and messages: {@code fast-path}. */
    String name();

    /** The one of this instance that lives; null for none. What is in its way is ended. */
    @Nullable Living find() throws IOException;

    /**
     * Starts one, which answers when this returns.
     *
     * @param isRecovery in place of one that has ended
     * @throws IOException when it cannot be started; then none is left
     */
    Living start(boolean isRecovery) throws IOException;

    /**
     * Asks it something that it answers at once when it is well.
     *
     * @throws IOException when it gave no answer within two seconds
     */
    void ask() throws IOException;

    default boolean answers() {
        try {
            ask();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether its end was announced, by others than {@link Daemon#recycle}: it is no fault. */
    default boolean isEndAnnounced() {
        return false;
    }

    /** It was started again by the daemon's own watch, not by who asked for it. */
    default void revived() throws IOException {}
}
