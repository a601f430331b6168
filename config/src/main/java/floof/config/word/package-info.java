/** Tokens of configuration text, and patterns that match several of them. */
@org.jspecify.annotations.NullMarked
package floof.config.word;
