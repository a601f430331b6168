package floof.config.candidate;

import floof.config.access.Permissions;
import floof.config.edit.Merge;
import floof.config.tree.Branch;
import floof.config.value.StatementException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The running configuration and everybody's candidates: the shared one, private copies, and who
 * holds the lock. Thread: any.
 */
public final class Candidates {

    private final List<Candidate> open = new ArrayList<>();

    // Read without the lock: nobody who only looks waits for a load or a merge.
    private volatile Branch running;
    private volatile Branch working;
    private volatile Branch shared;

    /** Why nobody may change anything: a commit that waits for its time. */
    private @Nullable String frozen;

    public Candidates(Branch running) {
        this(running, running);
    }

    /**
     * @param working the part of {@code running} that this version can use, until the next commit
     */
    public Candidates(Branch running, Branch working) {
        this.running = running;
        this.working = working;
        this.shared = running;
    }

    /** What was committed last. */
    public Branch running() {
        return running;
    }

    /** What the system follows: the running configuration, or the part of it that is usable. */
    public Branch working() {
        return working;
    }

    /** The candidate that all share. */
    public Branch shared() {
        return shared;
    }

    /** Whether the shared candidate has something to commit. */
    public boolean isModified() {
        return !shared.equals(running);
    }

    /** Who edits, first come first. */
    public synchronized List<Candidate> open() {
        return List.copyOf(open);
    }

    /**
     * Begins to edit.
     *
     * @param permissions what the owner may do by now; asked again for each edit
     * @throws StatementException of kind REFUSED, naming the lock's holder or what is uncommitted
     */
    public synchronized Candidate open(
            Candidate.Mode mode, Candidate.Owner owner, Supplier<Permissions> permissions)
            throws StatementException {
        if (mode != Candidate.Mode.SHARED) {
            Candidate holder = holder();
            if (holder != null) {
                throw lockedBy(holder);
            }
            if (isModified()) {
                throw StatementException.refused(
                        "the shared candidate has uncommitted changes; commit them or 'rollback'");
            }
        }
        Candidate candidate = new Candidate(this, mode, owner, permissions, running);
        open.add(candidate);
        return candidate;
    }

    private @Nullable Candidate holder() {
        return open.stream()
                .filter(it -> it.mode() == Candidate.Mode.EXCLUSIVE)
                .findFirst()
                .orElse(null);
    }

    private static StatementException lockedBy(Candidate holder) {
        return StatementException.refused(
                "configuration locked by "
                        + holder.owner().user()
                        + " terminal "
                        + holder.owner().terminal()
                        + " (pid "
                        + holder.owner().pid()
                        + ")");
    }

    /**
     * Refuses a commit by {@code by} (null: by no session) while another holds the lock.
     *
     * @throws StatementException of kind REFUSED
     */
    public synchronized void mayCommit(@Nullable Candidate by) throws StatementException {
        Candidate holder = holder();
        if (holder != null && holder != by) {
            throw lockedBy(holder);
        }
        if (frozen != null) {
            throw StatementException.refused(frozen);
        }
        if (by != null) {
            by.refuseHidden();
        }
    }

    /** Puts a configuration into the shared candidate: one that waits for its time. */
    public synchronized void share(Branch tree) {
        shared = tree;
    }

    /** From now on nobody may change or commit, for that reason; null lifts it. */
    public synchronized void freeze(@Nullable String reason) {
        frozen = reason;
    }

    /**
     * Makes {@code committed} the running configuration. Edits that came while it was being
     * committed, or that others have in the shared candidate, stay there.
     *
     * @param by whose it was; null when no session had it
     */
    public synchronized void committed(Branch committed, @Nullable Candidate by) {
        Branch before = running;
        running = committed;
        working = committed;
        if (by != null && by.mode() == Candidate.Mode.PRIVATE) {
            by.copy = Merge.of(before, committed, by.copy).tree();
            by.base = committed;
        }
        // What is uncommitted came later than what is committed now: it stays.
        shared = shared.equals(committed) ? committed : rebased(before, committed);
    }

    private Branch rebased(Branch before, Branch committed) {
        return shared.equals(before) ? committed : Merge.of(before, committed, shared).tree();
    }

    Branch tree(Candidate candidate) {
        return candidate.mode() == Candidate.Mode.PRIVATE ? candidate.copy : shared;
    }

    synchronized void mayChange(Candidate candidate) throws StatementException {
        if (frozen != null) {
            throw StatementException.refused(frozen);
        }
        Candidate holder = holder();
        if (holder != null && holder != candidate && candidate.mode() == Candidate.Mode.SHARED) {
            throw lockedBy(holder);
        }
    }

    synchronized void change(Candidate candidate, Branch tree) {
        if (candidate.mode() == Candidate.Mode.PRIVATE) {
            candidate.copy = tree;
        } else {
            shared = tree;
        }
    }

    synchronized void close(Candidate candidate) {
        if (open.remove(candidate) && candidate.mode() == Candidate.Mode.EXCLUSIVE) {
            shared = running;
        }
    }
}
