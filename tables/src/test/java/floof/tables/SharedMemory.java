package floof.tables;

import floof.memory.Memory;
import floof.memory.Region;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Memory of this process in place of a file; remembers what is reserved and zeroes the rest. */
final class SharedMemory implements Space, AutoCloseable {

    record Range(long offset, long sizeBytes) {}

    final Region region;
    final List<Range> reserved = new ArrayList<>();
    boolean isExhausted;

    SharedMemory(Limits limits) {
        region = Memory.allocate("tables", Tables.fileBytes(limits), Layout.HUGE_PAGE_BYTES);
    }

    @Override
    public void reserve(long offset, long sizeBytes) throws IOException {
        if (isExhausted) {
            throw new IOException("no space for " + sizeBytes + " bytes at " + offset);
        }
        Range range = new Range(offset, sizeBytes);
        if (!reserved.contains(range)) {
            reserved.add(range);
        }
    }

    @Override
    public void release(long offset, long sizeBytes) {
        reserved.remove(new Range(offset, sizeBytes));
        Memory.fill(region.address() + offset, sizeBytes, (byte) 0);
    }

    TableWriter writer(Limits limits) throws Exception {
        return TableWriter.open(region, limits, this, () -> true);
    }

    TableWriter writer(Limits limits, Runnable step) throws Exception {
        return TableWriter.open(region, limits, this, () -> true, step);
    }

    /** As if the file had just been made. */
    void blank() {
        reserved.clear();
        Memory.fill(region.address(), region.sizeBytes(), (byte) 0);
    }

    /** The memory itself stays: it is the test process's. */
    @Override
    public void close() {
        Memory.remove(region);
    }
}
