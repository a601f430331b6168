package floof.api.fastpath;

import java.util.List;

/**
 * Memory of the fast path.
 *
 * @param tables one row per table in shared memory
 * @param mappings as the fast path's process has them, from the kernel; empty while it is restarted
 */
public record FastPathMemory(List<TableFilling> tables, List<Mapped> mappings) {

    public FastPathMemory {
        tables = List.copyOf(tables);
        mappings = List.copyOf(mappings);
    }

    /**
     * Mappings of one purpose.
     *
     * @param what {@code tables}, {@code private} (packet buffers, heap, code), {@code shared}
     *     (rings of ports)
     * @param sizeBytes of address space
     * @param residentBytes touched so far
     * @param hugeBytes of these, on huge pages
     */
    public record Mapped(String what, long sizeBytes, long residentBytes, long hugeBytes) {}
}
