/**
 * Fast path manager: FPC server that writes the tables.
 *
 * <p>{@link floof.manager.TableServer} receives messages on its one thread. {@code StateWriter} has
 * a method for each kind of object. {@code Links} knows links, ports and the adjacencies through
 * them. {@code RouteSources} decides which of several sources gets a prefix. {@code Readings}
 * answers queries.
 *
 * <p>How Linux's objects are represented: a connected prefix leads to its link's glean adjacency
 * (NEIGHBOUR_UNRESOLVED), a route to the adjacency of its gateway, a route with several next hops
 * to a group of them, any other type to a fixed adjacency. Adjacencies are updated in place from
 * their link and neighbour, so that a route is written once, however often its gateway appears and
 * disappears. Our own addresses, with broadcast and subnet-router anycast, are host entries.
 *
 * <p>Resync: MARK begins a resync, each object that is sent again belongs to it, SWEEP deletes the
 * others. Objects that are sent again do not change, so forwarding is not disturbed. The same holds
 * after a restart, when the manager finds links and adjacencies in the tables. If a writer died
 * during a write, the whole resync goes to a new generation, which SWEEP shows to the readers.
 *
 * <p>Known gaps: with more than 64 next hops the first 64 carry all flows; only its own message
 * removes a VRF or a port, never SWEEP. A restarted manager knows the ports of links that it finds;
 * clients have to name the others again. It learns sources that wait behind a stronger one from the
 * resync that follows each restart.
 */
@org.jspecify.annotations.NullMarked
package floof.manager;
