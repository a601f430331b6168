package floof.tables;

/**
 * How full a table is.
 *
 * @param table what it holds, for operators
 * @param used entries (of blocks: bytes) in use, those included that still wait for readers
 * @param limit entries there are
 * @param fits how many more there is room for at least, when all are as costly as they can be
 * @param sizeBytes memory that is reserved for the table, used or not
 */
public record Filling(String table, long used, long limit, long fits, long sizeBytes) {}
