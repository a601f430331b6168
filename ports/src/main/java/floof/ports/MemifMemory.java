package floof.ports;

import floof.linux.SharedMemory;
import floof.memory.Memory;
import floof.memory.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that two memifs share: regions, into which descriptors point, and a ring in each
 * direction.
 *
 * <p>Thread: any; the table of regions no longer changes once the worker has it.
 */
final class MemifMemory implements AutoCloseable {

    static final int REGIONS_MAX = 16;

    /** By number; the last entry is empty and belongs to no region. */
    private final long[] addresses = new long[REGIONS_MAX + 1];

    private final long[] sizes = new long[REGIONS_MAX + 1];
    private final List<SharedMemory> files = new ArrayList<>();
    private final List<Region> regions = new ArrayList<>();

    /** Adds the next region; owns it from now on. */
    void add(String name, SharedMemory file) {
        addresses[files.size()] = file.mapping().address();
        sizes[files.size()] = file.mapping().sizeBytes();
        files.add(file);
        Region region = new Region(name, file.mapping().address(), file.mapping().sizeBytes());
        regions.add(region);
        Memory.add(region);
    }

    int regions() {
        return files.size();
    }

    /**
     * Address of a piece; 0 if it is not completely inside the region.
     *
     * @param region any 16 bits
     * @param offset any 32 bits
     * @param lengthBytes any 32 bits but 0
     */
    long address(int region, long offset, long lengthBytes) {
        int index = Math.min(region, REGIONS_MAX);
        return offset + lengthBytes <= sizes[index] ? addresses[index] + offset : 0;
    }

    @Override
    public void close() {
        regions.forEach(Memory::remove);
        files.forEach(SharedMemory::close);
        regions.clear();
        files.clear();
    }
}
