/** Fast path manager: FPC server that writes the tables. */
@org.jspecify.annotations.NullMarked
package floof.manager;
