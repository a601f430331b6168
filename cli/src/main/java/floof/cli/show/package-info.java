/** Formats the answers of {@code show}. */
@org.jspecify.annotations.NullMarked
package floof.cli.show;
