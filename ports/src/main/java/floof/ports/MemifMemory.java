package floof.ports;

import floof.linux.SharedMemory;
import floof.memory.Memory;
import floof.memory.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * What two memifs share: regions, where descriptors point into, and a ring each way.
 *
 * <p>Thread: any; the tables of regions do not change once it is given to the worker.
 */
final class MemifMemory implements AutoCloseable {

    static final int REGIONS_MAX = 16;

    /** By number; the last one is of no region and empty. */
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

    SharedMemory file(int region) {
        return files.get(region);
    }

    /**
     * Address of a piece, 0 when not all of it lies in the region.
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
