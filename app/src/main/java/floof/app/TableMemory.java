package floof.app;

import floof.control.fastpath.FastPathProcess;
import floof.control.instance.Instance;
import floof.fpc.Message;
import floof.linux.Mapping;
import floof.linux.SharedFile;
import floof.linux.error.LinuxException;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.LayoutException;
import floof.tables.Limits;
import floof.tables.Space;
import floof.tables.TableWriter;
import floof.tables.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared memory of an instance on the side of its one writer: locked, mapped, reserved before
 * use.
 *
 * <p>Tables of another layout version or of other limits are not touched. New ones are filled
 * beside them while the fast path continues with the old ones. Then they replace the old ones, and
 * the fast path restarts with them ({@link #onSwept}).
 */
final class TableMemory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableMemory.class);

    /** Exit status. */
    private static final int DAMAGED = 6;

    private final Instance instance;
    private final SharedFile file;
    private final Mapping mapping;
    private final Region region;
    private final Limits limits;

    /** Whether this process has used the tables: then it must end before another can start. */
    private boolean wasOpened;

    /** Whether these tables still wait to replace others. */
    private boolean isBeside;

    /** Whether the fast path was ended so that the next one uses the new tables. */
    private volatile boolean isReplacing;

    /**
     * @throws IOException if another writer is running or memory is short
     */
    TableMemory(Instance instance, Limits limits) throws IOException {
        this.instance = instance;
        Path next = next(instance);
        Files.deleteIfExists(next); // from a floofd that died before filling it
        this.limits = limits;
        boolean isOther = Files.exists(instance.tables()) && !areFor(instance.tables(), limits);
        isBeside = isOther && isRead(instance.tables());
        if (isBeside) {
            LOG.info("the tables are of another layout or size: filling new ones beside them");
        } else if (isOther) {
            LOG.info("the tables are damaged, or of another layout or size, and unused: new ones");
            Files.delete(instance.tables());
        }
        Path path = isBeside ? next : instance.tables();
        file = SharedFile.create(path, Tables.fileBytes(limits));
        if (!file.lockExclusive(Tables.WRITER_LOCK, 1)) {
            file.close();
            throw new IOException(path + " has another writer");
        }
        mapping = file.map(true);
        region = new Region("tables", mapping.address(), mapping.sizeBytes());
        Memory.add(region);
    }

    /**
     * Opens the one writer; the former one must no longer be used.
     *
     * @throws IOException if memory is short
     */
    TableWriter open() throws IOException, LayoutException {
        try {
            TableWriter writer = TableWriter.open(region, limits, space(file), this::hasReaders);
            wasOpened = true;
            return writer;
        } catch (RuntimeException e) {
            // Removes unreadable tables and ends their readers, so that the next start succeeds.
            Files.deleteIfExists(instance.tables());
            FastPathProcess.kill(instance);
            if (wasOpened) {
                LOG.error("{} is damaged; floofd starts again", instance.tables(), e);
                Runtime.getRuntime().halt(DAMAGED);
            }
            throw new IOException(
                    instance.tables() + " is damaged; the next start fills new ones", e);
        }
    }

    /** The fast path holds a lock that the kernel releases when it dies. */
    boolean hasReaders() {
        return file.isLockedByOther(Tables.READERS_LOCK, 1);
    }

    private static Path next(Instance instance) {
        return instance.tables().resolveSibling("tables.next");
    }

    private static boolean areFor(Path path, Limits limits) {
        try (SharedFile file = SharedFile.open(path)) {
            if (file.sizeBytes() == 0) {
                return false;
            }
            Mapping mapping = file.map(false);
            Region region = new Region(path.toString(), mapping.address(), mapping.sizeBytes());
            Memory.add(region);
            try {
                return Tables.areFor(region, limits);
            } finally {
                Memory.remove(region);
                mapping.unmap();
            }
        }
    }

    /** Whether a running fast path continues with these tables. */
    private static boolean isRead(Path path) {
        try (SharedFile file = SharedFile.open(path)) {
            return file.isLockedByOther(Tables.READERS_LOCK, 1);
        }
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

    /** The same launch, but it fails while the tables are damaged. */
    FastPathProcess.Launch guarded(FastPathProcess.Launch launch) {
        return new FastPathProcess.Launch() {
            @Override
            public List<String> command() {
                endIfDamaged();
                return launch.command();
            }

            @Override
            public void onAnswer(Message.Hello hello) {
                isReplacing = false;
                launch.onAnswer(hello);
            }

            @Override
            public boolean isEndAnnounced() {
                return isReplacing;
            }

            @Override
            public String cache() {
                return launch.cache();
            }
        };
    }

    /**
     * With a damaged header no fast path ever starts, and more may be damaged. So this process
     * ends, and the next one fills new tables from Linux.
     */
    private void endIfDamaged() {
        if (!isBeside && !Tables.isSound(region, limits)) {
            LOG.error("{} is damaged; floofd starts again and fills new ones", instance.tables());
            Runtime.getRuntime().halt(DAMAGED); // the hook would wait for pending requests
        }
    }

    /**
     * Called when the tables have Linux's whole state. New tables now replace the old ones. The
     * fast path is killed, and its supervisor starts one that uses them. Thread: the manager's.
     */
    void onSwept() {
        if (isBeside) {
            isBeside = false;
            try {
                Files.move(
                        next(instance),
                        instance.tables(),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("the new tables of " + instance.tables(), e);
            }
            LOG.info("the new tables are full; the fast path starts again with them");
            isReplacing = true;
            FastPathProcess.kill(instance);
        }
    }

    @Override
    public void close() {
        Memory.remove(region);
        mapping.unmap();
        file.close();
    }
}
