/** The shared candidate configuration, private copies, and the lock. */
@org.jspecify.annotations.NullMarked
package floof.config.candidate;
