/**
 * The packet engine; knows no protocol.
 *
 * <p>A {@link floof.engine.Worker} owns one thread, one {@link floof.engine.BufferPool} and one
 * {@link floof.engine.Graph}. It asks each {@link floof.engine.Port} for a {@link
 * floof.engine.Frame} of up to 256 packets and hands it to the graph. The graph's {@link
 * floof.engine.Node nodes} are in an order in which every exit leads further down. A node processes
 * all packets of its frame in one loop and writes an exit for each. The graph distributes them to
 * the frames of the next nodes, runs those, and is empty when the cycle ends. No node creates
 * packets, so a frame of 256 never overflows.
 *
 * <p>A packet is the address of its buffer, a {@code long}; {@link floof.engine.Packet} knows the
 * layout, which is DPDK's. Nothing here allocates, logs, locks or throws while packets flow; a
 * packet that ends early ends under a counted {@link floof.base.Reason}.
 */
@org.jspecify.annotations.NullMarked
package floof.engine;
