package floof.api.fastpath;

/**
 * One choice of the fast path's plan.
 *
 * @param from what led to it
 */
public record PlanChoice(String name, String value, String from) {}
