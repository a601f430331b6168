/** Whether a whole configuration may be committed, at the cost of what changed. */
@org.jspecify.annotations.NullMarked
package floof.config.check;
