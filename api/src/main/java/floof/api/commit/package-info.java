/** Commit requests, their results, and commits that wait. */
@org.jspecify.annotations.NullMarked
package floof.api.commit;
