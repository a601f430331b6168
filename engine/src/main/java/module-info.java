/** Buffers, frames, node contract, workers, trace, counters; knows no protocol. */
@org.jspecify.annotations.NullMarked
module floof.engine {
    requires static org.jspecify;
    requires transitive floof.memory;
    requires transitive floof.base;

    exports floof.engine;
}
