package floof.tables;

/**
 * How full a table is.
 *
 * @param table its content, as shown to operators
 * @param used entries (for blocks: bytes) in use, including retired ones that still wait for
 *     readers
 * @param limit capacity in entries
 * @param fits how many more entries fit at least, if each takes the most memory possible
 * @param sizeBytes memory reserved for the table, used or not
 */
public record Filling(String table, long used, long limit, long fits, long sizeBytes) {}
