/** Changes of a tree by words: set, delete, rename, copy, replace, merge. The old tree stays. */
@org.jspecify.annotations.NullMarked
package floof.config.edit;
