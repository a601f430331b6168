/**
 * The cache manager: mirrors Linux into the fast path, over FPC to its manager.
 *
 * <p>Per namespace, one thread reads Netlink events into a {@code Cache} of what Linux has and
 * never waits for anything else. What changed is queued by object in the {@code Outbox}: an object
 * that changes again before it is sent is sent once, as it is by then. The thread {@code sync}
 * sends, pipelined, links first and routes last, and keeps for each object what the manager has
 * acknowledged.
 *
 * <p>After a lost connection, an overrun of the Netlink socket or bytes it cannot read, {@link
 * floof.sync.Mirror} goes through MARK, a dump of everything, and SWEEP; events that come meanwhile
 * are held and applied after the dump. They may be older than the dump; applied in their order they
 * lead to the same end. Forwarding goes on all the time: nothing is deleted before the sweep.
 *
 * <p>Of a prefix the best route is sent: table local before main, then the lowest metric, then
 * Linux's order. What the fast path cannot follow is sent as {@link
 * floof.fpc.RouteType#UNSUPPORTED}, which leaves it to Linux; routing rules, and routes that the
 * manager refuses, make all traffic of the namespace Linux's ({@link floof.fpc.Message.Policy}).
 *
 * <p>Linux is silent about some changes (see {@link floof.linux.netlink.RtnetlinkEvents}): routes
 * through a link that changes, or loses an address, are read again. A slow audit compares
 * everything.
 *
 * <p>Linux sees no packet of the fast path, so its neighbour entries would age: those that are
 * STALE and carried packets are used once per interval on Linux's side (NTF_USE), so that Linux
 * probes them.
 *
 * <p>A route of one next hop takes about 290 bytes of heap.
 *
 * <p>Known gaps: a route's MTU other than 0 leaves it to Linux; {@code ignore_routes_with_linkdown}
 * is not looked at; VRF devices are links of no use here.
 */
@org.jspecify.annotations.NullMarked
package floof.sync;
