/** Ports: claimed devices, their links in the dataplane namespace, and the fast path's side. */
@org.jspecify.annotations.NullMarked
package floof.control.port;
