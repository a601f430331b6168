/**
 * Everything in shared memory: layouts, the readers' lookups, the one writer.
 *
 * <p>One file holds a header, the readers' slots, counters, and two generations of tables of which
 * the header names the current one ({@code Layout}). The fast path manager writes through {@link
 * floof.tables.TableWriter}; workers read records by address through static methods that neither
 * allocate nor lock. A frame goes like this: {@link floof.tables.Readers#quiescent}, then {@link
 * floof.tables.Tables#generation} once, then from it the addresses of port map, interface, VRF, FIB
 * ({@link floof.tables.Ip4Lookup}, {@link floof.tables.Ip6Lookup}), group and adjacency.
 *
 * <p>A change is built where no reader looks and shown by one release store: an entry of a root, a
 * leaf, an action word. What it replaced keeps its content until every worker has passed a point at
 * which it holds no address ({@link floof.tables.Readers}); then it is reused. So a lookup sees the
 * table as it was at one moment, whatever the writer does meanwhile.
 *
 * <p>The life of a leaf: {@link floof.tables.TableWriter#addAdjacency} takes a record, routes that
 * lead to it count as references, {@link floof.tables.TableWriter#removeAdjacency} gives it back
 * when there are none. Groups live as long as a route leads to them and are shared by content.
 *
 * <p>Death of the writer: its private state (indices, free lists, references) is derived from the
 * records by the next one. If a write was under way, which the header says, the next one trusts
 * nothing and builds the other generation instead, while readers go on with the old. Death of a
 * reader: its slot is void, which the owner of the writer knows by a kernel lock.
 *
 * <p>Known gaps: a route may be told FULL a little before the last block is used (a reserve is kept
 * for removals); the roots of other VRFs than the default are small, so that their lookups take two
 * or three more steps.
 */
@org.jspecify.annotations.NullMarked
package floof.tables;
