/**
 * floofctl: the operator's shell, its session server and the thin client.
 *
 * <p>{@link floof.cli.client.Floofctl} passes bytes between a terminal or a script and {@link
 * floof.cli.SessionServer} in floofd, in the frames of {@code Wire}. A {@code Session} runs a
 * {@code Shell} on a {@code Screen}: {@code TerminalScreen} with JLine's line editor, or {@code
 * ScriptScreen}.
 *
 * <p>The grammar is a graph of {@code Position}s, made as a line is read: commands by {@code
 * CommandGrammar}, the schema's statements by {@code Statements}, live values as arguments. {@code
 * Parse} walks it, for commands and for completion alike. A command gives an {@code Answer} of
 * records, a part of a configuration or text; {@code Output} sends it through {@code Pipe}s, which
 * choose its form ({@code TreeForm}, {@code Json}, {@code Xml}) and filter its lines ({@code
 * Filter}). The {@code Show} classes render records of {@link floof.api.Router}; {@code Tools} run
 * programs with the operator's rights.
 *
 * <p>Prompts, messages and layouts follow Junos where tools read them: "commit complete", "syntax
 * error", the columns of {@code show interfaces terse}. The transcripts among the tests pin them.
 */
@org.jspecify.annotations.NullMarked
package floof.cli;
