/** Layouts of everything in shared memory: forwarding tables, adjacencies, interfaces, counters. */
@org.jspecify.annotations.NullMarked
package floof.tables;
