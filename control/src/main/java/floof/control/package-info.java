/** Commit planner and executors; BIRD, ports, interfaces. */
@org.jspecify.annotations.NullMarked
package floof.control;
