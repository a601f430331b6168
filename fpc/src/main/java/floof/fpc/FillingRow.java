package floof.fpc;

/**
 * One table: entries used of those there are.
 *
 * @param fits how many more entries fit at least
 * @param sizeBytes memory reserved for it
 * @param refused prefixes that did not fit and are left to Linux
 */
public record FillingRow(
        String table, long used, long limit, long fits, long sizeBytes, long refused) {
    public FillingRow {
        Check.text("FILLING.rows[].table", table, 64);
        Check.range("FILLING.rows[].used", used, 0, Long.MAX_VALUE);
        Check.range("FILLING.rows[].limit", limit, 0, Long.MAX_VALUE);
        Check.range("FILLING.rows[].fits", fits, 0, Long.MAX_VALUE);
        Check.range("FILLING.rows[].sizeBytes", sizeBytes, 0, Long.MAX_VALUE);
        Check.range("FILLING.rows[].refused", refused, 0, Long.MAX_VALUE);
    }
}
