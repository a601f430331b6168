/**
 * Linux's routing Netlink (rtnetlink(7)): dumps, events and changes of links, addresses,
 * neighbours, routes and rules.
 *
 * <p>{@link floof.linux.netlink.Rtnetlink} asks and changes, {@link
 * floof.linux.netlink.RtnetlinkEvents} listens. Both belong to the network namespace of the thread
 * that opens them. What the kernel says becomes records with Linux's own numbers
 * (linux/rtnetlink.h, if_link.h, if_addr.h, neighbour.h, fib_rules.h); attributes nobody asked
 * about are passed over.
 *
 * <p>Lengths are never believed: a message or attribute that does not fit into what holds it, or
 * has not the length of its kind, is a {@link floof.linux.netlink.MalformedNetlink}. Messages and
 * attributes have 4 bytes at least, so that a walk always ends.
 */
@org.jspecify.annotations.NullMarked
package floof.linux.netlink;
