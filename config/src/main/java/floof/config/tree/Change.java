package floof.config.tree;

import java.util.List;

/**
 * One difference between two trees. {@code path} leads to the statement, its own name last; what
 * comes or goes as a whole is one change.
 */
public sealed interface Change {

    List<String> path();

    /** A statement, container or entry that only the new tree has. */
    record Added(List<String> path, Node node) implements Change {}

    /** A statement, container or entry that only the old tree has. */
    record Removed(List<String> path, Node node) implements Change {}

    /** A leaf or leaf-list with other values, maybe other marks too. */
    record Changed(List<String> path, Statement before, Statement after) implements Change {}

    /** The same statement with other marks; what is below it has changes of its own. */
    record Marked(List<String> path, Node before, Node after) implements Change {}

    /**
     * A list whose entries are in another order; its entries that came, went or changed have
     * changes of their own before this one.
     */
    record Reordered(List<String> path, Branch before, Branch after) implements Change {}
}
