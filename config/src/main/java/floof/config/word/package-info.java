/** Tokens of configuration text, and the patterns that stand for several of them. */
@org.jspecify.annotations.NullMarked
package floof.config.word;
