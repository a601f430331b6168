/** Buffers, frames, node contract, workers, trace, counters; knows no protocol. */
@org.jspecify.annotations.NullMarked
package floof.engine;
