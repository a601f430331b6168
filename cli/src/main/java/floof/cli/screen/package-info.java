/** Where a shell prints and asks questions: a script's streams, the pager, the progress line. */
@org.jspecify.annotations.NullMarked
package floof.cli.screen;
