package floof.config.tree;

import java.util.List;

/**
 * A leaf, a leaf-list or a flag.
 *
 * @param values parsed values: one for a leaf, one or more for a leaf-list, in the operator's order
 *     when the schema says {@link SchemaNode#isUserOrdered}, else ascending; none for a flag
 */
public record Statement(SchemaNode schema, List<? extends Comparable<?>> values, Marks marks)
        implements Node {

    public Statement {
        values = List.copyOf(values);
    }

    /** One without marks. */
    public Statement(SchemaNode schema, List<? extends Comparable<?>> values) {
        this(schema, values, Marks.NONE);
    }

    @Override
    public String name() {
        return schema.name();
    }

    @Override
    public Statement with(Marks other) {
        return marks.equals(other) ? this : new Statement(schema, values, other);
    }

    /** This statement with other values. */
    public Statement with(List<? extends Comparable<?>> others) {
        return new Statement(schema, others, marks);
    }

    @Override
    public String toString() {
        return TextPrinter.line(this);
    }
}
