/** Programs that run with the operator's rights, and files as the operator names them. */
@org.jspecify.annotations.NullMarked
package floof.cli.tool;
