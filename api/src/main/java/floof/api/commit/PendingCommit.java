package floof.api.commit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A commit that is not the end of it.
 *
 * @param kind what it waits for
 * @param deadline when it is rolled back, or done; null for a restart of the machine
 * @param origin who asked for it
 */
public record PendingCommit(Kind kind, @Nullable Instant deadline, Origin origin) {

    /** What it waits for. */
    public enum Kind {
        /** Done, and rolled back at the deadline unless a commit confirms it. */
        CONFIRMATION,
        /** Done at the deadline. */
        TIME,
        /** Done when the machine has started again. */
        REBOOT
    }
}
