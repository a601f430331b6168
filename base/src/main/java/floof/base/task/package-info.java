/** Background tasks: each has an owner, a name, an end, and a handler for what it throws. */
@org.jspecify.annotations.NullMarked
package floof.base.task;
