package floof.app;

import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.control.daemon.Living;
import floof.control.fastpath.FastPathProcess;
import floof.control.fastpath.Housekeeping;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.plan.CommitException;
import floof.control.plan.FastPathSettings;
import floof.engine.Depot;
import floof.engine.HandOver;
import floof.engine.Packet;
import floof.engine.SharedDepot;
import floof.engine.TimeStampCounter;
import floof.engine.Worker;
import floof.fpc.FpcServer;
import floof.linux.Mapping;
import floof.linux.SharedFile;
import floof.linux.dpdk.DpdkException;
import floof.linux.error.LinuxException;
import floof.linux.system.Umask;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.LayoutException;
import floof.tables.Readers;
import floof.tables.Tables;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process {@code floof-fastpath}: {@code --instance NAME} and the arguments of {@link
 * FastPathSettings}. It finds its tables in the instance's shared memory and receives its ports
 * over FPC. It keeps no state that another process would miss.
 *
 * <p>Threads: main (follows the links), {@code worker-N} (forward), {@code fastpath-fpc}.
 */
public final class FastPath {

    private static final Logger LOG = LoggerFactory.getLogger(FastPath.class);

    /**
     * Flags of its JVM. Forwarding allocates nothing and FPC little: a heap of 64 MiB, allocated
     * from the start, and a collector without threads of its own. Its pauses are the only remaining
     * safepoints, 0.2 to 0.4 ms each; one comes every 32 MiB of FPC messages.
     */
    public static final List<String> JVM_FLAGS =
            List.of(
                    "-Xms64m",
                    "-Xmx64m",
                    "-Xmn40m",
                    "-XX:+UseSerialGC",
                    "-XX:+AlwaysPreTouch",
                    "-XX:-UsePerfData",
                    "-XX:+ExitOnOutOfMemoryError");

    /** The kernel releases a killed predecessor's lock only when it has cleaned the process up. */
    private static final int LOCK_MS = 5_000;

    /** The longest delay until a twin shows its port's link state. */
    private static final int LINK_MS = 100;

    private FastPath() {}

    public static void main(String[] words) {
        Umask.ownerOnly();
        Logging.start(null);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            failed(thread.getName(), e);
            halt();
        });
        try {
            run(words);
        } catch (IllegalArgumentException
                | CommitException
                | IOException
                | LayoutException
                | LinuxException
                | DpdkException
                | InterruptedException e) {
            LOG.error("{}", e.getMessage());
            System.exit(1);
        }
    }

    private static void failed(String thread, Throwable e) {
        LOG.error("thread {} failed", thread, e);
    }

    /** Half a fast path forwards nothing: the whole process is restarted. */
    private static void halt() {
        Runtime.getRuntime().halt(2);
    }

    private static void run(String[] words)
            throws CommitException, IOException, LayoutException, InterruptedException {
        WarmUp warmUp = new WarmUp(WarmUp.LENGTH_MS);
        warmUp.start();
        List<String> others = new ArrayList<>(List.of(words));
        FastPathSettings settings = FastPathSettings.take(others);
        boolean hasDpdk = others.remove(FastPathProcess.DPDK);
        boolean hasPci = others.remove(FastPathProcess.PCI);
        long floofd = takeFloofd(others);
        Instance instance = Arguments.parse(others.toArray(String[]::new)).instance();
        Sizing sizing = Sizing.of(settings, Housekeeping.cpus());

        Dpdk dpdk = hasDpdk ? Dpdk.start(instance, hasPci, sizing.buffers()) : null;
        Region buffers = dpdk == null ? ownBuffers(sizing.buffers()) : dpdk.memory();
        Depot depot = dpdk == null ? new SharedDepot(buffers, sizing.buffers()) : dpdk.depot();
        if (floofd != 0) {
            warmUp.awaitEnd();
        }
        SharedFile file = SharedFile.open(instance.tables());
        Tables tables = map(instance, file);
        if (floofd != 0) {
            if (parent() != floofd) {
                throw new IOException("floofd has ended: who would hand the ports over?");
            }
            endPredecessor(instance);
        }
        become(instance, file);
        Readers.clear(tables);
        List<ForwardingWorker> workers = workers(sizing, settings.isBusy(), tables, depot);
        AttachedPorts ports =
                new AttachedPorts(workers, buffers, dpdk, sizing.ringFrames(), Worker.CALL_MS);
        workers.forEach(it -> it.worker().start());
        warmUp.awaitReady();
        // Objects created so far live on: collect now, or the first pauses would copy them.
        System.gc();
        Tasks tasks =
                new Tasks(new Alarms(InstantSource.system()), FastPath::failed, FastPath::halt);
        FpcServer server =
                FpcServer.open(
                        instance.fastPathSocket(),
                        "fastpath-fpc",
                        new FastPathRequests(
                                ports,
                                workers,
                                sizing,
                                TimeStampCounter.clocksPerNs(),
                                FastPath::exitSoon),
                        LOG::warn,
                        tasks);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("stop")
                                .unstarted(() -> stop(server, workers, ports)));
        LOG.info("fast path of instance {} is ready", instance.name());
        while (true) {
            Thread.sleep(LINK_MS);
            ports.followLinks();
        }
    }

    private static List<ForwardingWorker> workers(
            Sizing sizing, boolean isBusy, Tables tables, Depot depot) {
        List<PollWaiter> waiters =
                sizing.cores().cores().stream().map(_ -> new PollWaiter()).toList();
        List<ForwardingWorker> workers = new ArrayList<>();
        for (HandOver handOver : HandOver.among(waiters)) {
            workers.add(
                    ForwardingWorker.make(
                            sizing.cores(),
                            isBusy,
                            tables,
                            depot,
                            waiters.get(handOver.number()),
                            handOver));
        }
        return workers;
    }

    /** Removes the option {@link FastPathProcess#SUCCESSOR}; its pid, or 0 without it. */
    private static long takeFloofd(List<String> words) {
        for (String word : words) {
            if (word.startsWith(FastPathProcess.SUCCESSOR)) {
                words.remove(word);
                return Long.parseLong(word.substring(FastPathProcess.SUCCESSOR.length()));
            }
        }
        return 0;
    }

    /** It has nothing to save, and its tables and ports are ours from the moment it is gone. */
    private static void endPredecessor(Instance instance) {
        long own = ProcessHandle.current().pid();
        Living.find(Processes.isMain(FastPathProcess.MAIN, instance)).stream()
                .filter(found -> found.pid() != own)
                .forEach(found -> found.end(Duration.ZERO));
    }

    private static Region ownBuffers(int count) {
        return known(Mapping.anonymous("buffers", (long) count * Packet.BUFFER_BYTES));
    }

    /** Makes pages known as memory of the packet path. */
    static Region known(Mapping mapping) {
        Region region = new Region(mapping.what(), mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        return region;
    }

    private static long parent() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    /** Becomes the one process of readers. */
    private static void become(Instance instance, SharedFile file)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + LOCK_MS * 1_000_000L;
        while (!file.lockExclusive(Tables.READERS_LOCK, 1)) {
            if (System.nanoTime() > deadlineNs) {
                throw new IOException(
                        instance.tables() + " is in use by another fast path of this instance");
            }
            Thread.sleep(5);
        }
    }

    private static Tables map(Instance instance, SharedFile file)
            throws IOException, LayoutException {
        Mapping mapping = file.map(true);
        Region region =
                new Region(instance.tables().toString(), mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        return Tables.open(region);
    }

    /** On a separate thread, because the end waits for the server's thread, which requests it. */
    private static void exitSoon() {
        Thread.ofPlatform().name("exit").start(() -> System.exit(0));
    }

    /** Thread: the JVM's shutdown hook, after SIGTERM, SHUTDOWN or a failure. */
    private static void stop(
            FpcServer server, List<ForwardingWorker> workers, AttachedPorts ports) {
        server.close();
        workers.forEach(it -> it.worker().close());
        ports.close();
        LOG.info("fast path ended");
    }
}
