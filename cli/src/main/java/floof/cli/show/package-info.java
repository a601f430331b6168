/** Answers of {@code show} as operators see them. */
@org.jspecify.annotations.NullMarked
package floof.cli.show;
