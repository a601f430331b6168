/** The grammar: what may follow at each position of a line, for commands and for completion. */
@org.jspecify.annotations.NullMarked
package floof.cli.grammar;
