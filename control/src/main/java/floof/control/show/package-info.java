/** Answers for {@code show} about links, the fast path and the machine. */
@org.jspecify.annotations.NullMarked
package floof.control.show;
