package floof.app;

import floof.control.instance.Instance;
import floof.dataplane.ForwardingGraph;
import floof.dataplane.PacketText;
import floof.dataplane.PortTable;
import floof.dataplane.TableView;
import floof.engine.BufferPool;
import floof.engine.CycleClock;
import floof.engine.Graph;
import floof.engine.Packet;
import floof.engine.SharedDepot;
import floof.engine.TimeStampCounter;
import floof.engine.Trace;
import floof.engine.Worker;
import floof.fpc.FpcServer;
import floof.linux.CurrentThread;
import floof.linux.LinuxException;
import floof.linux.Mapping;
import floof.linux.SharedFile;
import floof.linux.dpdk.DpdkException;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.LayoutException;
import floof.tables.Readers;
import floof.tables.Tables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process {@code floof-fastpath}: {@code --instance NAME [--core N]}. It finds its tables in
 * the instance's shared memory and its ports are given to it over FPC; it keeps nothing that
 * another process would miss.
 *
 * <p>Threads: main (follows the links), {@code worker-0} (forwards), {@code fastpath-fpc}.
 */
public final class FastPath {

    private static final Logger LOG = LoggerFactory.getLogger(FastPath.class);

    /**
     * Flags of its JVM. Forwarding allocates nothing and FPC little: a heap of 64 MiB, there from
     * the start, and the collector without threads of its own. Its pauses stop the worker, but only
     * a long talk over FPC brings one about.
     */
    public static final List<String> JVM_FLAGS =
            List.of(
                    "-Xms64m",
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:+AlwaysPreTouch",
                    "-XX:-UsePerfData",
                    "-XX:+ExitOnOutOfMemoryError");

    /**
     * Twice 256 frames of 64 KiB (33 buffers each): what one device and its twin hand over at once.
     */
    private static final int BUFFERS = 2 * 256 * Packet.SEGMENTS_MAX;

    /** The only worker so far. */
    private static final int WORKER = 0;

    /** Nodes' times are taken in every so many runs; a reading costs as much as a small node. */
    private static final int MEASURE_EVERY = 64;

    /** A killed predecessor's lock goes when the kernel has taken it apart. */
    private static final int LOCK_MS = 5_000;

    /** How late a twin may show its port's link. */
    private static final int LINK_MS = 100;

    private FastPath() {}

    public static void main(String[] words) {
        Logging.start(null);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            // Half a fast path forwards nothing: the whole is started again.
            LOG.error("thread {} failed", thread.getName(), e);
            Runtime.getRuntime().halt(2);
        });
        try {
            run(words);
        } catch (IllegalArgumentException
                | IOException
                | LayoutException
                | LinuxException
                | DpdkException
                | InterruptedException e) {
            LOG.error("{}", e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] words)
            throws IOException, LayoutException, InterruptedException {
        WarmUp warmUp = new WarmUp(WarmUp.LENGTH_MS);
        warmUp.start();
        List<String> others = new ArrayList<>(List.of(words));
        int core = takeCore(others);
        boolean hasDpdk = others.remove(Dpdk.OPTION);
        boolean hasPci = others.remove(Dpdk.PCI_OPTION);
        Instance instance = Arguments.parse(others.toArray(String[]::new)).instance();
        Tables tables = open(instance);
        Readers.clear(tables);

        Dpdk dpdk = hasDpdk ? Dpdk.start(instance, hasPci, BUFFERS) : null;
        Region buffers = dpdk == null ? ownBuffers() : dpdk.memory();
        BufferPool pool =
                new BufferPool(dpdk == null ? new SharedDepot(buffers, BUFFERS) : dpdk.depot());
        CycleClock clock = new CycleClock();
        Trace trace = new Trace(new PacketText());
        PortTable table = new PortTable();
        TableView view = new TableView(tables, WORKER);
        Graph graph = ForwardingGraph.build(view, table, pool, clock, trace);
        graph.measureEvery(MEASURE_EVERY);
        Worker worker =
                new Worker(
                        "worker-" + WORKER,
                        graph,
                        trace,
                        clock,
                        new EpollWaiter(),
                        view,
                        () -> runOn(core));
        AttachedPorts ports = new AttachedPorts(worker, graph, table, buffers, pool, dpdk);
        worker.start();
        warmUp.awaitReady();
        FpcServer server =
                FpcServer.open(
                        instance.fastPathSocket(),
                        "fastpath-fpc",
                        new FastPathRequests(
                                ports,
                                worker,
                                graph,
                                trace,
                                TimeStampCounter.clocksPerNs(),
                                FastPath::exitSoon),
                        LOG::warn);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("stop")
                                .unstarted(() -> stop(server, worker, ports)));
        LOG.info("fast path of instance {} is ready", instance.name());
        while (true) {
            Thread.sleep(LINK_MS);
            ports.followLinks();
        }
    }

    private static Region ownBuffers() {
        return known(Mapping.anonymous("buffers", (long) BUFFERS * Packet.BUFFER_BYTES));
    }

    private static Region known(Mapping mapping) {
        Region region = new Region(mapping.what(), mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        return region;
    }

    /** Takes {@code --core N} out of the words; -1 where it is not: wherever Linux likes. */
    private static int takeCore(List<String> words) {
        int at = words.indexOf("--core");
        if (at < 0) {
            return -1;
        }
        words.remove(at);
        String value = at < words.size() ? words.remove(at) : "";
        try {
            return Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--core '" + value + "': expected a core's number");
        }
    }

    private static void runOn(int core) {
        if (core >= 0) {
            BitSet cores = new BitSet();
            cores.set(core);
            CurrentThread.runOn(cores);
        }
    }

    /** Maps the tables and becomes their one process of readers. */
    private static Tables open(Instance instance)
            throws IOException, LayoutException, InterruptedException {
        SharedFile file = SharedFile.open(instance.tables());
        long deadlineNs = System.nanoTime() + LOCK_MS * 1_000_000L;
        while (!file.lockExclusive(Tables.READERS_LOCK, 1)) {
            if (System.nanoTime() > deadlineNs) {
                throw new IOException(
                        instance.tables() + " is in use by another fast path of this instance");
            }
            Thread.sleep(5);
        }
        Mapping mapping = file.map(true);
        Region region =
                new Region(instance.tables().toString(), mapping.address(), mapping.sizeBytes());
        Memory.add(region);
        return Tables.open(region);
    }

    /** On a thread of its own, as the end waits for the server's, which is asking for it. */
    private static void exitSoon() {
        Thread.ofPlatform().name("exit").start(() -> System.exit(0));
    }

    /** Thread: the JVM's shutdown hook, after SIGTERM, SHUTDOWN or a failure. */
    private static void stop(FpcServer server, Worker worker, AttachedPorts ports) {
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("{}", e.getMessage());
        }
        worker.close();
        ports.close();
        LOG.info("fast path ended");
    }
}
