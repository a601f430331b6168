/** Bounds on what sessions may use: memory for configurations, and connections. */
@org.jspecify.annotations.NullMarked
package floof.cli.limit;
