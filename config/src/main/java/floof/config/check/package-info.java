/** Validates a configuration. The cost depends on what changed, not on its size. */
@org.jspecify.annotations.NullMarked
package floof.config.check;
