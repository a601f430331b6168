package floof.control.commit;

import floof.control.bird.Bird;
import floof.control.bird.BirdException;
import floof.control.fastpath.FastPath;
import floof.control.plan.CommitException;
import floof.control.plan.Operation;
import floof.control.port.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a plan out, all of it or nothing: what was done before a failure is undone backwards. */
public final class Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

    /** Does one operation. */
    @FunctionalInterface
    public interface Step {
        void run(Operation operation) throws IOException, BirdException, CommitException;

        /** Waits for the end of what {@link #run} only began. */
        default void settle() throws IOException, CommitException {}
    }

    private final Step step;
    private final Consumer<String> progress;

    /**
     * @param progress gets the text of each step as it begins; must not block
     */
    public Executor(Step step, Consumer<String> progress) {
        this.step = step;
        this.progress = progress;
    }

    /** The step that acts on the system. */
    public static Step on(Ports ports, Bird bird, FastPath fastPath) {
        return new Step() {
            @Override
            public void run(Operation operation)
                    throws IOException, BirdException, CommitException {
                switch (operation) {
                    case Operation.ClaimDevice it ->
                            ports.claim(it.port(), it.index(), it.attachment());
                    case Operation.ReleaseDevice it -> ports.release(it.port());
                    case Operation.CreateTwin it ->
                            ports.createTwin(it.port(), it.index(), it.attachment());
                    case Operation.DeleteTwin it -> ports.deleteTwin(it.port());
                    case Operation.AttachPort it -> ports.beginAttach(it.port());
                    case Operation.DetachPort it -> ports.beginDetach(it.port());
                    case Operation.SetMtu it -> ports.setMtu(it.port(), it.after());
                    case Operation.SetAdmin it -> ports.setAdmin(it.port(), it.up());
                    case Operation.AddAddress it ->
                            ports.addAddress(it.port(), it.address(), it.behind());
                    case Operation.RemoveAddress it -> ports.removeAddress(it.port(), it.address());
                    case Operation.RestartFastPath it -> {
                        ports.settle();
                        fastPath.restart(it.after());
                    }
                    case Operation.ConfigureBird it -> bird.configure(it.after());
                }
            }

            @Override
            public void settle() throws IOException, CommitException {
                ports.settle();
            }
        };
    }

    /** What makes a plan that was carried out last: its record. */
    @FunctionalInterface
    public interface Record {
        void write() throws IOException;
    }

    /**
     * Carries the plan out and writes the record; when that fails, the plan is undone too.
     *
     * @throws CommitException with the path of the operation that failed; everything is as before,
     *     or the message says what is not
     */
    public void execute(List<Operation> plan, Record record) throws CommitException {
        List<Operation> done = new ArrayList<>();
        for (Operation operation : plan) {
            try {
                LOG.info("commit: {}", operation);
                progress.accept(operation + " (" + (done.size() + 1) + " of " + plan.size() + ")");
                step.run(operation);
                done.add(operation);
            } catch (CommitException e) {
                throw undone(done, e);
            } catch (IOException | BirdException | RuntimeException e) {
                // Whatever it is: half a commit is worse than none.
                throw undone(done, new CommitException(operation.path(), "" + e.getMessage(), e));
            }
        }
        try {
            progress.accept("wait for the fast path");
            step.settle();
            progress.accept("record the revision");
            record.write();
        } catch (CommitException e) {
            throw undone(done, e);
        } catch (IOException | RuntimeException e) {
            throw undone(done, new CommitException("", "not recorded: " + e.getMessage(), e));
        }
    }

    private CommitException undone(List<Operation> done, CommitException failure) {
        LOG.warn("commit failed: {}: {}; undoing", failure.path(), failure.getMessage());
        try {
            step.settle(); // what is only begun cannot be undone
        } catch (IOException | CommitException | RuntimeException e) {
            LOG.warn("before undoing: {}", e.getMessage());
        }
        StringBuilder left = new StringBuilder();
        for (Operation operation : done.reversed()) {
            Operation inverse = operation.inverse();
            try {
                LOG.info("undo: {}", inverse);
                progress.accept("undo: " + inverse);
                step.run(inverse);
            } catch (IOException | BirdException | CommitException | RuntimeException e) {
                LOG.error("undo: {}: {}", inverse, e.getMessage());
                left.append("; could not ").append(inverse).append(": ").append(e.getMessage());
            }
        }
        try {
            step.settle();
        } catch (IOException | CommitException | RuntimeException e) {
            LOG.error("undo: {}", e.getMessage());
            left.append("; ").append(e.getMessage());
        }
        return left.isEmpty()
                ? failure
                : new CommitException(failure.path(), failure.getMessage() + left, failure);
    }
}
