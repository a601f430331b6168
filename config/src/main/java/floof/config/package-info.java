/** Schema, trees, candidate, diff, validation, history; pure, no effects. */
@org.jspecify.annotations.NullMarked
package floof.config;
