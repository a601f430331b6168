/** Value types, secrets and the vault that seals them, and errors with a path. */
@org.jspecify.annotations.NullMarked
package floof.config.value;
