package floof.config;

/** A statement of a configuration; immutable. Equal when it says the same with the same marks. */
public sealed interface Node permits Branch, Statement {

    SchemaNode schema();

    /** The keyword, or the key of a list entry. */
    String name();

    /** Whether it is inactive or protected, and its annotation. */
    Marks marks();

    /** This statement with other marks. */
    Node with(Marks marks);
}
