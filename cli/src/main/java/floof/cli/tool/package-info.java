/** Runs programs with the operator's rights, and reads and writes the operator's files. */
@org.jspecify.annotations.NullMarked
package floof.cli.tool;
