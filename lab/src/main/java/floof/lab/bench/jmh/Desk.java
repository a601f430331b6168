package floof.lab.bench.jmh;

import floof.lab.bench.Held;
import floof.tables.LayoutException;
import floof.tables.Limits;
import floof.tables.Space;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.io.IOException;

/** Tables without readers, and their writer. */
final class Desk implements AutoCloseable {

    private static final Space PRESENT =
            new Space() {
                @Override
                public void reserve(long offset, long sizeBytes) {}

                @Override
                public void release(long offset, long sizeBytes) {}
            };

    private final Held memory;
    final TableWriter writer;

    Desk(Limits limits) throws IOException, LayoutException {
        memory = new Held("tables", Tables.fileBytes(limits));
        writer = TableWriter.open(memory.region(), limits, PRESENT, () -> false);
    }

    @Override
    public void close() {
        memory.close();
    }
}
