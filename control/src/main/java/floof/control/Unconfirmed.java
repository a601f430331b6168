package floof.control;

import floof.api.Origin;
import floof.api.PendingCommit.Kind;
import floof.config.Branch;
import floof.config.History;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A commit that nobody confirmed while floofd was away. Thread: that of the start. */
final class Unconfirmed {

    private static final Logger LOG = LoggerFactory.getLogger(Unconfirmed.class);

    /** Who rolls back what nobody confirmed. */
    static final Origin TIMER =
            new Origin("root", "timer", "not confirmed in time: automatic rollback");

    private Unconfirmed() {}

    /**
     * Rolls back before anything starts what was to be confirmed while floofd was away: revision 0
     * is what it was before. Also forgets what waits for a commit that never came to be.
     *
     * @return what was rolled back, for {@link Commits#start}; null for nothing
     */
    static @Nullable Branch catchUp(History history, Waiting waiting, InstantSource clock)
            throws IOException {
        if (waiting.isLost()) {
            return rollBackLost(history, waiting, clock);
        }
        Waiting.Item item = waiting.item();
        if (item == null || item.kind() != Kind.CONFIRMATION) {
            return null;
        }
        Branch unconfirmed = history.running();
        if (item.tree().equals(unconfirmed)) {
            waiting.put(null);
        } else if (waiting.due() != null) {
            rollBack(history, item.tree(), clock);
            waiting.put(null);
            return unconfirmed;
        }
        return null;
    }

    private static void rollBack(History history, Branch tree, InstantSource clock)
            throws IOException {
        LOG.warn("the last commit was not confirmed in time; automatic rollback");
        history.add(tree, clock.instant(), TIMER.user(), TIMER.client(), TIMER.comment());
    }

    /**
     * Nobody knows until when it could be confirmed: it could be that its time is over. The history
     * knows what it was committed in place of.
     */
    private static @Nullable Branch rollBackLost(
            History history, Waiting waiting, InstantSource clock) throws IOException {
        Branch unconfirmed = history.running();
        Branch wayBack;
        try {
            wayBack = history.wayBack();
        } catch (IOException e) {
            waiting.tellLost(
                    "the last commit was to be confirmed, and what ran before cannot be read: "
                            + e.getMessage(),
                    "'rollback NUMBER' and 'commit'");
            waiting.setAside();
            return null;
        }
        // Without a way back the commit never came to be.
        if (wayBack == null || wayBack.equals(unconfirmed)) {
            waiting.setAside();
            return null;
        }
        rollBack(history, wayBack, clock);
        waiting.setAside();
        return unconfirmed;
    }
}
