/**
 * What can be shown of a router, and its text: the views of {@link floof.api.Router#commands}
 * except those of routes.
 */
@org.jspecify.annotations.NullMarked
package floof.api.show;
