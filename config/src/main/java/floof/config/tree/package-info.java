/**
 * Schema nodes ({@link floof.config.tree.SchemaNode}, with cross checks) and configuration trees
 * ({@link floof.config.tree.Branch}). Trees are immutable and share unchanged parts. {@link
 * floof.config.tree.Branch#effective} resolves groups and inactive statements.
 */
@org.jspecify.annotations.NullMarked
package floof.config.tree;
