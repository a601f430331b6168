package floof.control.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import floof.api.AuditLog;
import floof.base.Durable;
import floof.base.alarm.Alarms;
import floof.base.alarm.Severity;
import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.config.value.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log as files of lines. A line's code covers the line and the code before it ({@link
 * Vault#code}): nobody without the router's key can alter, drop or add one unnoticed. The file
 * {@code head} states how far the log reaches and where it begins, so that an end or a beginning
 * that was cut off is noticed as well.
 *
 * <p>Order of writing: lines, flush, head. The head never promises what the disk may not hold; what
 * was added in the last {@link #FLUSH} before the machine lost its power may be cut unnoticed.
 *
 * <p>Bounded: {@link #FILES_MAX} files of {@link #FILE_BYTES}, some 300,000 lines; then the oldest
 * file goes and the head states the new beginning. Thread: any; {@code audit-flush} is its own and
 * ends with {@link #close}.
 */
public final class ChainedLog implements AuditLog, AutoCloseable {

    static final int FILES_MAX = 16;
    static final long FILE_BYTES = 4 << 20;

    /** Longest time between an entry and its place on the disk. */
    static final Duration FLUSH = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(ChainedLog.class);
    private static final String ALARM = "audit-log/full";

    private final Path folder;
    private final Vault vault;
    private final InstantSource clock;
    private final Alarms alarms;
    private final long fileBytes;
    private final Task flusher;
    private final Deque<Path> files = new ArrayDeque<>();
    private FileChannel file;
    private final FileChannel headFile;
    private Link head;
    private Link base;
    private boolean dirty;

    /**
     * Entries that could not be written since the last one that could, and why the last of them.
     */
    private long lost;

    private String why = "";

    /** Where half a line begins that could not be taken back; -1 for none. */
    private long torn = -1;

    /** What was found of a line that a crash cut in two. */
    private @Nullable String half;

    private boolean closed;

    /** Opens the log in {@code folder}, which is made when absent. */
    public ChainedLog(Path folder, Vault vault, Alarms alarms, Tasks tasks) throws IOException {
        this(folder, vault, InstantSource.system(), FILE_BYTES, alarms, tasks);
    }

    ChainedLog(
            Path folder,
            Vault vault,
            InstantSource clock,
            long fileBytes,
            Alarms alarms,
            Tasks tasks)
            throws IOException {
        this.folder = folder;
        this.vault = vault;
        this.alarms = alarms;
        this.clock = clock;
        this.fileBytes = fileBytes;
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        headFile = open(folder.resolve("head"), StandardOpenOption.READ);
        Head stored = Head.read(headFile, vault);
        base = stored == null ? Link.START : stored.base();
        for (Path old : names()) {
            if (number(old) <= base.sequence()) {
                Files.delete(old); // a rotation ended before this
            } else {
                files.add(old);
            }
        }
        Link tail = tail();
        String gap = null;
        head = tail;
        if (stored != null && tail.sequence() < stored.head().sequence()) {
            gap = missing(tail.sequence() + 1, stored.head().sequence()) + ": the end was cut off";
            head = stored.head();
        } else if (stored == null && tail.sequence() > 0) {
            gap = "the head was missing";
        }
        if (files.isEmpty()) {
            files.add(name(head.sequence() + 1));
        }
        file = openDurably(files.getLast());
        if (stored == null) {
            Head.write(headFile, vault, head, base); // from now on it has its room on the disk
        }
        gap = half == null ? gap : gap == null ? half : gap + "; " + half;
        if (gap != null) {
            LOG.error("audit log: {}", gap);
            note(gap);
        }
        flusher = tasks.start("audit-flush", Task.Failure.RESTART, this::flushAgain);
    }

    private static FileChannel open(Path path, StandardOpenOption how) throws IOException {
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, how),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]{12}\\.log"))
                    .sorted()
                    .toList();
        }
    }

    private Path name(long first) {
        return folder.resolve(String.format("%012d.log", first));
    }

    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(0, 12));
    }

    /** The last whole line; one that a crash cut in two goes. */
    private Link tail() throws IOException {
        for (Path last : files.reversed()) {
            String text = Files.readString(last, ISO_8859_1);
            int end = text.lastIndexOf('\n') + 1;
            if (end < text.length()) {
                half = "half an entry, cut off when it was written, was removed at the end";
                try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
                    channel.truncate(end);
                }
            }
            if (end > 0) {
                String line = text.substring(text.lastIndexOf('\n', end - 2) + 1, end - 1);
                Link link = Line.linkOf(new String(line.getBytes(ISO_8859_1), UTF_8));
                return link == null ? base : link;
            }
        }
        return base;
    }

    @Override
    public synchronized void add(String user, String client, Kind kind, String text)
            throws IOException {
        try {
            if (lost > 0) {
                append("floofd", "-", Kind.LOG, "entries lost before this: " + lost + "; " + why);
                lost = 0;
            }
            append(user, client, kind, text);
            alarms.clear(ALARM);
        } catch (IOException e) {
            lost++;
            IOException failure = Durable.failure(files.getLast(), e);
            why = "" + failure.getMessage();
            alarms.raise(
                    ALARM,
                    Severity.MAJOR,
                    "the audit log cannot be written: " + why,
                    "free space there; until then only root can work");
            throw failure;
        }
        if (kind == Kind.COMMIT) {
            flush();
        }
    }

    private void append(String user, String client, Kind kind, String text) throws IOException {
        if (file.size() >= fileBytes) {
            try {
                rotate();
            } catch (IOException e) {
                LOG.error("audit log: no new file: {}", e.getMessage()); // the old one goes on
            }
        }
        Entry entry =
                new Entry(head.sequence() + 1, clock.instant(), user, client, kind, clipped(text));
        Line line = Line.of(vault, entry, head);
        write(line);
        head = line.link();
        dirty = true;
    }

    /**
     * The whole line or none: half of one would be there for good, and look like somebody's work.
     */
    private void write(Line line) throws IOException {
        if (torn >= 0) {
            file.truncate(torn); // what could not be taken back at once
            torn = -1;
        }
        long before = file.size();
        ByteBuffer bytes = ByteBuffer.wrap((line.text() + "\n").getBytes(UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            torn = before;
            file.truncate(before);
            torn = -1;
            throw e;
        }
    }

    /** A note; what keeps it from being written stands in the next entry. */
    private void note(String text) {
        try {
            add("floofd", "-", Kind.LOG, text);
        } catch (IOException e) {
            LOG.error("audit log: {}", e.getMessage());
        }
    }

    private static String clipped(String text) {
        return text.length() <= Line.TEXT_MAX
                ? text
                : text.substring(0, Line.TEXT_MAX) + "... (" + text.length() + " characters)";
    }

    /** The next file is there, and durable, before the last is closed. */
    private void rotate() throws IOException {
        flush();
        Path name = name(head.sequence() + 1);
        FileChannel next = openDurably(name);
        file.close();
        file = next;
        files.add(name);
        while (files.size() > FILES_MAX) {
            Path oldest = files.getFirst();
            base = end(oldest);
            Head.write(headFile, vault, head, base);
            Files.deleteIfExists(oldest);
            files.removeFirst();
        }
    }

    private FileChannel openDurably(Path path) throws IOException {
        boolean isNew = !Files.exists(path);
        FileChannel opened = open(path, StandardOpenOption.APPEND);
        try {
            opened.force(true);
            Durable.flush(folder);
            return opened;
        } catch (IOException e) {
            opened.close();
            if (isNew) { // never one with entries
                Files.deleteIfExists(path);
            }
            throw e;
        }
    }

    /** The last entry of a file; the one before the first where there is none that can be read. */
    private Link end(Path path) throws IOException {
        Link end = base;
        for (String line : lines(path, Integer.MAX_VALUE)) {
            Link link = Line.linkOf(line);
            end = link == null ? end : link;
        }
        return end;
    }

    private synchronized void flush() throws IOException {
        if (dirty) {
            file.force(false);
            Head.write(headFile, vault, head, base);
            dirty = false;
        }
    }

    private void flushAgain(Task self) throws IOException {
        while (!self.isEnding()) {
            self.pause(FLUSH);
            flush();
        }
    }

    private synchronized List<Path> newestFirst() {
        return List.copyOf(files.reversed());
    }

    @Override
    public List<Entry> last(int count) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path path : newestFirst()) { // read beside those who go on writing
            List<Entry> some = new ArrayList<>();
            try {
                for (String line : lines(path, Integer.MAX_VALUE)) {
                    Entry entry = Line.entryOf(line);
                    if (entry != null) {
                        some.add(entry);
                    }
                }
            } catch (NoSuchFileException e) {
                break; // the oldest went meanwhile
            }
            entries.addAll(0, some);
            if (entries.size() >= count) {
                break;
            }
        }
        return List.copyOf(entries.subList(Math.max(0, entries.size() - count), entries.size()));
    }

    /**
     * Bytes that are no UTF-8 are somebody else's work; they must not end the reading.
     *
     * @param end bytes that are read at most
     */
    private static List<String> lines(Path path, int end) throws IOException {
        try (InputStream bytes = Files.newInputStream(path)) {
            return new String(bytes.readNBytes(end), UTF_8).lines().toList();
        }
    }

    /** What is there now is read beside those who go on writing: it takes some seconds. */
    @Override
    public Verification verify() throws IOException {
        while (true) {
            Extent now = extent();
            Verification found = verify(now);
            synchronized (this) {
                if (base.equals(now.base())) { // or the oldest file went meanwhile
                    return found;
                }
            }
        }
    }

    /**
     * The log at one moment.
     *
     * @param files all that are there, ours or not
     * @param bytes of the one that is written
     */
    private record Extent(
            Link base, Link head, List<Path> files, Path open, int bytes, boolean isHeadGood) {}

    private synchronized Extent extent() throws IOException {
        flush();
        boolean isHeadGood = new Head(head, base).equals(Head.read(headFile, vault));
        return new Extent(base, head, names(), files.getLast(), (int) file.size(), isHeadGood);
    }

    private Verification verify(Extent now) throws IOException {
        Link before = now.base();
        long checked = 0;
        for (Path path : now.files()) {
            int number = 0;
            int end = path.equals(now.open()) ? now.bytes() : Integer.MAX_VALUE;
            try {
                for (String line : lines(path, end)) {
                    String place = path.getFileName() + " line " + ++number + ": ";
                    Link link = Line.linkOf(line);
                    if (link == null) {
                        return new Verification(checked, place + "is no entry");
                    }
                    if (link.sequence() > before.sequence() + 1) {
                        return new Verification(
                                checked,
                                place + missing(before.sequence() + 1, link.sequence() - 1));
                    }
                    if (!link.equals(Line.expected(vault, line, before))) {
                        return new Verification(
                                checked, place + "entry " + link.sequence() + " was altered");
                    }
                    before = link;
                    checked++;
                }
            } catch (NoSuchFileException e) {
                return new Verification(checked, path.getFileName() + " is missing");
            }
        }
        if (before.sequence() < now.head().sequence()) {
            return new Verification(
                    checked,
                    "at the end: " + missing(before.sequence() + 1, now.head().sequence()));
        }
        return new Verification(checked, now.isHeadGood() ? null : "the file head was altered");
    }

    private static String missing(long first, long last) {
        return first == last
                ? "entry " + first + " is missing"
                : "entries " + first + " to " + last + " are missing";
    }

    @Override
    public void close() {
        flusher.close();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                flush();
                file.close();
                headFile.close();
            } catch (IOException e) {
                LOG.error("audit log: {}", e.toString());
            }
        }
    }

    /** An entry's number and code: what the next one stands on. */
    record Link(long sequence, String code) {

        /** Before the first entry. */
        static final Link START = new Link(0, "0".repeat(Line.CODE_DIGITS));

        @Override
        public String toString() {
            return sequence + " " + code;
        }
    }

    /** How far the log reaches, and the entry before its first. */
    record Head(Link head, Link base) {

        /** In place: shorter than a disk's sector, which is written as a whole. */
        static void write(FileChannel file, Vault vault, Link head, Link base) throws IOException {
            String text =
                    String.format(
                            "%012d %s %012d %s ",
                            head.sequence(), head.code(), base.sequence(), base.code());
            file.write(
                    ByteBuffer.wrap((text + Line.code(vault, "head", text) + "\n").getBytes(UTF_8)),
                    0);
            file.force(false);
        }

        /** Null when there is none, or somebody else wrote it. */
        static @Nullable Head read(FileChannel file, Vault vault) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(512);
            file.read(bytes, 0);
            String text = new String(bytes.array(), 0, bytes.position(), UTF_8);
            String[] words = text.strip().split(" ");
            boolean isOurs =
                    text.matches("[0-9]{12} [0-9a-f]+ [0-9]{12} [0-9a-f]+ [0-9a-f]+\n")
                            && words[4].equals(
                                    Line.code(
                                            vault,
                                            "head",
                                            text.substring(0, text.lastIndexOf(' ') + 1)));
            return isOurs
                    ? new Head(
                            new Link(Long.parseLong(words[0]), words[1]),
                            new Link(Long.parseLong(words[2]), words[3]))
                    : null;
        }
    }
}
