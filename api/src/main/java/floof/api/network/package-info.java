/** Interfaces, neighbours, routes and BGP sessions as front ends see them. */
@org.jspecify.annotations.NullMarked
package floof.api.network;
