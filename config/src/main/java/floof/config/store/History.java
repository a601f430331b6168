package floof.config.store;

import floof.base.Durable;
import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.config.text.Loaded;
import floof.config.text.TextParser;
import floof.config.tree.Branch;
import floof.config.tree.TextPrinter;
import floof.config.value.ValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last {@link #REVISIONS} committed configurations. A commit writes one file, named by an
 * ascending number: its label and the difference to the one before, so that it costs what it
 * changes. The thread {@code config-history} follows with {@code config}, the whole of the last one
 * for people and tools to read, and with a whole one each {@link #WHOLE_EVERY} revisions.
 *
 * <p>A file is written under another name, flushed and renamed, so that one of the right name is
 * whole; one that is not (a damaged disk) is left out with a message. Differences are read both
 * ways, from whole configurations before and behind, so that such a file takes none but itself with
 * it. Thread: any.
 */
public final class History implements AutoCloseable {

    /** Revisions kept: rollback 0..49. */
    public static final int REVISIONS = 50;

    /** Differences between two whole configurations on disk. */
    static final int WHOLE_EVERY = 16;

    /**
     * Longest difference, in characters, that is read back before it is trusted; behind a longer
     * one a whole configuration follows at once.
     */
    private static final int PROVEN_MAX = 64 << 10;

    /**
     * How long {@code config} may be behind: whoever commits again at once shall not wait for it.
     */
    private static final long BEHIND_MS = 1_000;

    /** How files are kept; a test's may fail. */
    interface Disk {
        void write(Path file, String text) throws IOException;

        void delete(Path file) throws IOException;
    }

    private final Path folder;
    private final Path configFile;
    private final Path rescueFile;
    private final Disk disk;
    private final Consumer<String> messages;
    private final Task follower;

    /** Labels by number; the oldest may only be there as a way to others. */
    private final TreeMap<Long, Stored> stored = new TreeMap<>();

    /** Whole configurations by number. */
    private final TreeMap<Long, Stored> wholes = new TreeMap<>();

    private final Branch empty;
    private Branch running;
    private long lastNumber;

    /** Why the last revision does not run; empty if it does. */
    private String fault = "";

    /** Of which {@code config} is; behind the last one for a moment. */
    private long followed;

    /** A difference was stored that was not proven. */
    private boolean isLong;

    /** Somebody waits for {@code config}. */
    private boolean isAwaited;

    /**
     * Reads what {@code directory} holds.
     *
     * @param directory the instance's state; made when absent
     * @param empty the configuration before the first commit
     * @param messages gets one line per file that cannot be used; any thread
     * @param tasks runs {@code config-history}
     */
    public History(Path directory, Branch empty, Consumer<String> messages, Tasks tasks)
            throws IOException {
        this(directory, empty, messages, tasks, Stored.DISK);
    }

    History(Path directory, Branch empty, Consumer<String> messages, Tasks tasks, Disk disk)
            throws IOException {
        this.empty = empty;
        this.running = empty;
        this.folder = directory.resolve("history");
        this.configFile = directory.resolve("config");
        this.rescueFile = directory.resolve("rescue");
        this.messages = messages;
        this.disk = disk;
        Files.createDirectories(folder);
        for (Path file : files()) {
            read(file);
        }
        // A whole one tells of a revision whose own file is damaged.
        wholes.forEach(stored::putIfAbsent);
        stored.keySet().removeIf(number -> !isReachable(number));
        findRunning();
        followed = wholes.containsKey(last()) ? last() : -1;
        follower = tasks.start("config-history", Task.Failure.RESTART, this::follow);
    }

    // ---- reading ------------------------------------------------------------------------------

    private void findRunning() {
        List<String> refused = new ArrayList<>();
        while (!stored.isEmpty()) {
            try {
                running =
                        ScopedValue.where(ValueType.STORED, refused::add)
                                .call(() -> tree(stored.lastKey()));
                break;
            } catch (IOException e) {
                ignore(e);
                wholes.remove(stored.lastKey());
                stored.remove(stored.lastKey());
            }
        }
        if (!refused.isEmpty()) { // on the way; maybe not in the end
            reportRefused();
        }
        if (last() == lastNumber) {
            fault = "";
        } else if (fault.isEmpty()) {
            fault = "revision " + name(lastNumber) + " is out of reach";
        }
    }

    /** The last call is for the newest revision. */
    private void ignore(IOException why) {
        fault = String.valueOf(why.getMessage());
        messages.accept("revision ignored: " + fault);
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(it -> String.valueOf(it.getFileName()).matches("[0-9]{8,18}(\\.whole)?"))
                    .sorted()
                    .forEach(files::add);
        }
        if (Files.exists(configFile)) {
            files.add(configFile);
        }
        return files;
    }

    /** Logs values that an earlier version accepted and this one refuses. */
    private void reportRefused() {
        for (Loaded.Mistake mistake : TextParser.load(empty, TextPrinter.print(running)).errors()) {
            messages.accept(
                    "the running configuration has a value that this version refuses; it counts"
                            + " until a commit changes it: "
                            + mistake);
        }
    }

    private void read(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!file.equals(configFile)) {
            lastNumber = Math.max(lastNumber, Long.parseLong(name.replace(".whole", "")));
        }
        try {
            Stored found = Stored.read(file);
            lastNumber = Math.max(lastNumber, found.number());
            if (found.isWhole()) {
                wholes.put(found.number(), found);
            }
            if (name.equals(name(found.number()))) {
                stored.put(found.number(), found);
            }
        } catch (IOException e) {
            ignore(e);
        }
    }

    private static String name(long number) {
        return String.format("%08d", number);
    }

    private long last() {
        return stored.isEmpty() ? 0 : stored.lastKey();
    }

    /** Whether differences lead there from a whole one, or from the empty one before the first. */
    private boolean isReachable(long number) {
        return starts().stream().anyMatch(start -> isWay(start, number));
    }

    private boolean isWay(long from, long to) {
        for (long number = Math.min(from, to) + 1; number <= Math.max(from, to); number++) {
            Stored step = stored.get(number);
            if (step == null || step.isWhole()) {
                return false;
            }
        }
        return true;
    }

    /** Revisions that can be read by themselves: 0 is the empty one. */
    private List<Long> starts() {
        List<Long> starts = new ArrayList<>(wholes.keySet());
        starts.add(0L);
        return starts;
    }

    /** The configuration of a number, from the nearest whole one that leads there. */
    private Branch tree(long number) throws IOException {
        List<Long> starts = starts();
        starts.sort(Comparator.comparingLong(start -> Math.abs(start - number)));
        IOException failure = new IOException("revision " + name(number) + " is out of reach");
        for (long start : starts) {
            if (isWay(start, number)) {
                try {
                    return walk(whole(start), start, number);
                } catch (IOException e) {
                    failure = e;
                }
            }
        }
        throw failure;
    }

    private Branch whole(long number) throws IOException {
        Stored whole = wholes.get(number);
        return whole == null ? empty : whole.whole(empty);
    }

    private Branch walk(Branch start, long from, long to) throws IOException {
        Branch tree = start;
        for (long number = from + 1; number <= to; number++) {
            tree = step(number).apply(tree);
        }
        for (long number = from; number > to; number--) {
            tree = step(number).reversed().apply(tree);
        }
        return tree;
    }

    private Delta step(long number) throws IOException {
        Stored step = stored.get(number);
        if (step == null) {
            throw new NoSuchFileException(name(number));
        }
        return step.difference(empty);
    }

    // ---- answers ------------------------------------------------------------------------------

    /** The revisions, newest (number 0) first. */
    public synchronized List<Revision> revisions() {
        List<Revision> revisions = new ArrayList<>();
        for (Stored label : newest()) {
            revisions.add(label.revision(revisions.size()));
        }
        return revisions;
    }

    private List<Stored> newest() {
        return stored.descendingMap().values().stream().limit(REVISIONS).toList();
    }

    /**
     * The configuration of a revision.
     *
     * @throws IOException when there is no such revision or its file cannot be read
     */
    public synchronized Branch load(int number) throws IOException {
        List<Stored> labels = newest();
        if (number < 0 || number >= labels.size()) {
            throw new NoSuchFileException(
                    "there is no revision "
                            + number
                            + (labels.isEmpty()
                                    ? "; nothing was committed yet"
                                    : "; expected 0.." + (labels.size() - 1)));
        }
        long wanted = labels.get(number).number();
        try {
            return isWay(last(), wanted) ? walk(running, last(), wanted) : tree(wanted);
        } catch (IOException e) {
            return tree(wanted); // another way, or the reason that there is none
        }
    }

    /** The running configuration: revision 0, or the empty one before the first commit. */
    public synchronized Branch running() {
        return running;
    }

    /**
     * Why an older revision than the last one runs: the last one is damaged. Empty if the last one
     * runs, and again after the next {@link #add}.
     */
    public synchronized String fault() {
        return fault;
    }

    /**
     * The configuration to return to if nobody confirms revision 0; null if it needs no
     * confirmation. The history does not know whether somebody confirmed it.
     *
     * @throws IOException if it cannot be read
     */
    public synchronized @Nullable Branch rollbackTarget() throws IOException {
        long number =
                stored.isEmpty() ? Stored.NO_ROLLBACK_TARGET : stored.lastEntry().getValue().back();
        return number == Stored.NO_ROLLBACK_TARGET ? null : number == 0 ? empty : tree(number);
    }

    // ---- writing ------------------------------------------------------------------------------

    /** Stores a configuration as revision 0. When this fails nothing has changed. */
    public synchronized void add(
            Branch tree, Instant time, String user, String client, String comment)
            throws IOException {
        add(tree, time, user, client, comment, null);
    }

    /**
     * The same for a revision that must be confirmed.
     *
     * @param rollbackTarget what runs again if nobody confirms it; null if that is not needed
     */
    public synchronized void add(
            Branch tree,
            Instant time,
            String user,
            String client,
            String comment,
            @Nullable Branch rollbackTarget)
            throws IOException {
        long number = lastNumber + 1;
        Delta delta = Delta.between(running, tree);
        String body = delta.text();
        isLong |= body.length() > PROVEN_MAX;
        // What is read back is the difference that was meant, or the whole one is stored.
        boolean isWhole =
                number != last() + 1
                        || body.length() <= PROVEN_MAX
                                && !Delta.parse(empty, body).apply(running).equals(tree);
        Path file = folder.resolve(name(number));
        Stored label =
                new Stored(
                        file,
                        "",
                        stored.isEmpty() ? "-" : stored.lastEntry().getValue().digest(),
                        number,
                        time,
                        oneLine(user),
                        oneLine(client),
                        oneLine(comment),
                        isWhole,
                        back(rollbackTarget));
        String text = label.text(isWhole ? TextPrinter.print(tree) : body);
        disk.write(file, text);
        label = label.digested(text);
        stored.put(number, label);
        if (isWhole) {
            wholes.put(number, label);
        }
        lastNumber = number;
        fault = "";
        running = tree;
        notifyAll();
    }

    /** A second unconfirmed commit returns to the same revision as the first. */
    private long back(@Nullable Branch rollbackTarget) {
        if (rollbackTarget == null) {
            return Stored.NO_ROLLBACK_TARGET;
        }
        return rollbackTarget.equals(running) ? last() : stored.lastEntry().getValue().back();
    }

    /** Task {@code config-history}: writes what may come a moment later. */
    private void follow(Task self) throws InterruptedException {
        while (true) {
            Stored label;
            Branch tree;
            boolean isNextWhole;
            synchronized (this) {
                while (followed == last() || last() == 0 || followed < -1) {
                    if (self.isEnding()) {
                        return;
                    }
                    wait();
                }
                long startNs = System.nanoTime();
                long leftMs = BEHIND_MS;
                while (!self.isEnding() && !isLong && !isAwaited && leftMs > 0) {
                    wait(leftMs);
                    leftMs = BEHIND_MS - (System.nanoTime() - startNs) / 1_000_000;
                }
                label = stored.lastEntry().getValue();
                tree = running;
                isNextWhole = isLong || last() - lastWhole() >= WHOLE_EVERY;
                isLong = false;
            }
            follow(label, tree, isNextWhole);
            synchronized (this) {
                followed = label.number();
                notifyAll();
            }
        }
    }

    /** The newest whole one that stays where it is. */
    private long lastWhole() {
        return wholes.descendingMap().values().stream()
                .filter(it -> !it.file().equals(configFile))
                .mapToLong(Stored::number)
                .findFirst()
                .orElse(0);
    }

    private void follow(Stored label, Branch tree, boolean isNextWhole) {
        try {
            String body = TextPrinter.print(tree);
            Stored config = label.wholeIn(configFile);
            disk.write(configFile, config.text(body));
            Stored kept = null;
            if (isNextWhole) {
                kept = label.wholeIn(folder.resolve(name(label.number()) + ".whole"));
                disk.write(kept.file(), kept.text(body));
            }
            for (Path old : outdated(config, kept)) {
                disk.delete(old);
            }
        } catch (IOException | RuntimeException e) {
            // The revision itself is safe; only the copy or the clean-up is late.
            messages.accept("after the commit: " + e.getMessage());
        }
    }

    /** Takes the new whole ones in, and out what no revision needs any more. */
    private synchronized List<Path> outdated(Stored config, @Nullable Stored kept) {
        wholes.values().removeIf(it -> it.file().equals(configFile));
        wholes.putIfAbsent(config.number(), config);
        if (kept != null) {
            wholes.put(kept.number(), kept);
        }
        long oldest = newest().getLast().number();
        Long base = wholes.floorKey(oldest);
        List<Path> old = new ArrayList<>();
        if (base != null) {
            wholes.headMap(base).values().forEach(it -> old.add(it.file()));
            stored.headMap(base).values().forEach(it -> old.add(it.file()));
            wholes.headMap(base).clear();
            stored.headMap(base).clear();
        }
        return old;
    }

    /** Waits until {@code config} is of the last revision; false when it took longer than that. */
    synchronized boolean awaitFollowed(long longestMs) throws InterruptedException {
        long endNs = System.nanoTime() + longestMs * 1_000_000;
        isAwaited = true;
        notifyAll();
        while (followed != last() && System.nanoTime() - endNs < 0) {
            wait(10);
        }
        isAwaited = false;
        return followed == last();
    }

    // ---- rescue -------------------------------------------------------------------------------

    /**
     * The configuration kept for emergencies. Its warnings name values that this version refuses
     * but keeps.
     *
     * @throws IOException when there is none or it cannot be read
     */
    public synchronized Loaded rescue() throws IOException {
        if (!Files.exists(rescueFile)) {
            throw new NoSuchFileException(
                    "there is no rescue configuration ('request system configuration rescue"
                            + " save')");
        }
        String text = Files.readString(rescueFile);
        Loaded loaded = TextParser.loadStored(empty, text);
        if (!loaded.errors().isEmpty()) {
            throw new IOException(rescueFile + ": " + loaded.errors().getFirst());
        }
        return new Loaded(loaded.tree(), List.of(), TextParser.load(empty, text).errors());
    }

    /** Keeps a configuration for emergencies, in place of the one before. */
    public synchronized void saveRescue(Branch tree) throws IOException {
        disk.write(rescueFile, TextPrinter.print(tree));
    }

    /** Forgets it; false when there is none. */
    public synchronized boolean deleteRescue() throws IOException {
        return Durable.delete(rescueFile);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    /** Lets the thread finish what it has to follow with, and ends it. */
    @Override
    public void close() {
        follower.end();
        synchronized (this) {
            notifyAll();
        }
        follower.close();
    }
}
