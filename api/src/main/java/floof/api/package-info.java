/** The service and the records through which front ends use floofd. */
@org.jspecify.annotations.NullMarked
package floof.api;
