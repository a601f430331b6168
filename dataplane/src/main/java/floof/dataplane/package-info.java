/** The nodes: Ethernet, IPv4, IPv6, exceptions. */
@org.jspecify.annotations.NullMarked
package floof.dataplane;
