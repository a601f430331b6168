/** floofctl: grammar, completion, pipes, rendering, and the thin client. */
@org.jspecify.annotations.NullMarked
package floof.cli;
