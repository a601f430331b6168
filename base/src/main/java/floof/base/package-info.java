/**
 * Values every other module shares: addresses, prefixes, MACs, reason codes. Pure, immutable,
 * without I/O, threads or logging.
 */
@org.jspecify.annotations.NullMarked
package floof.base;
