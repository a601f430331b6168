package floof.control.commit;

import floof.control.plan.CommitException;
import floof.control.plan.Department;
import floof.control.plan.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a plan out, all of it or nothing: what was done before a failure is undone backwards.
 *
 * @param departments whose steps are carried out
 * @param progress gets the text of each step as it begins; must not block
 */
public record Executor(List<Department> departments, Consumer<String> progress) {

    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

    private void settle() throws IOException, CommitException {
        for (Department department : departments) {
            department.settle();
        }
    }

    /** What makes a plan that was carried out last: its record. */
    @FunctionalInterface
    public interface Record {
        void write() throws IOException;
    }

    /**
     * Carries the plan out and writes the record; when that fails, the plan is undone too.
     *
     * @throws CommitException with the path of the step that failed; everything is as before, or
     *     the message says what is not
     */
    public void execute(List<Step> plan, Record record) throws CommitException {
        List<Step> done = new ArrayList<>();
        for (Step step : plan) {
            try {
                LOG.info("commit: {}", step);
                progress.accept(step + " (" + (done.size() + 1) + " of " + plan.size() + ")");
                step.action().run();
                done.add(step);
            } catch (CommitException e) {
                throw undone(done, e);
            } catch (IOException | RuntimeException e) {
                // Whatever it is: half a commit is worse than none.
                throw undone(done, new CommitException(step.path(), "" + e.getMessage(), e));
            }
        }
        try {
            progress.accept("wait until all has taken effect");
            settle();
            progress.accept("record the revision");
            record.write();
        } catch (CommitException e) {
            throw undone(done, e);
        } catch (IOException | RuntimeException e) {
            throw undone(done, new CommitException("", "not recorded: " + e.getMessage(), e));
        }
    }

    private CommitException undone(List<Step> done, CommitException failure) {
        LOG.warn("commit failed: {}: {}; undoing", failure.path(), failure.getMessage());
        try {
            settle(); // what is only begun cannot be undone
        } catch (IOException | CommitException | RuntimeException e) {
            LOG.warn("before undoing: {}", e.getMessage());
        }
        StringBuilder left = new StringBuilder();
        for (Step step : done.reversed()) {
            Step inverse = step.inverse();
            try {
                LOG.info("undo: {}", inverse);
                progress.accept("undo: " + inverse);
                inverse.action().run();
            } catch (IOException | CommitException | RuntimeException e) {
                LOG.error("undo: {}: {}", inverse, e.getMessage());
                left.append("; could not ").append(inverse).append(": ").append(e.getMessage());
            }
        }
        try {
            settle();
        } catch (IOException | CommitException | RuntimeException e) {
            LOG.error("undo: {}", e.getMessage());
            left.append("; ").append(e.getMessage());
        }
        return left.isEmpty()
                ? failure
                : new CommitException(failure.path(), failure.getMessage() + left, failure);
    }
}
