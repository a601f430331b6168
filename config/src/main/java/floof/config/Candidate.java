package floof.config;

import java.util.List;
import java.util.function.Function;

/**
 * The candidate configuration that all operators share, beside the running one it came from.
 * Thread: any; every edit is one atomic step, and the most recent of conflicting edits wins.
 */
public final class Candidate {

    /** A change of the whole tree that may find mistakes; it must not block. */
    public interface Step {
        Branch apply(Branch tree) throws StatementException;
    }

    private Branch running;
    private Branch tree;

    public Candidate(Branch running) {
        this.running = running;
        this.tree = running;
    }

    /** What would be committed now. */
    public synchronized Branch tree() {
        return tree;
    }

    /** What was committed last. */
    public synchronized Branch running() {
        return running;
    }

    /** True when there is something to commit. */
    public synchronized boolean isModified() {
        return !tree.equals(running);
    }

    /** Applies {@code step}; when it throws the candidate stays. Returns false for no change. */
    public synchronized boolean edit(Step step) throws StatementException {
        Branch changed = step.apply(tree);
        boolean differs = changed != tree;
        tree = changed;
        return differs;
    }

    /** {@link Edit#set} on the candidate. */
    public void set(List<String> words) throws StatementException {
        edit(before -> Edit.set(before, words));
    }

    /** {@link Edit#delete} on the candidate; false when there is nothing of that name. */
    public boolean delete(List<String> words) throws StatementException {
        return edit(before -> Edit.delete(before, words));
    }

    /** Makes the container or entry at that path, as {@code edit} does. */
    public void open(List<String> words) throws StatementException {
        edit(before -> Edit.at(before, List.of(), words, branch -> branch));
    }

    /**
     * Reads a configuration onto the candidate, or the empty one, as {@code reader} does; with any
     * mistake the candidate stays. Returns the mistakes.
     */
    public synchronized List<Loaded.Mistake> load(Function<Branch, Loaded> reader) {
        Loaded loaded = reader.apply(tree);
        if (loaded.errors().isEmpty()) {
            tree = loaded.tree();
        }
        return loaded.errors();
    }

    /** Replaces the whole candidate: load override and rollback. */
    public synchronized void replace(Branch whole) {
        tree = whole;
    }

    /**
     * Makes {@code committed} the running configuration. Edits that came while it was being
     * committed stay in the candidate.
     */
    public synchronized void committed(Branch committed) {
        if (tree.equals(committed) || tree.equals(running)) {
            tree = committed;
        }
        running = committed;
    }
}
