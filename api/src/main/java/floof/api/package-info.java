/** The records and the service by which front doors speak to floofd. */
@org.jspecify.annotations.NullMarked
package floof.api;
