/**
 * The cache manager: mirrors Linux into the fast path, over FPC to its manager.
 *
 * <p>Per namespace, one thread reads Netlink events into a {@code Cache} of Linux's state and never
 * waits for anything else. The {@code Outbox} queues changes by object: an object that changes
 * again before it is sent is sent once, in its latest state. The thread {@code sync} sends,
 * pipelined, links first and routes last, and remembers for each object what the manager has
 * acknowledged.
 *
 * <p>After a lost connection, an overrun of the Netlink socket or bytes it cannot read, {@link
 * floof.sync.Mirror} goes through MARK, a dump of everything, and SWEEP; events that arrive
 * meanwhile are held and applied after the dump. They may be older than the dump; applied in order
 * they lead to the same state. Forwarding continues throughout: nothing is deleted before the
 * sweep.
 *
 * <p>The best route of each prefix is sent: table local before main, then the lowest metric, then
 * Linux's order. A route that the fast path does not support is sent as {@link
 * floof.fpc.RouteType#UNSUPPORTED}, which leaves it to Linux. Routing rules, and routes that the
 * manager refuses, leave all traffic of the namespace to Linux ({@link floof.fpc.Message.Policy}).
 *
 * <p>Linux is silent about some changes (see {@link floof.linux.netlink.RtnetlinkEvents}): so
 * routes through a link are read again when it changes or loses an address. A slow audit compares
 * everything.
 *
 * <p>Linux does not see the fast path's packets, so its neighbour entries would age. Entries that
 * are STALE and carried packets are used once per interval on Linux's side (NTF_USE), so that Linux
 * probes them.
 *
 * <p>A route of one next hop takes about 290 bytes of heap.
 *
 * <p>Known gaps: a route with an MTU is left to Linux; {@code ignore_routes_with_linkdown} is
 * ignored; VRF devices are unsupported links.
 */
@org.jspecify.annotations.NullMarked
package floof.sync;
