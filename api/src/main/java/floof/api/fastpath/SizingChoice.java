package floof.api.fastpath;

/**
 * One choice of the fast path's sizing.
 *
 * @param from the reason for it
 */
public record SizingChoice(String name, String value, String from) {}
