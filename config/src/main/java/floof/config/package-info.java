/**
 * The configuration: what may be said, what is said, and how it changes.
 *
 * <p>{@link floof.config.schema.Schema} says it all once: names, types, help, defaults, order.
 * Parsers, printers, completion and checks read it there, rules between statements ({@link
 * floof.config.tree.Rule}, applied by {@link floof.config.check.Validation}) too. A new statement
 * is a line in its chapter of the schema.
 *
 * <p>A configuration is a tree of {@link floof.config.tree.Branch}es and {@link
 * floof.config.tree.Statement}s with parsed values. Trees are immutable; {@link
 * floof.config.edit.Edit} makes new ones that share every untouched subtree, so that {@link
 * floof.config.text.Diff} skips what is the same object and a revision costs what changed.
 * Containers without content do not exist; list entries do.
 *
 * <p>Life: text ({@link floof.config.text.TextParser}, {@link floof.config.text.SetParser}) or
 * edits change a {@link floof.config.candidate.Candidate}; a commit validates it ({@link
 * floof.config.check.Validator}), applies the difference and adds it to the {@link
 * floof.config.store.History}. What is printed is read back to an equal tree.
 *
 * <p>Each statement may have {@link floof.config.tree.Marks}; groups and what is inactive are
 * dissolved by {@link floof.config.tree.Branch#effective}, which all use who ask what a
 * configuration means. Leaf-lists and list entries are kept in the order of their values, or in the
 * operator's where the schema says so.
 *
 * <p>Limits: 64 Mi characters of text, words of 4096, annotations of 1024, 100,000 values in a
 * leaf-list, 10,000 statements for one line with ranges, 50 mistakes reported, blocks 32 deep, 50
 * revisions.
 */
@org.jspecify.annotations.NullMarked
package floof.config;
