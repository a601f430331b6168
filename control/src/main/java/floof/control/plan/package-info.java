/**
 * From a committed configuration to the steps that make the system follow it.
 *
 * <p>{@link floof.control.plan.Intent} is the configuration as types. Each {@link
 * floof.control.plan.Department} compares it with what the system has of its subject, and gives
 * {@link floof.control.plan.Step}s. Steps are sorted by phase. Each has an inverse, so that a plan
 * that fails half way is undone by walking back. Between commits a department also heals what it
 * has, and says what cannot be had. Nothing here touches the system; departments do.
 */
@org.jspecify.annotations.NullMarked
package floof.control.plan;
