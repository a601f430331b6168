package floof.control.plan;

import floof.config.value.ConfigError;
import java.io.IOException;
import java.util.List;

/**
 * One step of a plan.
 *
 * @param path the statement to name when the step fails
 * @param text what the operator reads
 * @param action does it, or starts it; {@link Department#settle} waits for its end
 * @param undoText what the operator reads when the step is taken back
 * @param check runs before anything changes
 */
public record Step(
        Phase phase,
        String path,
        String text,
        Action action,
        String undoText,
        Action undo,
        Check check) {

    /** The order of steps; those of one phase keep the order of their departments. */
    public enum Phase {
        REMOVE,
        RESTART,
        BUILD,
        DAEMONS
    }

    /** Changes the system. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException, CommitException;
    }

    /** Runs before anything changes, and changes nothing itself. */
    @FunctionalInterface
    public interface Check {

        /** Finds nothing. */
        Check NONE = () -> {};

        /**
         * @throws CommitException when the step cannot succeed
         */
        void run() throws IOException, CommitException;

        /** Warnings about side effects that are rarely intended. */
        default List<ConfigError> warnings() {
            return List.of();
        }

        /** Appended to the step's text for the operator. */
        default String note() {
            return "";
        }
    }

    /** A step without a check. */
    public Step(
            Phase phase, String path, String text, Action action, String undoText, Action undo) {
        this(phase, path, text, action, undoText, undo, Check.NONE);
    }

    /** The step that takes this one back. */
    public Step inverse() {
        return new Step(phase, path, undoText, undo, text, action);
    }

    /** The same step in another phase. */
    public Step during(Phase other) {
        return new Step(other, path, text, action, undoText, undo, check);
    }

    @Override
    public String toString() {
        return text;
    }
}
