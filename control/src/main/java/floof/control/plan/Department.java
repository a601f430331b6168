package floof.control.plan;

import floof.base.alarm.Alarms;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Owns one subject of the configuration and its state in the system. What it cannot have is left
 * out as a whole, so that the rest works: a <em>statement</em>, which is a chapter ({@code
 * routing}) or an entry of one ({@code interfaces ge-0}). Thread: one at a time, unless a method
 * says otherwise.
 */
public interface Department {

    /**
     * The part of the configuration whose statements it answers for.
     *
     * @param name the words that its statements begin with
     * @param isWatched whether it follows when links change; if not, at the start and in commits
     * @param isPerDevice whether each of its entries is a statement, which may wait for a device:
     *     one that comes has it tried again, and commits leave it out while it is wanted as it was
     */
    record Chapter(String name, boolean isWatched, boolean isPerDevice) {

        /** Of a department that answers for no statement. */
        public static final Chapter NONE = new Chapter("", false, false);
    }

    /** Its chapter, always the same. */
    default Chapter chapter() {
        return Chapter.NONE;
    }

    /**
     * The steps from the present state, read from the system, to the intent. The same input gives
     * the same steps.
     *
     * @param isFull also repeats what the system already has, where that helps
     * @throws CommitException when the intent cannot be met
     */
    List<Step> plan(Intent shall, boolean isFull) throws IOException, CommitException;

    /**
     * Warnings about legal but probably unintended settings, and about side effects.
     *
     * @param shall a configuration that is to be committed
     * @param running nothing is warned of that it has as well
     */
    default List<ConfigError> warnings(Branch shall, Branch running) {
        return List.of();
    }

    /** Waits until the actions that steps started have finished. */
    default void settle() throws IOException, CommitException {}

    // ---- between commits ----------------------------------------------------------------------

    /**
     * Mends what a plan takes for granted.
     *
     * @return statements of the intent that cannot be had now, and why
     */
    default Map<String, String> heal(Intent shall) {
        return Map.of();
    }

    /** Tests again, once a minute, what Linux reports no change of; a test may disturb traffic. */
    default void lookAgain() {}

    /** The system follows this intent now, as far as it can. */
    default void followed(Intent shall, Alarms alarms) {}

    // ---- statements that cannot be had --------------------------------------------------------

    /** Whether two intents want the same of a statement that was left out. */
    default boolean isSame(String statement, Intent one, Intent other) {
        return false;
    }

    /** Whether what was left out, and is wanted as it was, may succeed now. */
    default boolean isWorthTrying(Intent shall) {
        return true;
    }

    /** What has it tried again, for operators. */
    default String remedy() {
        return "it is retried automatically";
    }

    /**
     * The intent to try next, after a statement failed.
     *
     * @param failed the intent that was tried
     * @return {@code failed} itself to try the same without the statement's steps
     */
    default Intent fallback(String statement, Intent failed) {
        return failed;
    }

    /** Statements that do not work although no step failed, and why. Thread: any. */
    default Map<String, String> faults() {
        return Map.of();
    }
}
