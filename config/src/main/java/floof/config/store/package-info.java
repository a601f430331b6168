/** What was committed: the last 50 revisions as differences, each with its label and digest. */
@org.jspecify.annotations.NullMarked
package floof.config.store;
