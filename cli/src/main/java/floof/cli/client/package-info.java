/** The thin client: passes bytes between a terminal, or a script, and the shell in floofd. */
@org.jspecify.annotations.NullMarked
package floof.cli.client;
