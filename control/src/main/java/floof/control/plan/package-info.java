/**
 * From a committed configuration to the operations that make the system follow it.
 *
 * <p>{@link floof.control.plan.Intent} is the configuration as types; {@link
 * floof.control.plan.Applied} what earlier commits left in the system; {@link
 * floof.control.plan.Planner} computes the difference as a list of {@link
 * floof.control.plan.Operation}s. Each operation has an inverse, so that a plan that fails half way
 * is undone by walking back. Pure: nothing here touches the system.
 */
@org.jspecify.annotations.NullMarked
package floof.control.plan;
