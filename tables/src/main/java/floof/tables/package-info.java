/**
 * Everything in shared memory: layouts, the readers' lookups, and the one writer.
 *
 * <p>One file holds a header, the readers' slots, counters, and two generations of tables of which
 * the header names the current one ({@code Layout}). The fast path manager writes through {@link
 * floof.tables.TableWriter}; workers read records by address through static methods that neither
 * allocate nor lock. For each frame a worker calls {@link floof.tables.Readers#quiescent}, then
 * {@link floof.tables.Tables#generation} once. From that it derives the addresses of port map,
 * interface, VRF, FIB ({@link floof.tables.Ip4Lookup}, {@link floof.tables.Ip6Lookup}), group and
 * adjacency.
 *
 * <p>The writer builds a change where no reader looks, and publishes it by one release store: an
 * entry of a root, a leaf, an action word. The replaced memory keeps its content until every worker
 * has passed a point at which it holds no address ({@link floof.tables.Readers}); then it is
 * reclaimed. So a lookup sees the table as it was at one moment, whatever the writer does
 * meanwhile.
 *
 * <p>The life of a leaf: {@link floof.tables.TableWriter#addAdjacency} takes a record, routes that
 * lead to it count as references, {@link floof.tables.TableWriter#removeAdjacency} frees it when
 * there are none. Groups are shared by content and live as long as a route leads to them.
 *
 * <p>Death of the writer: the next writer derives the private state (indices, free lists,
 * references) from the records. If the header says that a write was in progress, the next writer
 * trusts nothing and builds the other generation instead, while readers continue with the old one.
 * Death of a reader: its slot is void; the owner of the writer detects this by a kernel lock.
 *
 * <p>Known gaps: a route may be refused as FULL shortly before the last block is used, since
 * removals need a reserve; VRFs other than the default have small roots, so their lookups take two
 * or three more steps.
 */
@org.jspecify.annotations.NullMarked
package floof.tables;
