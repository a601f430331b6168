/**
 * Processes that floofd keeps running: found or started, held by a descriptor, asked every second,
 * ended and started again when they die or hang, the last to be sacrificed for memory, their logs
 * bounded.
 */
@org.jspecify.annotations.NullMarked
package floof.control.daemon;
