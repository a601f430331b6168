package floof.lab.bench.jmh;

import floof.lab.bench.Held;
import floof.linux.SharedFile;
import floof.tables.LayoutException;
import floof.tables.Limits;
import floof.tables.Space;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tables and their writer, who asks for readers as the product does: they live, but look at
 * nothing.
 */
final class Desk implements AutoCloseable {

    private final Held memory;
    private final SharedFile lock;
    private final SharedFile readersLock;
    final TableWriter writer;

    Desk(Limits limits) throws IOException, LayoutException {
        memory = new Held("tables", Tables.fileBytes(limits));
        Path path = Files.createTempFile("floof-readers-", ".lock");
        lock = SharedFile.open(path);
        readersLock = SharedFile.open(path);
        Files.delete(path);
        readersLock.lockExclusive(Tables.READERS_LOCK, 1);
        writer =
                TableWriter.open(
                        memory.region(),
                        limits,
                        Space.PRESENT,
                        () -> lock.isLockedByOther(Tables.READERS_LOCK, 1));
    }

    @Override
    public void close() {
        memory.close();
        lock.close();
        readersLock.close();
    }
}
