/**
 * REST. {@code GET /show/fast-path/ports} gives what {@code show fast-path ports | display json}
 * gives the same user, {@code GET /configuration/interfaces} what {@code show configuration
 * interfaces | display json} does. Arguments of a view are the query: {@code
 * /show/route?prefix=192.0.2.0/24&protocol=bgp}. The user is who the kernel says has connected.
 */
@org.jspecify.annotations.NullMarked
package floof.web;
