/** What can be done to a running router, but for what needs a session of the shell. */
@org.jspecify.annotations.NullMarked
package floof.api.operation;
