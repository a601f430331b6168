package floof.control.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import floof.api.commit.Origin;
import floof.api.commit.PendingCommit;
import floof.api.commit.PendingCommit.Kind;
import floof.base.Durable;
import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit that waits for its confirmation, its time or a restart of the machine: in a file, so
 * that it outlives floofd and the machine, and by a timer. The time of day counts; a clock that was
 * set back (or lost) delays it by no more than it was to wait at first. Thread: any; {@code
 * commit-timer} calls back.
 */
public final class Waiting implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);
    private static final String ALARM = "commit/pending-lost";

    private static final String FORMAT = "# floofos pending commit 1";

    /** Changed by each start of the machine (proc_sys_kernel(5)). */
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private static final Duration TICK = Duration.ofMillis(250);

    /**
     * What waits.
     *
     * @param boot the machine's start in which it was asked for
     * @param tree what becomes the running configuration when the time is over
     */
    record Item(
            Kind kind, Instant since, Instant deadline, String boot, Origin origin, Branch tree) {

        PendingCommit shown() {
            return new PendingCommit(kind, kind == Kind.REBOOT ? null : deadline, origin);
        }

        /** Whether its time has come. */
        boolean isDue(Instant now, String bootNow) {
            return kind == Kind.REBOOT ? !boot.equals(bootNow) : !now.isBefore(deadline);
        }
    }

    private final Path file;
    private final Branch empty;

    private final InstantSource clock;
    private final Alarms alarms;
    private final String boot;
    private volatile @Nullable Task timer;
    private @Nullable Item item;
    private boolean isLost;

    /** Time of the next attempt, by the same clock. */
    private long notBeforeNs;

    private int failures;

    /** By the clock that nobody can set: when the item is due at the latest. */
    private long dueNs;

    /**
     * Reads what waits. Of a damaged file the copy counts: a commit that nobody confirmed must not
     * stay. Without one {@link #isLost} says so, or an alarm: the router must start.
     */
    public Waiting(Path file, Branch empty, InstantSource clock, Alarms alarms) throws IOException {
        this.file = file;
        this.empty = empty;
        this.alarms = alarms;
        this.clock = clock;
        this.boot = boot();
        if (Files.exists(file)) {
            this.item = readAny();
        }
        arm();
    }

    /** The copy, written before the file; without the file it means nothing. */
    private Path copy(Kind kind) {
        return file.resolveSibling(file.getFileName() + "." + word(kind));
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Kinds of the existing copies: even a damaged copy says what kind of commit waits. */
    private List<Kind> copies() {
        return Stream.of(Kind.values()).filter(kind -> Files.exists(copy(kind))).toList();
    }

    private @Nullable Item readAny() throws IOException {
        try {
            return read(file);
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
        }
        List<Kind> copies = copies();
        for (Kind kind : copies) {
            try {
                Item same = read(copy(kind));
                LOG.error("{}: its copy counts", file);
                mend(copy(kind));
                return same;
            } catch (IOException e) {
                LOG.error("{}", e.getMessage());
            }
        }
        if (copies.isEmpty() || copies.contains(Kind.CONFIRMATION)) {
            isLost = true;
        } else {
            reportLost("a scheduled commit cannot be read: " + file, "commit it again");
            setAside();
        }
        return null;
    }

    private void mend(Path copy) {
        try {
            Durable.write(file, Files.readString(copy));
        } catch (IOException e) {
            LOG.error("{}", e.getMessage()); // the copy is as good, also at the next start
        }
    }

    /**
     * Whether a commit waited to be confirmed, and its previous configuration cannot be read here.
     */
    synchronized boolean isLost() {
        return isLost;
    }

    /** Raises the alarm that a waiting commit is lost. */
    void reportLost(String what, String remedy) {
        alarms.raise(ALARM, Severity.MAJOR, what, remedy + "; any commit ends this alarm");
    }

    /** Moves the unreadable file aside. */
    synchronized void setAside() throws IOException {
        isLost = false;
        Files.move(
                file, file.resolveSibling("pending.damaged"), StandardCopyOption.REPLACE_EXISTING);
        deleteCopies();
    }

    private void deleteCopies() throws IOException {
        for (Kind kind : Kind.values()) {
            Files.deleteIfExists(copy(kind));
        }
    }

    /**
     * Begins to watch the clock; once.
     *
     * @param onDue called again and again while something is due, by task {@code commit-timer}
     */
    synchronized void start(Tasks tasks, Runnable onDue) {
        timer = tasks.start("commit-timer", Task.Failure.RESTART, self -> run(self, onDue));
    }

    static String boot() throws IOException {
        return Files.readString(BOOT).strip();
    }

    synchronized @Nullable Item item() {
        return item;
    }

    /** What waits if its time has come. */
    synchronized @Nullable Item due() {
        boolean isDue = item != null && (item.isDue(clock.instant(), boot) || isOverdue());
        boolean isHeld = failures > 0 && System.nanoTime() - notBeforeNs < 0;
        return isDue && !isHeld ? item : null;
    }

    /**
     * Records that the due commit failed.
     *
     * @param retry time until it is due again
     * @return the number of failures so far
     */
    synchronized int failed(Duration retry) {
        notBeforeNs = System.nanoTime() + retry.toNanos();
        return ++failures;
    }

    private boolean isOverdue() {
        return item != null && item.kind() != Kind.REBOOT && System.nanoTime() - dueNs >= 0;
    }

    /** Waits {@code within} from now; on disk when this returns. */
    void put(Kind kind, Duration within, Origin origin, Branch tree) throws IOException {
        Instant now = clock.instant();
        put(new Item(kind, now, now.plus(within), boot, origin, tree));
    }

    /** In place of what waits now; null for nothing. On disk when this returns. */
    synchronized void put(@Nullable Item next) throws IOException {
        if (next == null) {
            deleteCopies(); // first: one flush of the folder does for both
            Durable.delete(file);
        } else {
            write(next);
        }
        alarms.clear(ALARM);
        item = next;
        failures = 0;
        arm();
    }

    private synchronized void arm() {
        if (item != null) {
            Duration whole = Duration.between(item.since(), item.deadline());
            Duration left = Duration.between(clock.instant(), item.deadline());
            Duration least = left.compareTo(whole) < 0 ? left : whole;
            dueNs = System.nanoTime() + least.toNanos();
        }
    }

    private void run(Task self, Runnable onDue) {
        while (!self.isEnding()) {
            if (due() != null) {
                onDue.run();
            }
            self.pause(TICK);
        }
    }

    private void write(Item next) throws IOException {
        String body =
                String.join(
                        "\n",
                        word(next.kind()),
                        next.since().toString(),
                        next.deadline().toString(),
                        next.boot(),
                        next.origin().user(),
                        next.origin().client(),
                        next.origin().comment().replaceAll("\\p{Cntrl}", " "),
                        TextPrinter.print(next.tree()));
        String text = FORMAT + "\n" + crc(body) + "\n" + body;
        Durable.write(copy(next.kind()), text);
        Durable.write(file, text);
    }

    private Item read(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), UTF_8);
        String[] parts = text.split("\n", 3);
        if (parts.length < 3 || !parts[0].equals(FORMAT) || !parts[1].equals(crc(parts[2]))) {
            throw new IOException(file + " is damaged");
        }
        List<String> lines = List.of(parts[2].split("\n", 8));
        Loaded loaded = TextParser.loadStored(empty, lines.get(7));
        if (!loaded.errors().isEmpty()) {
            throw new IOException(file + ": " + loaded.errors().getFirst());
        }
        try {
            return new Item(
                    Kind.valueOf(lines.get(0).toUpperCase(Locale.ROOT)),
                    Instant.parse(lines.get(1)),
                    Instant.parse(lines.get(2)),
                    lines.get(3),
                    new Origin(lines.get(4), lines.get(5), lines.get(6)),
                    loaded.tree());
        } catch (DateTimeParseException e) {
            throw new IOException(file + " has a bad time: " + e.getParsedString(), e);
        }
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /** Ends the timer; what waits stays on disk. */
    @Override
    public void close() {
        Task started = timer;
        if (started != null) {
            started.close();
        }
    }
}
