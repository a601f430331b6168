package floof.control.daemon;

import floof.base.task.Task;
import floof.base.task.Tasks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bounds the logs of all processes, whoever writes them: they lie in memory. A log that has grown
 * to {@link #FILE_BYTES} is copied to {@code NAME.log.1}, in place of the one before, and begins
 * anew; its writers append, so they go on at its new end. What is written between the copy and the
 * cut is lost. Task {@code log-keeper}.
 */
public final class LogKeeper implements AutoCloseable {

    /** Of one file, as far as nobody writes more within {@link #PERIOD}; each log has two. */
    public static final long FILE_BYTES = 4 << 20;

    static final Duration PERIOD = Duration.ofSeconds(1);

    private final Path folder;
    private final long fileBytes;
    private final Task task;

    /**
     * @param folder of files {@code NAME.log}
     */
    public LogKeeper(Path folder, Tasks tasks) {
        this(folder, FILE_BYTES, tasks);
    }

    LogKeeper(Path folder, long fileBytes, Tasks tasks) {
        this.folder = folder;
        this.fileBytes = fileBytes;
        task = tasks.start("log-keeper", Task.Failure.RESTART, this::run);
    }

    private void run(Task self) throws IOException {
        while (!self.isEnding()) {
            for (Path log : logs()) {
                keep(log);
            }
            self.pause(PERIOD);
        }
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(it -> it.toString().endsWith(".log")).toList();
        }
    }

    private void keep(Path log) throws IOException {
        if (Files.size(log) < fileBytes) {
            return;
        }
        Path older = log.resolveSibling(log.getFileName() + ".1");
        try {
            // The last part is what counts, should it have grown beyond all measure.
            copyEnd(log, older);
        } finally {
            // Also where there is no room for a copy: a full memory helps nobody.
            FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
        }
    }

    private void copyEnd(Path log, Path older) throws IOException {
        Path fresh = older.resolveSibling(older.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(log)));
        try (FileChannel from = FileChannel.open(log);
                FileChannel to = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            long at = Math.max(0, from.size() - fileBytes);
            long end = from.size();
            long moved = 1;
            while (at < end && moved > 0) { // 0 where somebody else has cut it meanwhile
                moved = from.transferTo(at, end - at, to);
                at += moved;
            }
        }
        Files.move(fresh, older, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        task.close();
    }
}
