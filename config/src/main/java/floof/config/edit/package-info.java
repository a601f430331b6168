/** Edits trees: set, delete, rename, copy, replace, merge. The old tree stays unchanged. */
@org.jspecify.annotations.NullMarked
package floof.config.edit;
