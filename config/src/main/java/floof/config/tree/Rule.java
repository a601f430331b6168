package floof.config.tree;

import floof.config.check.Validation;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cross check between statements, declared at the container or list entry ("the branch") that all
 * of them are below of. {@link Validation} applies it, the manual and the YANG module tell it.
 */
public sealed interface Rule {

    /** Path, below the branch, of the statement that is at fault; empty for the branch itself. */
    String at();

    /**
     * What is wrong and what is expected, after the statement's path. {@code <PATH>} stands for the
     * value there, {@code <value>} for the one at fault, {@code <owner>} for who used it first.
     */
    String message();

    /** What an operator reads, with the statement's place below the branch. */
    default String sentence() {
        return (at().replace('/', ' ') + ": " + message()).replaceFirst("^: ", "");
    }

    /** The condition holds of every such branch. */
    record Must(String at, Condition condition, String message) implements Rule {}

    /**
     * Each value of the statement passes.
     *
     * @param xpath the same for YANG, from the value's node
     */
    record Each(String at, BiPredicate<Branch, Comparable<?>> test, String xpath, String message)
            implements Rule {}

    /**
     * The value is of one branch only, among all values used as {@code what}. Of an address with a
     * prefix length the address counts.
     *
     * @param when where it is used at all
     */
    record Unique(String at, String what, Condition when, String message) implements Rule {

        /** It is used everywhere. */
        public Unique(String at, String what, String message) {
            this(at, what, Condition.ALWAYS, message);
        }
    }

    /**
     * What follows from each value is known as {@code what}: others must not use it, but any number
     * may imply it. YANG does not tell it.
     *
     * @param key what follows; null for nothing
     */
    record Implies(String at, String what, Function<Comparable<?>, @Nullable Comparable<?>> key)
            implements Rule {

        @Override
        public String message() {
            return "";
        }
    }

    /** No value of the statement is used or implied as {@code what}. */
    record Unused(String at, String what, String message) implements Rule {}
}
