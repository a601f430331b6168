package floof.config.tree;

import java.util.ArrayList;
import java.util.List;

/** A statement of a configuration; immutable. Equal when it says the same with the same marks. */
public sealed interface Node permits Branch, Statement {

    SchemaNode schema();

    /** The keyword, or the key of a list entry. */
    String name();

    /** Whether it is inactive or protected, and its annotation. */
    Marks marks();

    /** This statement with other marks. */
    Node with(Marks marks);

    /** The path extended by one step. */
    static <T> List<T> below(List<T> path, T step) {
        List<T> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }
}
