/** Processes, threads, mounts, namespaces, terminals and the log of the machine. */
@org.jspecify.annotations.NullMarked
package floof.linux.system;
