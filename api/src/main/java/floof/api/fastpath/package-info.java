/** What the fast path reports: counters, tables, workers, traces; and how far it follows Linux. */
@org.jspecify.annotations.NullMarked
package floof.api.fastpath;
