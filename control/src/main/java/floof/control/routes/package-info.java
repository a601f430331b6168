/**
 * The answer to {@code show route}: the kernel's routes, with what BIRD knows about those it set,
 * and BIRD's routes that were not chosen. Both come by ascending prefix and are joined as they are
 * read, so that memory does not grow with the table.
 */
@org.jspecify.annotations.NullMarked
package floof.control.routes;
