package floof.config;

import java.util.List;

/**
 * A leaf, a leaf-list or a flag.
 *
 * @param values parsed values: one for a leaf, one or more in ascending order for a leaf-list, none
 *     for a flag
 */
public record Statement(SchemaNode schema, List<? extends Comparable<?>> values) implements Node {

    public Statement {
        values = List.copyOf(values);
    }

    @Override
    public String name() {
        return schema.name();
    }

    @Override
    public String toString() {
        return TextPrinter.line(this);
    }
}
