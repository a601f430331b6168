/** What editors change: the candidate that all share, private copies, and the lock. */
@org.jspecify.annotations.NullMarked
package floof.config.candidate;
