package floof.lab.bench;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.dataplane.SampleFrame;
import floof.lab.Command;
import floof.lab.Network;
import floof.lab.Router;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./floof bench ports [--json] [ROW ...]}: packets per second from a source through a router
 * to a sink, 64-byte packets. Rows {@code veth-...} go over veth pairs, of one flow; row {@code
 * memif} is {@link Memif}. Row {@code veth-testpmd-af-xdp} is what C reaches in the router's place
 * that only receives and sends, {@code veth-af-xdp-send} what the kernel sends for whoever does
 * nothing else: the limit of both.
 *
 * <p>The router is Linux itself, and ours with each kind of port, one after another in each run,
 * with the same source, sink and generator. Packets are counted at the sink's interface; the sink's
 * stack drops them early, as they are not for its MAC.
 *
 * <p>Generator, worker and NAPI thread run with nice -20. The generator runs on core 0, and with it
 * the receiving driver's part; our worker on core 1. Linux is measured in three placements, of
 * which the best counts: all on core 0, the receiving driver and all behind it in a thread on core
 * 1 (threaded NAPI), and the stack on core 1 (RPS).
 *
 * <p>Rows ending in {@code /running} count the seconds only in which the forwarding thread ran
 * (schedstat): the generator's for Linux on the same core, the worker's for ours. On a machine with
 * other load they compare better.
 */
public final class Ports {

    private static final int RUNS = 5;
    private static final int GENERATOR_CORE = 0;
    private static final int WORKER_CORE = 1;
    private static final long SETTLE_MS = 500;
    private static final long WINDOW_MS = 2_000;
    private static final long WARM_UP_MS = 4_000;
    private static final String RUNNING = "/running";
    private static final String SINK = "198.51.100.2";

    private static final int CHECK_SEQUENCE_BYTES = 4;

    /** Offset of the UDP checksum behind Ethernet and IPv4. */
    private static final int UDP_CHECKSUM = 14 + 20 + 6;

    /** Nobody has it: what is sent there arrives and goes no further. */
    private static final String SINK_MAC = "02:00:00:00:00:99";

    private static final String KERNEL = "veth-kernel";
    private static final List<String> DRIVERS = List.of("af-packet", "af-xdp");
    private static final String TESTPMD = "veth-testpmd-af-xdp";
    private static final String SEND = "veth-af-xdp-send";
    private static final String MEMIF = "memif";
    private static final String ANYBODY = "02:00:00:00:00:98";

    private final Results results;
    private final List<String> wanted;
    private final Map<String, List<Double>> rows = new LinkedHashMap<>();

    /** Of the last {@link #rate}: the same over the seconds in which the forwarding thread ran. */
    private double running;

    private final List<Double> offered = new ArrayList<>();

    private Ports(boolean isQuiet, List<String> wanted) throws IOException {
        results = new Results(isQuiet);
        this.wanted = wanted;
    }

    /** What can be asked for by name. */
    static List<String> rows() {
        return List.of(KERNEL, "veth-af-packet", "veth-af-xdp", TESTPMD, SEND, MEMIF);
    }

    public static void main(String[] words) throws Exception {
        boolean isJson = List.of(words).contains("--json");
        List<String> named =
                List.of(words).stream().filter(word -> !word.startsWith("--")).toList();
        Ports bench = new Ports(isJson, named);
        if (rows().stream().anyMatch(row -> row.startsWith("veth") && bench.wants(row))) {
            try (Network linux = topology("bpl");
                    Network ours = topology("bpo")) {
                bench.measure(linux, ours);
            }
            bench.report();
        }
        if (bench.wants(MEMIF)) {
            Memif.run(bench.results, named.stream().filter(it -> it.startsWith(MEMIF)).toList());
        }
        if (isJson) {
            System.out.println(bench.results.json());
        }
    }

    private boolean wants(String row) {
        return wanted.isEmpty() || wanted.stream().anyMatch(row::startsWith);
    }

    private static Network topology(String name) {
        Network network = new Network(name);
        for (String host : List.of("source", "router", "sink")) {
            network.host(host);
        }
        network.link("source", "eth0", "router", "eth0");
        network.link("router", "eth1", "sink", "eth0");
        return network;
    }

    private void measure(Network linux, Network ours) {
        Pinning.serveFirstMeanwhile();
        configureLinux(linux);
        poll(ours, "router", "eth0");
        Router router = new Router(ours, "router", ours.name());
        router.awaitReady();
        router.commit(
                List.of(
                        "set interfaces ge-0 device eth0",
                        "set interfaces ge-0 address 192.0.2.1/24",
                        "set interfaces ge-1 device eth1",
                        "set interfaces ge-1 address 198.51.100.1/24",
                        "set routing static route 203.0.113.0/24 next-hop " + SINK));
        for (int run = 0; run <= RUNS; run++) {
            boolean isWarmUp = run == 0;
            for (Placement placement : wants(KERNEL) ? Placement.values() : new Placement[0]) {
                place(linux, placement);
                add(isWarmUp, placement.row, rate(linux, linuxMac(linux), null, isWarmUp));
                if (placement == Placement.SAME_CORE) {
                    add(isWarmUp, placement.row + RUNNING, running);
                }
            }
            for (String driver : DRIVERS) {
                String row = "veth-" + driver;
                if (!wants(row)) {
                    continue;
                }
                Path worker = attach(router, driver);
                add(isWarmUp, row, rate(ours, ourMac(router), worker, isWarmUp));
                add(isWarmUp, row + RUNNING, running);
            }
            if (wants(TESTPMD)) {
                add(isWarmUp, TESTPMD, testpmd(isWarmUp));
            }
            if (wants(SEND)) {
                add(isWarmUp, SEND, sendAlone(isWarmUp));
            }
        }
    }

    /** C in the router's place: receives and sends over AF_XDP, and does nothing else. */
    private double testpmd(boolean isWarmUp) {
        try (Network network = topology("bpt")) {
            poll(network, "router", "eth0");
            List<String> devices = List.of("net_af_xdp0,iface=eth0", "net_af_xdp1,iface=eth1");
            try (Testpmd _ = Testpmd.start(network, "router", WORKER_CORE, devices)) {
                return rate(network, ANYBODY, null, isWarmUp);
            }
        }
    }

    /** The kernel's sending on the worker's core, for itself: see {@link XdpSender}. */
    private double sendAlone(boolean isWarmUp) {
        try (Network network = topology("bps");
                XdpSender _ =
                        new XdpSender(
                                network.path("router"),
                                ifindex(network, "router", "eth1"),
                                frame(ANYBODY),
                                WORKER_CORE)) {
            awaitPackets(network);
            pause(isWarmUp ? WARM_UP_MS : SETTLE_MS);
            return arriving(network);
        }
    }

    /** Where Linux forwards. */
    private enum Placement {
        SAME_CORE("veth-kernel/same-core", 0, 0),
        NAPI_THREAD("veth-kernel/napi-thread", 1, 0),
        RPS("veth-kernel/rps", 0, 1 << WORKER_CORE);

        final String row;
        final int threaded;
        final int rpsMask;

        Placement(String row, int threaded, int rpsMask) {
            this.row = row;
            this.threaded = threaded;
            this.rpsMask = rpsMask;
        }
    }

    private static void configureLinux(Network linux) {
        linux.sysctl("router", "net.ipv4.ip_forward=1");
        linux.address("router", "eth0", "192.0.2.1/24");
        linux.address("router", "eth1", "198.51.100.1/24");
        linux.ip("router", "route add 203.0.113.0/24 via " + SINK);
        linux.ip("router", "neigh add " + SINK + " lladdr " + SINK_MAC + " dev eth1");
        poll(linux, "router", "eth0");
    }

    /** Lets a veth receive what an XDP program sends: its driver polls with GRO only. */
    private static void poll(Network network, String host, String device) {
        network.in(host, "ethtool", "-K", device, "gro", "on").mustRun();
    }

    private static void place(Network linux, Placement placement) {
        // sysfs shows the namespace in which it is mounted: ip-netns(8) mounts it anew.
        String device = "/sys/class/net/eth0";
        String script =
                "echo %d >%s/threaded; echo %x >%s/queues/rx-0/rps_cpus"
                        .formatted(placement.threaded, device, placement.rpsMask, device);
        Command.of("ip", "netns", "exec", linux.namespace("router"), "sh", "-c", script).mustRun();
        if (placement.threaded != 0) {
            String threads = Command.of("pgrep", "-f", "napi/eth0-").mustRun();
            for (String pid : threads.strip().split("\n")) {
                Pinning.pin(Path.of(pid), WORKER_CORE);
            }
        }
    }

    /** The worker's thread. */
    private static Path attach(Router router, String driver) {
        List<String> commands = new ArrayList<>(List.of("configure"));
        for (String port : List.of("ge-0", "ge-1")) {
            commands.add("set interfaces " + port + " driver " + driver);
        }
        commands.add("commit and-quit");
        router.must(commands.toArray(String[]::new));
        router.inDataplane(
                        "ip",
                        "neigh",
                        "replace",
                        SINK,
                        "lladdr",
                        SINK_MAC,
                        "dev",
                        "ge-1",
                        "nud",
                        "permanent")
                .mustRun();
        return Pinning.worker(router, WORKER_CORE);
    }

    /** Nanoseconds that a thread has run. */
    private static long ranNs(Path thread) {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Packets per second that arrive at the sink's interface, in millions. */
    private double rate(Network network, String mac, @Nullable Path worker, boolean isWarmUp) {
        Path source = network.path("source");
        int ifindex = ifindex(network, "source", "eth0");
        try (LiveFrames generator = new LiveFrames(source, ifindex, frame(mac), GENERATOR_CORE)) {
            awaitPackets(network);
            pause(isWarmUp ? WARM_UP_MS : SETTLE_MS);
            Path thread =
                    worker == null ? Path.of("/proc/self/task/" + generator.threadId()) : worker;
            long ranNs = ranNs(thread);
            long beganNs = System.nanoTime();
            double rate = arriving(network);
            double seconds = (System.nanoTime() - beganNs) / 1e9;
            offered.add(generator.perSecond() / 1e6);
            running = rate * seconds / (ranNs(thread) - ranNs) * 1e9;
            return rate;
        }
    }

    private static byte[] frame(String mac) {
        byte[] frame =
                SampleFrame.udp(
                        MacAddress.parse(mac),
                        IpAddress.parse("192.0.2.2"),
                        IpAddress.parse("203.0.113.2"),
                        64,
                        SampleFrame.BYTES_MIN - CHECK_SEQUENCE_BYTES);
        return SampleFrame.with(frame, UDP_CHECKSUM, 0x77); // a checksum to look at
    }

    private static int ifindex(Network network, String host, String device) {
        return Integer.parseInt(network.ip(host, "-o link show " + device).split(":")[0].strip());
    }

    private static void awaitPackets(Network network) {
        long start = received(network);
        if (!Network.await(Duration.ofSeconds(10), () -> received(network) > start + 1000)) {
            throw new IllegalStateException("nothing arrives at " + network.namespace("sink"));
        }
    }

    /** Packets per second over {@link #WINDOW_MS}, in millions. */
    private static double arriving(Network network) {
        long before = received(network);
        long beganNs = System.nanoTime();
        pause(WINDOW_MS);
        return (received(network) - before) * 1e3 / (System.nanoTime() - beganNs);
    }

    /** Packets that the sink's interface has received. */
    private static long received(Network network) {
        List<String> lines;
        try {
            lines =
                    NetworkNamespace.call(
                            network.path("sink"),
                            () -> Files.readAllLines(Path.of("/proc/thread-self/net/dev")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String line : lines) {
            String[] words = line.strip().split("[ :]+");
            if (words[0].equals("eth0")) {
                return Long.parseLong(words[2]);
            }
        }
        throw new IllegalStateException("no eth0 in " + lines);
    }

    private static String linuxMac(Network linux) {
        return mac(linux.ip("router", "-o link show eth0"));
    }

    private static String ourMac(Router router) {
        return mac(router.inDataplane("ip", "-o", "link", "show", "ge-0").mustRun());
    }

    private static String mac(String link) {
        return link.replaceFirst("(?s).*link/ether ([0-9a-f:]{17}).*", "$1");
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void add(boolean isWarmUp, String row, double rate) {
        if (!isWarmUp) {
            rows.computeIfAbsent(row, name -> new ArrayList<>()).add(rate);
            results.say("%-32s %6.3f Mpps", row, rate);
        }
    }

    private double median(String row) {
        List<Double> runs = rows.getOrDefault(row, List.of(0.0));
        return Results.median(runs.stream().mapToDouble(rate -> rate).toArray());
    }

    /** The placement of Linux with the best median is the row; ratios are of medians. */
    private void report() {
        double[] kernel = {};
        for (Map.Entry<String, List<Double>> row : rows.entrySet()) {
            double[] runs = row.getValue().stream().mapToDouble(rate -> rate).toArray();
            if (row.getKey().contains("/")) {
                results.add(row.getKey(), "Mpps", runs);
            }
            if (row.getKey().matches("veth-kernel/[^/]*")) {
                if (kernel.length == 0 || Results.median(runs) > Results.median(kernel)) {
                    kernel = runs;
                }
            }
        }
        if (kernel.length != 0) {
            rows.put(KERNEL, Arrays.stream(kernel).boxed().toList());
        }
        results.say("");
        for (String name : rows()) {
            if (rows.containsKey(name)) {
                double[] runs = rows.get(name).stream().mapToDouble(rate -> rate).toArray();
                double[] three = results.add(name, "Mpps", runs);
                results.say(
                        "%-16s %6.3f Mpps (%.3f to %.3f)%s",
                        name, three[1], three[0], three[2], share(median(name), median(KERNEL)));
            }
        }
        double linux = median(Placement.SAME_CORE.row + RUNNING);
        for (String driver : DRIVERS) {
            String row = "veth-" + driver + RUNNING;
            if (rows.containsKey(row)) {
                results.say(
                        "while running: %s %.3f Mpps%s",
                        row, median(row), share(median(row), linux));
            }
        }
        double[] all = offered.stream().mapToDouble(rate -> rate).toArray();
        if (all.length != 0) {
            results.add("generator", "Mpps", all);
            results.say("the generator offered %.2f Mpps (median)", Results.median(all));
        }
    }

    /** Beside what Linux does, if that was measured. */
    private static String share(double rate, double ofLinux) {
        return ofLinux == 0 ? "" : String.format(Locale.ROOT, ", %.2f of Linux", rate / ofLinux);
    }
}
