/** Layouts of everything in shared memory: forwarding tables, adjacencies, interfaces, counters. */
@org.jspecify.annotations.NullMarked
module floof.tables {
    requires static org.jspecify;
    requires transitive floof.memory;
    requires transitive floof.base;

    exports floof.tables;
}
