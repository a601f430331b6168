/**
 * Fast path manager: FPC server that writes the tables.
 *
 * <p>{@link floof.manager.TableServer} takes messages on its one thread. {@code Mirror} has a
 * method for each kind of object, {@code Links} knows links, ports and the adjacencies through
 * them, {@code Claims} decides who of several has a prefix, {@code Readings} answers questions.
 *
 * <p>What becomes of Linux's objects: a connected prefix leads to its link's glean adjacency
 * (NEIGHBOUR_UNRESOLVED), a route to the adjacency of its gateway, one of several next hops to a
 * group of them, the other types to a fixed adjacency. Adjacencies are programmed in place from
 * their link and neighbour, so that a route is written once, however often its gateway comes and
 * goes. Addresses of our own, with broadcast and subnet-router anycast, are host entries.
 *
 * <p>Resync: MARK begins an epoch, each object that is sent again carries it, SWEEP deletes the
 * others; nothing that is sent again changes, so forwarding does not notice. The same holds after a
 * restart, when links and adjacencies are found in the tables; after a writer's death within a
 * write the whole resync goes to a new generation, which SWEEP shows to the readers.
 *
 * <p>Known gaps: of more than 64 next hops the first 64 carry all flows; a VRF is removed by its
 * message only, never by SWEEP; ports likewise. A restarted manager knows the ports of links that
 * it finds; the others are named again by whoever has them. What waited behind a stronger claim it
 * knows again after the resync that follows each restart.
 */
@org.jspecify.annotations.NullMarked
package floof.manager;
