package floof.lab.bench;

import floof.base.MacAddress;
import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortEnd;
import floof.engine.VirtioNet;
import floof.lab.Network;
import floof.lab.Router;
import floof.linux.Mapping;
import floof.linux.system.Cpus;
import floof.linux.system.CurrentThread;
import floof.memory.Memory;
import floof.memory.Region;
import floof.ports.MemifPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * {@code ./floof bench memif [--json] [ROW ...]}: packets of 64 bytes per second through the router
 * as a user runs it, between two memifs, one worker on core 1: row {@code memif} with {@code driver
 * dpdk}, row {@code memif-own} with {@code driver memif}. Generator and sink are one thread on core
 * 0 that writes every packet into a buffer of its pool, sends it over a memif of ours and counts
 * what comes back; row {@code memif-generator} is its own limit, its two ends joined; row {@code
 * memif-testpmd-io} is {@code dpdk-testpmd} in the router's place, which copies without looking.
 */
final class Memif {

    private static final int GENERATOR_CORE = 0;
    private static final int ROUTER_CORE = 1;
    private static final int RUNS = 5;
    private static final Duration RUN = Duration.ofSeconds(1);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final int PACKET_BYTES = 64;
    private static final int BUFFERS = 4096;
    private static final int RING_SIZE = 1024;
    private static final String GENERATOR = "memif-generator";
    private static final String OURS = "memif-own";
    private static final String DPDK = "memif";
    private static final String TESTPMD = "memif-testpmd-io";

    /** Destinations in 10.92.0.0/16. */
    private static final int DESTINATIONS = 1 << 12;

    private final Results results;
    private final Mapping memory =
            Mapping.anonymous("bench buffers", (long) BUFFERS * Packet.BUFFER_BYTES);
    private final BufferPool pool;
    private final Frame frame = new Frame();
    private final long[] destinations;
    private int next;

    private Memif(Results results) {
        this.results = results;
        Region region = new Region(memory.what(), memory.address(), memory.sizeBytes());
        Memory.add(region);
        pool = new BufferPool(region, BUFFERS);
        destinations =
                new SplittableRandom(1)
                        .longs(DESTINATIONS, 0, 1 << 16)
                        .map(host -> 0x0a5c_0000L | host)
                        .toArray();
    }

    /** What can be asked for by name. */
    static List<String> rows() {
        return List.of(GENERATOR, OURS, DPDK, TESTPMD);
    }

    public static void main(String[] words) throws Exception {
        List<String> all = List.of(words);
        Results results = new Results(all.contains("--json"));
        run(results, all.stream().filter(word -> !word.startsWith("--")).toList());
        if (all.contains("--json")) {
            System.out.println(results.json());
        }
    }

    /**
     * Measures.
     *
     * @param results where the rows go
     * @param wanted beginnings of rows; none: all
     */
    static void run(Results results, List<String> wanted) throws Exception {
        Memif bench = new Memif(results);
        for (String row : rows()) {
            if (wanted.isEmpty() || wanted.stream().anyMatch(row::startsWith)) {
                try (Network lab = new Network(Network.unique("bm"))) {
                    bench.row(lab, row);
                }
            }
        }
        bench.memory.unmap();
    }

    private void row(Network lab, String row) throws Exception {
        try (MemifPort sink = open(lab, row.equals(GENERATOR) ? "in" : "out", true)) {
            switch (row) {
                case GENERATOR -> measure(lab, row, sink, MacAddress.ZERO);
                case TESTPMD -> testpmd(lab, sink);
                default -> router(lab, row, sink);
            }
        }
    }

    private static Path socket(Network lab, String name) {
        return lab.folder().resolve(name + ".sock");
    }

    /**
     * A port of the generator's. On both ways the one who writes is the client: only it writes the
     * descriptors then. Its thread runs commands itself, before and after this one uses it.
     */
    private MemifPort open(Network lab, String name, boolean isServer) {
        return MemifPort.open(
                isServer ? 0 : 1,
                name,
                new MemifPort.Settings(socket(lab, name), isServer, 0, RING_SIZE, false),
                List.of(pool),
                List.of(Runnable::run));
    }

    private static String vdev(Network lab, String name, String role) {
        return "role=%s,socket-abstract=no,socket=%s".formatted(role, socket(lab, name));
    }

    private void testpmd(Network lab, MemifPort sink) {
        lab.host("router");
        List<String> devices =
                List.of(
                        "net_memif0," + vdev(lab, "in", "server"),
                        "net_memif1," + vdev(lab, "out", "client"));
        try (Testpmd _ = Testpmd.start(lab, "router", ROUTER_CORE, devices)) {
            measure(lab, TESTPMD, sink, MacAddress.ZERO);
        }
    }

    private void router(Network lab, String row, MemifPort sink) throws Exception {
        lab.host("router");
        Router router = new Router(lab, "router", lab.name());
        router.awaitReady();
        List<String> lines = new ArrayList<>();
        lines.addAll(port(lab, row, "in", "server"));
        lines.addAll(port(lab, row, "out", "client"));
        lines.add("set interfaces in address 10.90.0.1/24");
        lines.add("set interfaces out address 10.91.0.1/24");
        lines.add("set routing static route 10.92.0.0/16 next-hop 10.91.0.2");
        router.commit(lines);
        String peer = "ip neigh replace 10.91.0.2 lladdr 02:00:00:00:00:66 nud permanent dev out";
        router.inDataplane(peer.split(" ")).mustRun();
        String link = router.inDataplane("ip", "-o", "link", "show", "dev", "in").mustRun();
        Pinning.worker(router, ROUTER_CORE);
        measure(
                lab,
                row,
                sink,
                MacAddress.parse(link.replaceAll("(?s).*link/ether (\\S+) .*", "$1")));
        results.say("%s", router.must("show fast-path statistics", "show fast-path nodes"));
    }

    private static List<String> port(Network lab, String row, String name, String role) {
        String port = "set interfaces " + name;
        return row.equals(DPDK)
                ? List.of(
                        port + " driver dpdk",
                        port + " dpdk vdev net_memif",
                        port + " dpdk arguments " + vdev(lab, name, role))
                : List.of(
                        port + " driver memif",
                        port + " memif role " + role,
                        port + " memif socket " + socket(lab, name));
    }

    /** On the generator's core; programs started before it keep their own. */
    private void measure(Network lab, String name, MemifPort receiver, MacAddress to) {
        BitSet cpus = CurrentThread.cpus();
        CurrentThread.runOn(Cpus.parse("" + GENERATOR_CORE));
        try {
            sendAndCount(lab, name, receiver, to);
        } finally {
            CurrentThread.runOn(cpus);
        }
    }

    private void sendAndCount(Network lab, String name, MemifPort receiver, MacAddress to) {
        MemifPort sender = open(lab, "in", false);
        if (!Network.await(CONNECT, () -> sender.isUp() && receiver.isUp())) {
            throw new IllegalStateException("row " + name + ": the memifs do not connect");
        }
        PortEnd out = sender.end(0);
        PortEnd in = receiver.end(0);
        run(out, in, to, WARM_UP);
        double[] rates = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            rates[i] = run(out, in, to, RUN);
        }
        double[] three = results.add(name, "Mpps", rates);
        results.say("%-18s %6.2f Mpps (%.2f .. %.2f)", name, three[1], three[0], three[2]);
        sender.close();
    }

    /** Sends and receives as fast as it can; millions of packets received per second. */
    private double run(PortEnd out, PortEnd in, MacAddress to, Duration duration) {
        long[] packets = new long[Frame.SIZE];
        long startNs = System.nanoTime();
        long endNs = startNs + duration.toNanos();
        long received = 0;
        while (System.nanoTime() < endNs) {
            int count = pool.take(packets, 0, Frame.SIZE);
            for (int i = 0; i < count; i++) {
                write(packets[i], to);
            }
            out.transmit(packets, count);
            int came;
            do {
                came = in.receive(frame, Frame.SIZE);
                received += came;
                pool.give(frame.packets, came);
                frame.count = 0;
            } while (came == Frame.SIZE);
        }
        return received * 1e3 / (System.nanoTime() - startNs);
    }

    /** Ethernet, IPv4 and UDP without a checksum; the checksum of IPv4 by RFC 1624. */
    private void write(long packet, MacAddress to) {
        long destination = destinations[next++ & DESTINATIONS - 1];
        VirtioNet.clear(packet + Packet.VIRTIO);
        Packet.setLength(packet, PACKET_BYTES);
        long data = Packet.data(packet);
        Memory.putLongBe(data, to.value() << 16 | 0x0200);
        Memory.putLongBe(data + 8, 0x0000_0001_0800_4500L);
        Memory.putLongBe(data + 16, 0x0032_0000_0000_4011L);
        long sum = 0x4500 + 0x0032 + 0x4011 + 0x0a5a + 0x0002;
        sum += (destination >>> 16) + (destination & 0xffff);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        Memory.putLongBe(
                data + 24, (~sum & 0xffff) << 48 | 0x0a5a_0002L << 16 | destination >>> 16);
        Memory.putLongBe(data + 32, (destination & 0xffff) << 48 | 0x03e8_07d0_001eL);
        Memory.putLongBe(data + 40, 0);
        Memory.putLongBe(data + 48, 0);
        Memory.putLongBe(data + 56, 0);
    }
}
