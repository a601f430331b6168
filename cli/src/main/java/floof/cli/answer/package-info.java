/** The answer of a command, and its formats: columns of text, JSON, XML. */
@org.jspecify.annotations.NullMarked
package floof.cli.answer;
