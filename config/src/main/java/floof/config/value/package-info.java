/**
 * Types of single values, secrets with the vault that seals them, and the errors that name a place.
 */
@org.jspecify.annotations.NullMarked
package floof.config.value;
