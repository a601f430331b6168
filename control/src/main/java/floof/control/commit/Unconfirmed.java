package floof.control.commit;

import floof.api.commit.Origin;
import floof.api.commit.PendingCommit.Kind;
import floof.config.store.History;
import floof.config.tree.Branch;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rolls back a commit that nobody confirmed while floofd was down. Thread: the starting one. */
public final class Unconfirmed {

    private static final Logger LOG = LoggerFactory.getLogger(Unconfirmed.class);

    /** The origin of automatic rollbacks. */
    static final Origin TIMER =
            new Origin("root", "timer", "not confirmed in time: automatic rollback");

    private Unconfirmed() {}

    /**
     * Rolls back an unconfirmed commit before anything starts, so that revision 0 is the
     * configuration before it. Also discards the record of a commit that never happened.
     *
     * @return the configuration rolled back, for {@link Commits#start}; null if there was none
     */
    public static @Nullable Branch catchUp(History history, Waiting waiting, InstantSource clock)
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
     * Rolls back although the deadline is lost, because it may have passed. The history knows which
     * configuration the commit replaced.
     */
    private static @Nullable Branch rollBackLost(
            History history, Waiting waiting, InstantSource clock) throws IOException {
        Branch unconfirmed = history.running();
        Branch rollbackTarget;
        try {
            rollbackTarget = history.rollbackTarget();
        } catch (IOException e) {
            waiting.reportLost(
                    "the last commit awaits confirmation, but the configuration before it cannot"
                            + " be read: "
                            + e.getMessage(),
                    "'rollback NUMBER' and 'commit'");
            waiting.setAside();
            return null;
        }
        // Without a revision to go back to, the commit never happened.
        if (rollbackTarget == null || rollbackTarget.equals(unconfirmed)) {
            waiting.setAside();
            return null;
        }
        rollBack(history, rollbackTarget, clock);
        waiting.setAside();
        return unconfirmed;
    }
}
