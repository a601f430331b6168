package floof.lab.bench;

import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.engine.PortCounter;
import floof.fpc.CounterKind;
import floof.fpc.Driver;
import floof.fpc.FactKind;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.lab.Network;
import floof.lab.Router;
import floof.linux.system.Cpus;
import floof.linux.system.CurrentThread;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code ./floof bench stalls [--json]}: the longest pause of a worker of a whole router that
 * forwards at half of its greatest rate, while a million routes a minute change in Linux, something
 * is committed every second and the statistics are read all the time.
 *
 * <p>Packets come from a generator in the fast path's own process, at a rate, through a ring of
 * 1,024: what does not fit is lost and counted, as at a device. The bar is a millisecond, or 200
 * microseconds more than the longest gap of a program that only reads the clock on the same core,
 * just before and after; and nothing lost. Safepoints of the JVM have a bar of their own: 200
 * microseconds, or 100 more than that gap.
 */
public final class Stalls {

    private static final String NAME = "stalls";
    private static final int SECONDS = 30;
    private static final int SPIN_SECONDS = 15;
    private static final int ROUTES_PER_SECOND = 1_000_000 / 60;
    private static final int RING = 1024;
    private static final int BAR_US = 1_000;
    private static final int MORE_THAN_SPINNER_US = 200;
    private static final int SAFEPOINT_BAR_US = 200;
    private static final int SAFEPOINT_MORE_THAN_SPINNER_US = 100;
    private static final String NEXT_HOP = "198.51.100.2";

    private static final List<String> CONFIGURATION =
            List.of(
                    "set interfaces g0 driver tap",
                    "set interfaces g0 address 192.0.2.1/24",
                    "set interfaces g1 driver tap",
                    "set interfaces g1 address 198.51.100.1/24",
                    "set routing static route 198.18.0.0/24 next-hop " + NEXT_HOP);

    private final Results results;
    private final Instance instance = new Instance(NAME);
    private final Network network;
    private final Router router;
    private final FpcClient client;
    private final int cpu;

    private Stalls(Results results, Network network) throws Exception {
        this.results = results;
        this.network = network;
        network.host("router");
        router = new Router(network, "router", NAME);
        router.awaitReady();
        router.commit(CONFIGURATION);
        router.inDataplane(
                        "ip",
                        "neigh",
                        "replace",
                        NEXT_HOP,
                        "lladdr",
                        "02:00:00:00:00:99",
                        "dev",
                        "g1",
                        "nud",
                        "permanent")
                .mustRun();
        client = FpcClient.connect(instance.fastPathSocket(), "bench", 4);
        cpu = workerCpu();
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        Results results = new Results(isJson);
        try (Network network = new Network(NAME)) {
            new Stalls(results, network).run();
        }
        if (isJson) {
            System.out.println(results.json());
        }
        // A bar that was missed is a result, in the rows: what fails is a benchmark that did not
        // run.
        System.exit(0);
    }

    private int workerCpu() throws IOException {
        Message.Facts sizing =
                client.ask(new Message.FactsRequest(FactKind.SIZING, 0), Message.Facts.class);
        return sizing.rows().stream()
                .filter(row -> row.getFirst().equals("cores of the workers"))
                .map(row -> Integer.parseInt(row.get(1).split(" ")[0]))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Whatever an operator starts keeps off the worker's core, as on a router whose cores are
     * isolated: this process and what it starts from now on.
     */
    private void keepOff() {
        BitSet others = CurrentThread.cpus();
        others.andNot(Cpus.threadsOfCore(cpu));
        if (!others.isEmpty()) {
            Cpus.confine(ProcessHandle.current().pid(), others);
        }
    }

    private void run() throws Exception {
        keepOff();
        Spinner spinner = Spinner.make(network.folder());
        attach(1, "g1", Map.of());
        receive(0);
        Thread.sleep(5_000); // until all is compiled
        Count before = count();
        Thread.sleep(3_000);
        long rate = (count().received() - before.received()) / 3;
        results.say("greatest rate   %,d packets/s, half of it is offered", rate);
        client.tell(new Message.PortDetach(0));
        long spinBefore = spinner.longestUs(cpu, SPIN_SECONDS);
        receive(rate / 2);
        Thread.sleep(1_000);
        client.tell(new Message.PausesClear());
        before = count();
        Load load = new Load();
        Thread.sleep(SECONDS * 1_000L);
        Count after = count();
        Message.Counters pauses =
                client.ask(
                        new Message.CountersRequest(CounterKind.PAUSE, 0), Message.Counters.class);
        load.end();
        client.tell(new Message.PortDetach(0));
        long spinAfter = spinner.longestUs(cpu, SPIN_SECONDS);
        report(pauses, before, after, load, new long[] {spinBefore, spinAfter}, spinner);
    }

    private void report(
            Message.Counters pauses,
            Count before,
            Count after,
            Load load,
            long[] spins,
            Spinner spinner) {
        results.say(
                "load            %,d route changes, %d commits, %d readings in %d s",
                load.routes, load.commits, load.readings, SECONDS);
        results.say("%-16s %8s %10s   pauses from ... us", "pauses by", "sum us", "longest us");
        long longest = 0;
        long safepoint = 0;
        long foreignUs = 0;
        for (Message.CounterRow row : pauses.rows()) {
            long here = row.values().get(1);
            boolean isForeign =
                    row.name().endsWith("preempted") || row.name().endsWith("interrupted");
            foreignUs += isForeign ? row.values().getFirst() : 0;
            longest = Math.max(longest, here);
            if (row.name().endsWith("safepoint")) {
                safepoint = Math.max(safepoint, here);
            }
            StringBuilder histogram = new StringBuilder();
            for (int i = 2; i < row.values().size(); i++) {
                if (row.values().get(i) != 0) {
                    histogram.append(pauses.columns().get(i)).append(": ");
                    histogram.append(row.values().get(i)).append("  ");
                }
            }
            results.say("%-16s %8d %10d   %s", row.name(), row.values().get(0), here, histogram);
        }
        long received = after.received() - before.received();
        long sent = after.sent() - before.sent();
        long lost = after.lost() - before.lost();
        results.say("packets         %,d received, %,d sent, %,d lost", received, sent, lost);
        results.say(
                "%,d packets were offered while somebody else ran on the core",
                foreignUs * (received + lost) / (SECONDS * 1_000_000L));
        results.say(
                "%s spinner       longest gap %d us before, %d us after",
                spinner.language(), spins[0], spins[1]);
        long spin = Math.max(spins[0], spins[1]);
        long bar = Math.max(BAR_US, spin + MORE_THAN_SPINNER_US);
        long safepointBar = Math.max(SAFEPOINT_BAR_US, spin + SAFEPOINT_MORE_THAN_SPINNER_US);
        boolean isShort = safepoint <= safepointBar;
        results.say(
                "longest-safepoint   %d us (0: none from 131 us on); bar %d us: %s",
                safepoint, safepointBar, isShort ? "met" : "missed");
        results.add("longest-safepoint", "us", new double[] {safepoint});
        results.say(
                "longest-stall   %d us; bar %d us: %s",
                longest, bar, longest < bar && lost == 0 ? "met" : "missed");
        results.add("longest-stall", "us", new double[] {longest});
        results.add("spinner-before", "us", new double[] {spins[0]});
        results.add("spinner-after", "us", new double[] {spins[1]});
        results.add("lost", "packets", new double[] {lost});
    }

    /** Packets of both ports. */
    private record Count(long received, long sent, long lost) {}

    private Count count() throws IOException {
        Message.Counters counters =
                client.ask(
                        new Message.CountersRequest(CounterKind.PORT, 0), Message.Counters.class);
        List<Long> in = counters.rows().get(0).values();
        List<Long> out = counters.rows().get(1).values();
        long lost = 0;
        for (PortCounter drop : PortCounter.DROPS) {
            lost += in.get(drop.ordinal()) + out.get(drop.ordinal());
        }
        return new Count(
                in.get(PortCounter.RX_PACKETS.ordinal()),
                out.get(PortCounter.TX_PACKETS.ordinal()),
                lost);
    }

    private void receive(long perSecond) throws IOException {
        attach(
                0,
                "g0",
                Map.of(
                        "rate",
                        "" + perSecond,
                        "ring",
                        "" + RING,
                        "source",
                        "192.0.2.2",
                        "destination",
                        "198.18.0.1",
                        "flows",
                        "254"));
    }

    /** Puts a generator in the place of a port's device. */
    private void attach(int index, String name, Map<String, String> settings) throws IOException {
        ProcessHandle floofd = Processes.findMain("floof.app.Floofd", instance).getFirst();
        client.tell(
                new Message.PortAttach(
                        index,
                        name,
                        Driver.GENERATOR,
                        "",
                        name,
                        Math.toIntExact(floofd.pid()),
                        twin(floofd.pid(), name),
                        1500,
                        new TreeMap<>(settings)));
    }

    /** The number of a twin's open file in floofd (Documentation/networking/tuntap.rst, fdinfo). */
    private static int twin(long pid, String name) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", "" + pid, "fdinfo"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).lines().anyMatch(("iff:\t" + name)::equals)) {
                    return Integer.parseInt(file.getFileName().toString());
                }
            }
        }
        throw new IOException("floofd does not hold the twin of " + name);
    }

    /** Changes routes, commits and reads until it is ended. Threads: three of its own. */
    private final class Load {

        volatile long routes;
        volatile int commits;
        volatile int readings;
        private volatile boolean isEnded;
        private final List<Thread> threads;

        Load() {
            threads =
                    List.of(
                            Thread.ofPlatform().name("routes").start(this::changeRoutes),
                            Thread.ofPlatform().name("commits").start(this::commit),
                            Thread.ofPlatform().name("readings").start(this::read));
        }

        void end() throws InterruptedException {
            isEnded = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }

        /** Adds 16,384 routes, takes them away, and so on. */
        private void changeRoutes() {
            feed(
                    router.inDataplane("ip", "-batch", "-").words(),
                    router.dataplane(),
                    ROUTES_PER_SECOND / 20,
                    50,
                    n -> {
                        routes = n + 1;
                        String verb = (n >> 14 & 1) == 0 ? "replace" : "del";
                        return "route "
                                + verb
                                + " 100.64."
                                + (n >> 8 & 63)
                                + "."
                                + (n & 255)
                                + "/32 via "
                                + NEXT_HOP;
                    });
        }

        private void commit() {
            feed(
                    shell(),
                    null,
                    1,
                    1_000,
                    n -> {
                        commits = (int) n;
                        return (n == 0 ? "configure\n" : "")
                                + "set interfaces g0 description "
                                + n
                                + "\ncommit";
                    });
        }

        private void read() {
            feed(
                    shell(),
                    null,
                    1,
                    20,
                    n -> {
                        readings = (int) n + 1;
                        return "show fast-path statistics";
                    });
        }

        private List<String> shell() {
            return List.of(Router.repository() + "/floof", "ctl", "--instance", NAME);
        }

        /** Gives a program lines, some at a time. */
        private void feed(
                List<String> words,
                @org.jspecify.annotations.Nullable String namespace,
                int lines,
                int everyMs,
                java.util.function.LongFunction<String> line) {
            List<String> full = new java.util.ArrayList<>();
            if (namespace != null) {
                full.addAll(List.of("nsenter", "--net=/run/netns/" + namespace, "--"));
            }
            full.addAll(words);
            try {
                Process process =
                        new ProcessBuilder(full)
                                .redirectErrorStream(true)
                                .redirectOutput(new File("/dev/null"))
                                .start();
                long n = 0;
                long nextNs = System.nanoTime();
                try (BufferedWriter writer = process.outputWriter()) {
                    while (!isEnded) {
                        for (int i = 0; i < lines; i++) {
                            writer.write(line.apply(n++) + "\n");
                        }
                        writer.flush();
                        nextNs += everyMs * 1_000_000L;
                        long waitNs = nextNs - System.nanoTime();
                        java.util.concurrent.locks.LockSupport.parkNanos(Math.max(0, waitNs));
                    }
                }
                process.destroy();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
