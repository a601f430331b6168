package floof.api;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who did what: an append-only log in which each entry vouches for those before it. Secrets are
 * masked by who writes an entry. Thread: any.
 */
public interface AuditLog {

    /** What happened. */
    enum Kind {
        /** A session began. */
        LOGIN,
        /** A session ended. */
        LOGOUT,
        /** A command was run. */
        COMMAND,
        /** A line was no command; what could be a secret in it is told by its length only. */
        FAULTY,
        /** Something was not permitted. */
        REFUSED,
        /** A configuration became the running one. */
        COMMIT,
        /** A statement of it changed. */
        CHANGE,
        /** The log itself: begun anew, checked. */
        LOG
    }

    /**
     * @param client terminal and process of the user's client, as it says
     * @param text one line
     */
    record Entry(long sequence, Instant time, String user, String client, Kind kind, String text) {

        /** The same for who may not read the text. */
        public Entry withoutText() {
            return new Entry(sequence, time, user, client, kind, "");
        }
    }

    /**
     * @param checked entries that are there and in order
     * @param fault the first place at which the log was altered, or null
     */
    record Verification(long checked, @Nullable String fault) {}

    /**
     * Adds an entry; it is in the kernel's hands when this returns, and on disk within a second.
     *
     * @param text control characters are escaped, and it is cut after {@code 4096} characters
     * @throws IOException when it cannot be written
     */
    void add(String user, String client, Kind kind, String text) throws IOException;

    /** The last entries, oldest first. */
    List<Entry> last(int count) throws IOException;

    /** Reads all of it again and finds any altered, missing or cut-off entry. */
    Verification verify() throws IOException;
}
