/** State that the fast path reports: counters, tables, workers, traces, synchronisation. */
@org.jspecify.annotations.NullMarked
package floof.api.fastpath;
