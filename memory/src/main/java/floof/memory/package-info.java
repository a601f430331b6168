/**
 * The only access to raw memory. {@link floof.memory.Memory} reads and writes everything outside
 * the Java heap (packet buffers, shared tables, rings mapped from the kernel) by absolute address.
 * Tests run its checked form, which verifies every access against the known {@link
 * floof.memory.Region regions}. Production runs the raw form, which costs one instruction
 * (docs/decisions/001-raw-memory.md).
 */
@org.jspecify.annotations.NullMarked
package floof.memory;
