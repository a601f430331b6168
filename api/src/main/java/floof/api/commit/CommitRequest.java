package floof.api.commit;

import floof.config.candidate.Candidate;
import floof.config.tree.Branch;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What shall be committed, and how.
 *
 * @param editor whose candidate the tree is; null when no session edited it
 * @param confirmWithin the time after which it is rolled back unless another commit confirms it;
 *     null for one that stays
 * @param at when it shall be done; null for now
 * @param full everything is pushed again, not only the difference
 * @param progress gets the text of each step as it begins, which may name any statement; must not
 *     block. Thread: the one that commits
 */
public record CommitRequest(
        Branch tree,
        Origin origin,
        @Nullable Candidate editor,
        @Nullable Duration confirmWithin,
        @Nullable CommitTime at,
        boolean full,
        Consumer<String> progress) {

    /** One without options. */
    public static CommitRequest of(Branch tree, Origin origin) {
        return new CommitRequest(tree, origin, null, null, null, false, step -> {});
    }

    /** What an editor's candidate holds now. */
    public static CommitRequest of(Candidate editor, Origin origin) {
        return new CommitRequest(editor.whole(), origin, editor, null, null, false, step -> {});
    }

    /**
     * The same with what its editor's candidate holds by now: while it waited for its turn others
     * may have committed what they share, which it must not take back.
     */
    public CommitRequest current() {
        return editor == null
                ? this
                : new CommitRequest(
                        editor.whole(), origin, editor, confirmWithin, at, full, progress);
    }

    public CommitRequest confirmed(Duration within) {
        return new CommitRequest(tree, origin, editor, within, at, full, progress);
    }

    public CommitRequest at(CommitTime time) {
        return new CommitRequest(tree, origin, editor, confirmWithin, time, full, progress);
    }

    public CommitRequest fully() {
        return new CommitRequest(tree, origin, editor, confirmWithin, at, true, progress);
    }

    public CommitRequest from(Origin other) {
        return new CommitRequest(tree, other, editor, confirmWithin, at, full, progress);
    }

    public CommitRequest reportingTo(Consumer<String> listener) {
        return new CommitRequest(tree, origin, editor, confirmWithin, at, full, listener);
    }
}
