package floof.sync;

import floof.base.Plural;
import floof.base.Prefix;
import floof.base.alarm.Alarms;
import floof.base.task.Task;
import floof.base.task.Tasks;
import floof.fpc.Feature;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.linux.error.LinuxException;
import floof.linux.system.ThreadUsage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache manager: keeps the fast path equal to Linux, from {@link #start()} to {@link #close()},
 * through restarts of the manager and losses of events. See the package's description.
 */
public final class Mirror implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

    /** Version of FPC that this end speaks. */
    private static final int VERSION = 1;

    private static final int BATCH = 256;
    private static final int DRAIN_MS = 1000;
    private static final int REREAD_MS = 100;

    /**
     * The shortest interval between reads of the MACs that devices receive. Changes that Linux
     * reports (links, manual entries) are read at once. Linux is silent when a macvlan of another
     * namespace comes up, or when a socket requests a MAC (packet(7)).
     */
    private static final int FILTERS_MS = 1_000;

    /** The interval is at least this many times what a read costs: 50 µs with 64 links. */
    private static final int FILTERS_REST = 1_000;

    /** Interval of attempts to program routes that did not fit. */
    private static final int ROOM_MS = 200;

    private static final int MAX_LOGGED = 10;

    private final MirrorSettings settings;
    private final Outbox outbox = new Outbox();
    private final List<Watched> all = new ArrayList<>();
    private final HitRefresh hits;
    private final Alarms alarms;
    private final Tasks tasks;
    private @Nullable Task task;
    private volatile boolean isClosing;
    private volatile @Nullable FpcClient connection;

    // The thread's own.
    private int resync;
    private long nextHitsNs;
    private final ThreadUsage usage = new ThreadUsage();
    private final Pace filters =
            new Pace(FILTERS_MS * 1_000_000L, FILTERS_REST, System::nanoTime, usage::processorNs);
    private long nextAuditNs;
    private long nextRereadNs;
    private long nextRoomNs;

    // Guarded by the outbox.
    private MirrorState.Phase phase = MirrorState.Phase.CONNECTING;
    private long resyncs;
    private @Nullable Instant lastResync;
    private long audits;
    private long repairs;
    private String lastError = "";

    /**
     * @param alarms receive what keeps the fast path from forwarding
     */
    public Mirror(
            List<MirroredNamespace> namespaces,
            MirrorSettings settings,
            Alarms alarms,
            Tasks tasks) {
        this.settings = settings;
        hits = new HitRefresh(all, outbox, settings.hitIntervalMs());
        this.alarms = alarms;
        this.tasks = tasks;
        synchronized (outbox) {
            for (MirroredNamespace namespace : namespaces) {
                all.add(new Watched(namespace, settings, outbox));
            }
        }
    }

    /** Starts the tasks: {@code sync}, and {@code sync-NAME} per namespace. */
    public void start() {
        all.forEach(watched -> watched.reader.start(tasks));
        task = tasks.start("sync", Task.Failure.RESTART, this::run);
    }

    /** Ends the tasks; the fast path keeps its tables. */
    @Override
    public void close() {
        isClosing = true;
        FpcClient open = connection;
        if (open != null) {
            open.close(); // ends a wait for a manager that does not answer
        }
        wake();
        if (task != null) {
            task.close();
        }
        all.forEach(watched -> watched.reader.stop());
    }

    // ---- what operators see -------------------------------------------------------------------

    /** A snapshot. Thread: any. */
    public MirrorState state() {
        synchronized (outbox) {
            String error = lastError;
            long events = 0;
            long overruns = 0;
            List<String> obstacles = new ArrayList<>();
            for (Watched watched : all) {
                events += watched.reader.events();
                overruns += watched.reader.overruns();
                obstacles.addAll(watched.cache.obstacles());
                error = error.isEmpty() ? watched.reader.lastError() : error;
            }
            return new MirrorState(
                    phase,
                    outbox.lagNs() / 1_000_000,
                    outbox.pending(),
                    outbox.counts(),
                    events,
                    overruns,
                    resyncs,
                    lastResync,
                    audits,
                    repairs,
                    hits.probes(),
                    outbox.waitingForRoom(),
                    List.copyOf(obstacles),
                    error);
        }
    }

    /** Why the fast path has no route to a prefix; empty when it has one. Thread: any. */
    public String fault(int vrf, Prefix prefix) {
        synchronized (outbox) {
            for (Watched watched : all) {
                if (watched.namespace.vrf() == vrf) {
                    return watched.cache.fault(prefix);
                }
            }
            return "";
        }
    }

    // ---- the task ----------------------------------------------------------------------------

    private void run(Task self) {
        while (!isClosing && !self.isEnding()) {
            phase(MirrorState.Phase.CONNECTING);
            try (FpcClient client =
                    FpcClient.connect(settings.managerSocket(), "sync-fpc", settings.window())) {
                connection = client;
                serve(client, self);
            } catch (IOException | LinuxException e) {
                failed(String.valueOf(e.getMessage()));
            } finally {
                synchronized (outbox) {
                    all.forEach(watched -> watched.cache.giveUp());
                }
                all.forEach(Watched::closeLinux);
            }
            self.pause(settings.retry());
        }
        phase(MirrorState.Phase.STOPPED);
    }

    private void phase(MirrorState.Phase next) {
        synchronized (outbox) {
            phase = next;
        }
    }

    private void failed(String why) {
        boolean isNews;
        synchronized (outbox) {
            isNews = !why.equals(lastError);
            lastError = why;
        }
        if (isNews && !isClosing) {
            LOG.warn("sync: {}", why);
        }
    }

    /** Clears earlier faults, if everything was read. */
    private void forgetError() {
        if (all.stream().noneMatch(watched -> watched.reader.needsDump())) {
            lastError = "";
        }
    }

    private void serve(FpcClient client, Task self) throws IOException {
        client.lost().thenRun(this::wake);
        Message.Hello manager =
                client.ask(
                        new Message.Hello(
                                VERSION,
                                Feature.all(),
                                resync,
                                (int) ProcessHandle.current().pid()),
                        Message.Hello.class);
        if (manager.version() != VERSION) {
            throw new IOException(
                    settings.managerSocket()
                            + ": FPC version "
                            + manager.version()
                            + "; expected "
                            + VERSION);
        }
        resync = Math.max(resync, manager.resync());
        while (!isClosing && !self.isEnding()) {
            resync(client, manager.features());
            live(client, manager.features(), self);
            if (outbox.isStale()) {
                // Another client marks resyncs, too; avoid a race.
                self.pause(settings.retry());
            }
        }
    }

    private void wake() {
        synchronized (outbox) {
            outbox.notifyAll();
        }
    }

    private void resync(FpcClient client, long features) throws IOException {
        phase(MirrorState.Phase.DUMPING);
        awaitListening();
        synchronized (outbox) {
            outbox.restart(features);
            for (Watched watched : all) {
                watched.reader.dumpBegins();
                watched.cache.restart();
                watched.cache.hold();
            }
        }
        client.tell(new Message.Mark(++resync));
        for (Watched watched : all) {
            MirroredNamespace namespace = watched.namespace;
            client.tell(new Message.Vrf(namespace.vrf(), namespace.name(), true));
            new Dump(watched.linux(), watched.cache, outbox, () -> sendQueued(client)).all();
        }
        for (Watched watched : all) {
            awaitDrained(watched);
            synchronized (outbox) {
                watched.cache.release();
            }
        }
        awaitAcknowledged(client);
        Message.Swept swept = client.ask(new Message.Sweep(resync), Message.Swept.class);
        synchronized (outbox) {
            all.forEach(watched -> watched.cache.restarted());
            all.forEach(watched -> watched.reader.caughtUp());
            forgetError();
            phase = MirrorState.Phase.LIVE;
            resyncs++;
            lastResync = Instant.now();
        }
        LOG.info("synchronized, resync {}: {}", resync, swept);
        long nowNs = System.nanoTime();
        nextHitsNs = nowNs + settings.hitIntervalMs() * 1_000_000L;
        nextAuditNs = nowNs + settings.auditIntervalMs() * 1_000_000L;
    }

    private void awaitListening() throws IOException {
        for (Watched watched : all) {
            await(10_000, () -> watched.reader.isListening());
            synchronized (outbox) {
                if (!watched.reader.isListening() && !isClosing) {
                    throw new IOException(
                            "no events of "
                                    + watched.namespace.name()
                                    + " arrive: "
                                    + watched.reader.lastError());
                }
            }
        }
    }

    /**
     * Waits until all events older than now are read; does not wait for a socket that is never
     * empty.
     */
    private void awaitDrained(Watched watched) {
        long startNs = System.nanoTime();
        await(DRAIN_MS, () -> watched.reader.drainedNs() - startNs > 0);
    }

    private void awaitAcknowledged(FpcClient client) throws IOException {
        boolean isDone = false;
        while (!isDone && !isClosing) {
            sendQueued(client);
            await(1000, () -> outbox.hasQueued() || outbox.isIdle() || client.lost().isDone());
            check(client);
            synchronized (outbox) {
                isDone = outbox.isIdle();
            }
        }
    }

    private void await(long timeoutMs, BooleanSupplier condition) {
        long endNs = System.nanoTime() + timeoutMs * 1_000_000;
        synchronized (outbox) {
            long leftMs = timeoutMs;
            while (!isClosing && leftMs > 0 && !condition.getAsBoolean()) {
                try {
                    outbox.wait(leftMs);
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted, though by nobody", e);
                }
                leftMs = (endNs - System.nanoTime()) / 1_000_000;
            }
        }
    }

    private static void check(FpcClient client) throws IOException {
        CompletableFuture<IOException> lost = client.lost();
        if (lost.isDone()) {
            throw lost.join();
        }
    }

    private void sendQueued(FpcClient client) {
        boolean hasMore = true;
        while (hasMore && !client.lost().isDone() && !isClosing) {
            List<Outbox.Sending> batch;
            synchronized (outbox) {
                batch = outbox.take(BATCH);
                hasMore = outbox.hasQueued();
            }
            for (Outbox.Sending sending : batch) {
                client.send(sending.message())
                        .thenAccept(reply -> outbox.acknowledged(sending, reply));
            }
        }
    }

    /** Raises an alarm per namespace in which all traffic is left to Linux. */
    private void tellObstacles() {
        for (Watched watched : all) {
            List<String> obstacles;
            synchronized (outbox) {
                obstacles = watched.cache.obstacles();
            }
            watched.report(obstacles, alarms);
        }
    }

    /** Follows events until everything must be read again. */
    private void live(FpcClient client, long features, Task self) throws IOException {
        while (!isClosing && !self.isEnding()) {
            sendQueued(client);
            check(client);
            tellObstacles();
            long nowNs = System.nanoTime();
            if (nowNs - nextRereadNs >= 0 && is(Cache::hasRereads)) {
                reread();
                nextRereadNs = System.nanoTime() + REREAD_MS * 1_000_000L;
            } else if (filters.isDue()) {
                filters.begin();
                synchronized (outbox) {
                    all.forEach(watched -> watched.cache.wantFilters());
                }
            } else if (nowNs - nextHitsNs >= 0) {
                nextHitsNs = nowNs + settings.hitIntervalMs() * 1_000_000L;
                if (Feature.HITS.isIn(features)) {
                    hits.refresh(client);
                }
            } else if (nowNs - nextRoomNs >= 0 && outbox.hasFull()) {
                nextRoomNs = nowNs + ROOM_MS * 1_000_000L;
                synchronized (outbox) {
                    outbox.retryFull();
                }
            } else if (nowNs - nextAuditNs >= 0) {
                audit();
                nextAuditNs = System.nanoTime() + settings.auditIntervalMs() * 1_000_000L;
            } else {
                if (outbox.isStale()) {
                    return;
                }
                Watched behind = behind();
                if (behind == null) {
                    rest(client, nowNs);
                } else {
                    catchUp(client, behind, self);
                }
            }
        }
    }

    private boolean is(Predicate<Cache> condition) {
        synchronized (outbox) {
            return all.stream().anyMatch(watched -> condition.test(watched.cache));
        }
    }

    /** A namespace whose events were lost and arrive again. */
    private @Nullable Watched behind() {
        synchronized (outbox) {
            return all.stream()
                    .filter(watched -> watched.reader.needsDump() && watched.reader.isListening())
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * Reads one namespace again and sends what changed; the others continue meanwhile. What Linux
     * refuses to tell is asked for again later.
     */
    private void catchUp(FpcClient client, Watched watched, Task self) {
        synchronized (outbox) {
            watched.reader.dumpBegins();
            watched.cache.hold();
            phase = MirrorState.Phase.DUMPING;
        }
        boolean isRead = false;
        try {
            new Dump(watched.linux(), watched.cache, outbox, () -> sendQueued(client)).all();
            awaitDrained(watched);
            isRead = true;
        } catch (LinuxException e) {
            failed(watched.namespace.name() + ": " + e.getMessage());
            self.pause(settings.retry());
        }
        synchronized (outbox) {
            watched.cache.release();
            phase = MirrorState.Phase.LIVE;
            if (isRead) {
                watched.reader.caughtUp();
                forgetError();
                resyncs++;
                lastResync = Instant.now();
            } else {
                watched.reader.demandDump();
            }
        }
        LOG.info("{}: {}", watched.namespace.name(), isRead ? "read again" : "not read whole");
    }

    /** Sleeps until there is something to do. */
    private void rest(FpcClient client, long nowNs) {
        long untilNs = Math.min(filters.nextNs(), Math.min(nextHitsNs, nextAuditNs)) - nowNs;
        if (outbox.hasFull()) {
            untilNs = Math.min(untilNs, Math.max(nextRoomNs - nowNs, 0));
        }
        long rereadNs = Math.max(nextRereadNs - nowNs, 0);
        boolean hasRereads = is(Cache::hasRereads);
        long restNs = hasRereads ? Math.min(untilNs, rereadNs) : untilNs;
        await(
                restNs / 1_000_000 + 1,
                () ->
                        outbox.hasQueued()
                                || client.lost().isDone()
                                || outbox.isStale()
                                || behind() != null
                                || !hasRereads && is(Cache::hasRereads));
    }

    // ---- what Linux does not tell -------------------------------------------------------------

    /** Reads again the routes that Linux may have changed silently. */
    private void reread() throws IOException {
        for (Watched watched : all) {
            Set<Rereads.Reread> rereads;
            boolean hasFilters;
            synchronized (outbox) {
                hasFilters = watched.cache.takeFilters();
                rereads = watched.cache.takeRereads();
            }
            if (hasFilters) {
                Dump dump = new Dump(watched.linux(), watched.cache, outbox, () -> {});
                filters.run(dump::filters);
            }
            if (rereads.isEmpty()) {
                continue;
            }
            synchronized (outbox) {
                watched.cache.hold();
            }
            // Linux reports a change of a link before it has changed the routes. Both happen under
            // the kernel's RTNL lock, for which this request waits.
            watched.linux().link("lo");
            Dump dump = new Dump(watched.linux(), watched.cache, outbox, () -> {});
            for (Rereads.Reread reread : rereads) {
                dump.routes(reread.family(), reread.ifindex());
            }
            awaitDrained(watched);
            synchronized (outbox) {
                watched.cache.release();
            }
        }
    }

    /**
     * Compares everything with Linux, first without holding events; differing objects are then read
     * again.
     */
    private void audit() throws IOException {
        int repaired = 0;
        for (Watched watched : all) {
            synchronized (outbox) {
                watched.cache.beginComparing();
            }
            new Dump(watched.linux(), watched.cache, outbox, () -> {}).all();
            awaitDrained(watched);
            boolean differs;
            synchronized (outbox) {
                differs = !watched.cache.endComparing().isEmpty();
                watched.cache.retryFailed();
            }
            if (differs) {
                repaired += repair(watched);
            }
        }
        synchronized (outbox) {
            audits++;
            repairs += repaired;
        }
    }

    private int repair(Watched watched) throws IOException {
        synchronized (outbox) {
            watched.cache.hold();
        }
        Dump dump = new Dump(watched.linux(), watched.cache, outbox, () -> {});
        dump.all();
        awaitDrained(watched);
        int repaired = 0;
        synchronized (outbox) {
            Collection<Entry> differing = new HashSet<>(dump.news());
            differing.removeIf(entry ->
                    !entry.isDifferent()
                            || entry.last instanceof Message.Neighbour had
                                    && entry.desired() instanceof Message.Neighbour has
                                    && Translation.differsInState(had, has));
            Set<Object> told = watched.cache.release();
            differing.removeIf(entry -> told.contains(entry.key));
            repaired = differing.size();
            differing.stream()
                    .limit(MAX_LOGGED)
                    .forEach(entry ->
                            LOG.warn(
                                    "{}: audit repairs a {}: the fast path has {}, Linux has {}",
                                    watched.namespace.name(),
                                    entry.type.label(),
                                    Translation.text(entry.last),
                                    Translation.text(entry.desired())));
        }
        if (repaired > 0) {
            LOG.warn(
                    "{}: audit repaired {}",
                    watched.namespace.name(),
                    Plural.of(repaired, "object"));
        }
        return repaired;
    }
}
