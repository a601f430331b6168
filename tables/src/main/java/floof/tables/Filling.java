package floof.tables;

/**
 * How full a table is.
 *
 * @param table what it holds, for operators
 * @param used entries (of blocks: bytes) in use, those included that still wait for readers
 * @param limit entries there are
 */
public record Filling(String table, long used, long limit) {}
