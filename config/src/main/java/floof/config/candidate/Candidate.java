package floof.config.candidate;

import floof.config.access.Permissions;
import floof.config.edit.Edit;
import floof.config.edit.Merge;
import floof.config.text.Diff;
import floof.config.text.Loaded;
import floof.config.tree.Branch;
import floof.config.value.StatementException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What one editor changes: the candidate that all share, or a private copy, beside the running
 * configuration. {@link #close} ends it, and with it a lock or the copy. Thread: any; every edit is
 * one atomic step, and the most recent of conflicting edits wins.
 */
public final class Candidate implements AutoCloseable {

    /** Whose changes it holds. */
    public enum Mode {
        /** Everybody's; any of them commits all. */
        SHARED,
        /** The shared one, locked: others may look, but neither change nor commit. */
        EXCLUSIVE,
        /** One's own; it must be up to date to be committed. */
        PRIVATE
    }

    /**
     * Who edits.
     *
     * @param terminal {@code -} for none
     * @param pid the client's process, as it says
     */
    public record Owner(String user, String terminal, String pid) {}

    /** A change of the whole tree that may find mistakes; it must not block. */
    public interface Step {
        Branch apply(Branch tree) throws StatementException;
    }

    private final Candidates home;
    private final Mode mode;
    private final Owner owner;
    private final Supplier<Permissions> permissions;
    private final Instant since = Instant.now();
    private volatile Instant active = since;
    private volatile List<String> level = List.of();

    /** What the copy was made of, and the copy; of private ones only. Written under home's lock. */
    volatile Branch base;

    volatile Branch copy;

    Candidate(
            Candidates home,
            Mode mode,
            Owner owner,
            Supplier<Permissions> permissions,
            Branch running) {
        this.home = home;
        this.mode = mode;
        this.owner = owner;
        this.permissions = permissions;
        this.base = running;
        this.copy = running;
    }

    public Mode mode() {
        return mode;
    }

    public Owner owner() {
        return owner;
    }

    public Instant since() {
        return since;
    }

    /** When its owner did something last. */
    public Instant active() {
        return active;
    }

    /** Where its owner is. */
    public List<String> level() {
        return level;
    }

    /** Its owner did something at that level. */
    public void active(List<String> where) {
        active = Instant.now();
        level = List.copyOf(where);
    }

    /** What its owner may see of {@link #whole}; edits begin and end there. */
    public Branch tree() {
        return permissions.get().visible(whole());
    }

    /** What would be committed now. */
    public Branch whole() {
        return home.tree(this);
    }

    /** What its owner may see of what was committed last. */
    public Branch running() {
        return permissions.get().visible(home.running());
    }

    /** True when there is something to commit: of a copy, since it was made or updated. */
    public boolean isModified() {
        return !whole().equals(start());
    }

    /**
     * Applies {@code step}; when it throws the candidate stays. Returns false for no change.
     *
     * @throws StatementException of kind REFUSED when another holds the lock, or a commit waits
     */
    public boolean edit(Step step) throws StatementException {
        synchronized (home) {
            home.mayChange(this);
            Branch before = tree();
            Branch changed = step.apply(before);
            change(changed);
            return changed != before;
        }
    }

    /** Makes the container or entry at that path, as {@code edit} does. */
    public void open(List<String> words) throws StatementException {
        edit(before -> Edit.at(before, words, branch -> branch));
    }

    /** The visible part becomes {@code edited}; what is hidden stays. */
    private void change(Branch edited) throws StatementException {
        home.change(this, permissions.get().merged(whole(), edited));
    }

    /**
     * Refuses to commit what its owner may not change (any more). Of the shared candidate that is
     * not asked: who commits it commits everybody's changes.
     *
     * @throws StatementException that names none of it
     */
    void refuseHidden() throws StatementException {
        if (mode != Mode.SHARED) {
            permissions.get().refuseHidden(Diff.between(start(), whole()));
        }
    }

    /** What its changes are changes of. */
    private Branch start() {
        return mode == Mode.PRIVATE ? base : home.running();
    }

    /**
     * Reads a configuration onto the candidate, or the empty one, as {@code reader} does; with any
     * mistake the candidate stays. Returns the mistakes.
     *
     * @throws StatementException as {@link #edit} does
     */
    public List<Loaded.Mistake> load(Function<Branch, Loaded> reader) throws StatementException {
        synchronized (home) {
            home.mayChange(this);
            Loaded loaded = reader.apply(tree());
            if (loaded.errors().isEmpty()) {
                change(loaded.tree());
            }
            return loaded.errors();
        }
    }

    /**
     * Replaces the whole candidate: load override and rollback.
     *
     * @throws StatementException as {@link #edit} does
     */
    public void replace(Branch whole) throws StatementException {
        edit(before -> whole);
    }

    /** Whether somebody committed since the private copy was made or updated. */
    public boolean isBehind() {
        return mode == Mode.PRIVATE && !base.equals(home.running());
    }

    /**
     * Brings what others committed into a private copy; of conflicting changes theirs stay. Returns
     * the paths of those.
     */
    public List<List<String>> update() {
        synchronized (home) {
            Merge merge = Merge.of(base, copy, home.running());
            copy = merge.tree();
            base = home.running();
            return merge.conflicts().stream().filter(permissions.get()::maySee).toList();
        }
    }

    /** Ends the editing: a copy is discarded, so are uncommitted changes under a lock. */
    @Override
    public void close() {
        home.close(this);
    }
}
