/**
 * The one door to raw memory. Everything that lies outside the Java heap (packet buffers, shared
 * tables, rings mapped from the kernel) is read and written through {@link floof.memory.Memory} by
 * absolute address. Tests run its checked form, which verifies every access against the known
 * {@link floof.memory.Region regions}; production runs the raw form, which costs one instruction
 * (docs/decisions/001-raw-memory.md).
 */
@org.jspecify.annotations.NullMarked
package floof.memory;
