package floof.api.fastpath;

/**
 * How full one table in shared memory is.
 *
 * @param table e.g. {@code ip4-routes}, {@code adjacencies}
 * @param fits entries for which capacity is left, at least
 * @param refused prefixes that did not fit; Linux forwards to them
 * @param sizeBytes memory reserved for it
 */
public record TableFilling(
        String table, long used, long capacity, long fits, long refused, long sizeBytes) {}
