/** Where a shell prints and asks: a script's two streams; pages, and signs of work in progress. */
@org.jspecify.annotations.NullMarked
package floof.cli.screen;
