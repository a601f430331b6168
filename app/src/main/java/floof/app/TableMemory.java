package floof.app;

import floof.control.FastPathProcess;
import floof.control.instance.Instance;
import floof.linux.LinuxException;
import floof.linux.Mapping;
import floof.linux.SharedFile;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.LayoutException;
import floof.tables.Limits;
import floof.tables.Space;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.io.IOException;

/** The shared memory of an instance as its one writer has it: locked, mapped, reserved as used. */
final class TableMemory implements AutoCloseable {

    private final SharedFile file;
    private final Mapping mapping;
    private final Region region;
    private final TableWriter writer;

    /**
     * @throws IOException when another writer lives or memory is short
     */
    TableMemory(Instance instance, Limits limits) throws IOException, LayoutException {
        file = SharedFile.create(instance.tables(), Tables.fileBytes(limits));
        if (!file.lockExclusive(Tables.WRITER_LOCK, 1)) {
            file.close();
            throw new IOException(instance.tables() + " has another writer");
        }
        mapping = file.map(true);
        region = new Region("tables", mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        writer =
                TableWriter.open(
                        region, limits, space(file), () -> FastPathProcess.isAlive(instance));
    }

    private static Space space(SharedFile file) {
        return new Space() {
            @Override
            public void reserve(long offset, long sizeBytes) throws IOException {
                try {
                    file.reserve(offset, sizeBytes);
                } catch (LinuxException e) {
                    throw new IOException("not enough memory for the tables: " + e.getMessage(), e);
                }
            }

            @Override
            public void release(long offset, long sizeBytes) {
                file.punchHole(offset, sizeBytes);
            }
        };
    }

    TableWriter writer() {
        return writer;
    }

    @Override
    public void close() {
        Memory.remove(region);
        mapping.unmap();
        file.close();
    }
}
