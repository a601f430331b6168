package floof.config;

/** A statement of a configuration; immutable. Equal when it says the same. */
public sealed interface Node permits Branch, Statement {

    SchemaNode schema();

    /** The keyword, or the key of a list entry. */
    String name();
}
