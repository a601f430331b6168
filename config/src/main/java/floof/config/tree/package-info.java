/**
 * Statements: what one may be ({@link floof.config.tree.SchemaNode}, with its cross checks), and
 * what is said ({@link floof.config.tree.Branch}). Trees are immutable and share what did not
 * change; {@link floof.config.tree.Branch#effective} is what a tree means.
 */
@org.jspecify.annotations.NullMarked
package floof.config.tree;
