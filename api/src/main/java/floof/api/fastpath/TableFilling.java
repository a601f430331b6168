package floof.api.fastpath;

/**
 * How full one table in shared memory is.
 *
 * @param table e.g. {@code ip4-routes}, {@code adjacencies}
 * @param fits entries that there is room for at least
 * @param refused prefixes that found no room; Linux forwards to them
 * @param sizeBytes memory reserved for it
 */
public record TableFilling(
        String table, long used, long capacity, long fits, long refused, long sizeBytes) {}
