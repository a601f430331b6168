/** The grammar: what may come next at each place of a line, for commands and for completion. */
@org.jspecify.annotations.NullMarked
package floof.cli.grammar;
