/** What sessions may take: memory for configurations, and connections. */
@org.jspecify.annotations.NullMarked
package floof.cli.limit;
