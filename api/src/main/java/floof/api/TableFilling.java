package floof.api;

/**
 * How full one table in shared memory is.
 *
 * @param table e.g. {@code ip4-prefixes}, {@code adjacencies}
 * @param sizeBytes memory reserved for it
 */
public record TableFilling(String table, long used, long capacity, long sizeBytes) {}
