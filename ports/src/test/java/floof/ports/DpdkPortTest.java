package floof.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.MacAddress;
import floof.engine.BufferPool;
import floof.engine.Depot;
import floof.engine.Frame;
import floof.engine.Graph;
import floof.engine.HandOver;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.engine.PortEnd;
import floof.engine.Trace;
import floof.engine.Waiter;
import floof.linux.Mapping;
import floof.linux.dpdk.Eal;
import floof.linux.dpdk.MbufPool;
import floof.memory.Memory;
import floof.memory.Region;
import floof.testkit.Netns;
import floof.testkit.Pcap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ports over the real virtual devices of DPDK, one environment for all of them. */
@Timeout(300)
class DpdkPortTest {

    private static final Path HERE = Path.of("/proc/self/ns/net");
    private static final int BUFFERS = 8191;
    private static final int FLOWS = 64;

    @TempDir static Path folder;
    private static Eal eal;
    private static MbufPool mbufs;
    private static DpdkDepot depot;
    private static Region region;
    private final List<DpdkPort> ports = new ArrayList<>();
    private final List<BufferPool> pools = new ArrayList<>();

    private interface Action {
        void run() throws Exception;
    }

    @BeforeAll
    static void start() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        assumeTrue(Eal.refusal() == null, "needs DPDK, which ./floof test installs");
        eal = Eal.start(new Eal.Settings("floof-ports", folder, 64 << 20, false));
        mbufs = eal.pool("ports", BUFFERS, 256, Packet.METADATA_BYTES, 2176);
        Mapping memory = mbufs.memory();
        region = new Region(memory.what(), memory.address(), memory.sizeBytes());
        Memory.add(region);
        depot = new DpdkDepot(mbufs, BUFFERS);
    }

    @AfterAll
    static void end() {
        if (region != null) {
            Memory.remove(region);
        }
    }

    /** Every test leaves the depot as full as it was, and every buffer in it free. */
    @AfterEach
    void allBuffersComeBack() {
        ports.forEach(DpdkPort::close);
        pools.forEach(DpdkPortTest::drain);
        assertThat(depot.available()).isEqualTo(BUFFERS);
        long[] all = new long[BUFFERS];
        int taken = 0;
        while (taken + Depot.BULK <= BUFFERS && depot.take(all, taken)) {
            taken += Depot.BULK;
        }
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < taken; i++) {
            long packet = all[i];
            assertThat(seen.add(packet)).isTrue();
            assertThat(Memory.getShort(packet + 16)).as("data_off").isEqualTo((short) 128);
            assertThat(Memory.getShort(packet + 18)).as("refcnt").isEqualTo((short) 1);
            assertThat(Memory.getShort(packet + 20)).as("nb_segs").isEqualTo((short) 1);
            assertThat(Memory.getLong(packet + 24)).as("ol_flags").isZero();
            assertThat(Memory.getLong(packet + 56)).as("pool").isEqualTo(mbufs.address());
            assertThat(Memory.getLong(packet + 64)).as("next").isZero();
        }
        for (int i = 0; i < taken; i += Depot.BULK) {
            depot.give(all, i);
        }
    }

    private DpdkPort open(String device, String arguments, BufferPool... pools) {
        return open(device, arguments, null, pools.length, HERE, pools);
    }

    private DpdkPort open(
            String device,
            String arguments,
            @Nullable String kernelDevice,
            int queues,
            Path namespace,
            BufferPool... pools) {
        DpdkPort.Settings wire =
                new DpdkPort.Settings("vdev", device, arguments, kernelDevice, queues, 512, false);
        DpdkPort port =
                DpdkPort.open(5, "p5", wire, namespace, 1500, eal, mbufs, Arrays.asList(pools));
        ports.add(port);
        return port;
    }

    private void discard(DpdkPort port) {
        ports.remove(port);
        port.close();
    }

    private BufferPool pool() {
        BufferPool pool = new BufferPool(depot);
        pools.add(pool);
        return pool;
    }

    /** On a thread that begins and ends as a worker does. */
    private static void onWorker(PortEnd end, Action action) throws Exception {
        FutureTask<Integer> task =
                new FutureTask<>(() -> {
                    end.attached();
                    try {
                        action.run();
                    } finally {
                        end.detached();
                        eal.unregisterThread();
                    }
                    return 0;
                });
        Thread.ofPlatform().name("dpdk-port-test").start(task);
        task.get();
    }

    /** Puts what the pool has at hand back into the mempool. */
    private static void drain(BufferPool pool) {
        long[] rest = new long[BufferPool.AT_HAND_MAX];
        int count = pool.available() - depot.available();
        assertThat(pool.take(rest, 0, count)).isEqualTo(count);
        for (int i = 0; i < count; i += Depot.BULK) {
            mbufs.give(rest, i, Math.min(Depot.BULK, count - i));
        }
    }

    @Test
    void theNullDeviceGivesAndTakesPacketsInPlace() throws Exception {
        BufferPool pool = pool();
        DpdkPort port = open("net_null5", "size=90", pool);
        assertThat(port.isUp()).isTrue();
        PortEnd end = port.end(0);
        onWorker(
                end,
                () -> {
                    Frame frame = new Frame();
                    for (int round = 0; round < 50; round++) {
                        assertThat(end.receive(frame, Frame.SIZE)).isEqualTo(Frame.SIZE);
                        long first = frame.packets[0];
                        assertThat(Packet.length(first)).isEqualTo(90);
                        assertThat(Packet.port(first)).isEqualTo(5);
                        assertThat(Packet.reason(first)).isEqualTo(Packet.NO_REASON);
                        assertThat(end.transmit(frame.packets, frame.count)).isEqualTo(Frame.SIZE);
                        frame.count = 0;
                    }
                });
        assertThat(port.counter(PortCounter.RX_PACKETS)).isEqualTo(50 * Frame.SIZE);
        assertThat(port.counter(PortCounter.TX_BYTES)).isEqualTo(50L * Frame.SIZE * 90);
        assertThat(port.device().extended())
                .anyMatch(it -> it.name().equals("tx_good_packets") && it.value() == 12_800);
    }

    /** The ring device gives back what it is sent. */
    @Test
    void whatGoesRoundComesBackUnchanged() throws Exception {
        BufferPool pool = pool();
        DpdkPort port = open("net_ring5", "", pool);
        MacAddress mac = MacAddress.parse("02:00:00:00:00:55");
        port.setMac(mac);
        PortEnd end = port.end(0);
        Random random = new Random(1);
        onWorker(
                end,
                () -> {
                    Frame frame = new Frame();
                    for (int round = 0; round < 100; round++) {
                        List<byte[]> expected = new ArrayList<>();
                        long[] packets = new long[Frame.SIZE];
                        int count = 1 + random.nextInt(Frame.SIZE);
                        for (int i = 0; i < count; i++) {
                            byte[] bytes = new byte[14 + random.nextInt(1500)];
                            random.nextBytes(bytes);
                            expected.add(bytes);
                            packets[i] = Bed.packet(pool, bytes);
                        }
                        assertThat(end.transmit(packets, count)).isEqualTo(count);
                        assertThat(end.receive(frame, Frame.SIZE)).isEqualTo(count);
                        for (int i = 0; i < count; i++) {
                            assertThat(Bed.bytes(frame.packets[i])).isEqualTo(expected.get(i));
                        }
                        pool.give(frame.packets, frame.count);
                        frame.count = 0;
                    }
                    assertThat(end.receive(frame, Frame.SIZE)).isZero();
                });
    }

    /** Each packet of a recording comes in, goes out, and stands in the new recording unchanged. */
    @Test
    void aRecordingIsReplayedAndRecorded() throws Exception {
        Random random = new Random(2);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            byte[] bytes = new byte[14 + random.nextInt(1500)];
            random.nextBytes(bytes);
            frames.add(bytes);
        }
        Path in = folder.resolve("in.pcap");
        Path out = folder.resolve("out.pcap");
        Files.write(in, Pcap.file(frames));
        BufferPool pool = pool();
        DpdkPort port = open("net_pcap5", "rx_pcap=" + in + ",tx_pcap=" + out, pool);
        PortEnd end = port.end(0);
        onWorker(
                end,
                () -> {
                    Frame frame = new Frame();
                    int forwarded = 0;
                    while (end.receive(frame, Frame.SIZE) != 0) {
                        forwarded += end.transmit(frame.packets, frame.count);
                        frame.count = 0;
                    }
                    assertThat(forwarded).isEqualTo(frames.size());
                });
        discard(port);
        assertThat(Pcap.frames(Files.readAllBytes(out)))
                .usingElementComparator(Arrays::compare)
                .isEqualTo(frames);
    }

    @Test
    void ourMemifSpeaksToDpdksInBothRoles() throws Exception {
        for (boolean isServer : new boolean[] {true, false}) {
            try (MemifInterop ours = new MemifInterop(isServer, folder, pool());
                    DpdkPort theirs = open(ours.device(), ours.arguments(), ours.pool())) {
                ports.remove(theirs);
                onWorker(theirs.end(0), () -> ours.exchange(theirs));
            }
        }
    }

    @Test
    void severalWorkersShareOneQueue() throws Exception {
        BufferPool one = pool();
        BufferPool two = pool();
        Path out = folder.resolve("shared.pcap");
        DpdkPort port = open("net_pcap6", "tx_pcap=" + out, one, two);
        List<Thread> threads = new ArrayList<>();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int worker = 0; worker < 2; worker++) {
            PortEnd end = port.end(worker);
            BufferPool pool = worker == 0 ? one : two;
            byte[] bytes = new byte[64 + worker];
            FutureTask<Integer> task =
                    new FutureTask<>(() -> {
                        onWorker(
                                end,
                                () -> {
                                    for (int i = 0; i < 2_000; i++) {
                                        long[] packet = {Bed.packet(pool, bytes)};
                                        assertThat(end.transmit(packet, 1)).isOne();
                                    }
                                });
                        return 0;
                    });
            tasks.add(task);
            threads.add(Thread.ofPlatform().start(task));
        }
        for (FutureTask<Integer> task : tasks) {
            task.get();
        }
        discard(port);
        List<byte[]> written = Pcap.frames(Files.readAllBytes(out));
        assertThat(written).hasSize(4_000);
        assertThat(written.stream().filter(it -> it.length == 64)).hasSize(2_000);
    }

    /** Of two workers each has a queue of net_af_packet; the kernel deals out by flow. */
    @Test
    void twoWorkersReadAKernelDevice() throws Exception {
        try (Bed bed = new Bed()) {
            Path namespace = bed.pair();
            try (DpdkPort port =
                    open(
                            "net_af_packet5",
                            "iface=other,qpairs=2",
                            "other",
                            2,
                            namespace,
                            pool(),
                            pool())) {
                ports.remove(port);
                carries(port, bed, namespace, "one");
            }
        }
    }

    /** The same of net_tap, whose device the kernel makes. */
    @Test
    void twoWorkersReadATapOfDpdk() throws Exception {
        try (Bed bed = new Bed()) {
            Path namespace = bed.namespace();
            try (DpdkPort port =
                    open("net_tap5", "iface=dtap5", null, 2, namespace, pool(), pool())) {
                ports.remove(port);
                carries(port, bed, namespace, "dtap5");
            }
        }
    }

    /** Flows from the kernel's end come by both queues, each by one; all that is sent arrives. */
    private void carries(DpdkPort port, Bed bed, Path namespace, String kernelEnd)
            throws Exception {
        assertThat(port.rxQueues()).isEqualTo(2);
        assertThat(port.txQueues()).isEqualTo(2);
        BufferPool outside = bed.pool(1024);
        Solo kernel =
                bed.solo(AfPacketPort.open(1, "k", namespace, kernelEnd, 256, List.of(outside)));
        onWorker(
                port.end(0),
                () -> {
                    for (int flow = 0; flow < FLOWS; flow++) {
                        for (int again = 0; again < 2; again++) {
                            byte[] bytes = Flows.packet(flow, false, 0, again * FLOWS + flow);
                            long[] packet = {Bed.packet(outside, bytes)};
                            assertThat(kernel.transmit(packet, 1)).isOne();
                        }
                    }
                    Map<Integer, Integer> ends = Flows.receive(port, pools, 2 * FLOWS);
                    assertThat(ends).hasSize(2 * FLOWS);
                    assertThat(new HashSet<>(ends.values())).containsExactlyInAnyOrder(0, 1);
                    for (int flow = 0; flow < FLOWS; flow++) {
                        assertThat(ends.get(FLOWS + flow)).isEqualTo(ends.get(flow));
                    }
                    Frame frame = new Frame();
                    Bed.receive(kernel, frame, 0);
                    for (int worker = 0; worker < 2; worker++) {
                        long[] packets = new long[100];
                        for (int i = 0; i < packets.length; i++) {
                            // Another worker took the buffer.
                            packets[i] =
                                    Bed.packet(
                                            pools.get(1 - worker),
                                            Flows.packet(worker, true, 0, i));
                        }
                        assertThat(port.end(worker).transmit(packets, 100)).isEqualTo(100);
                    }
                    Bed.receive(kernel, frame, 200);
                    assertThat(frame.count).isEqualTo(200);
                });
        assertThat(port.counter(PortCounter.TX_PACKETS)).isEqualTo(200);
    }

    /** What is sent by a queue of net_ring comes back by it: both workers see their own. */
    @Test
    void queuesOfARingAreAsManyEachWay() throws Exception {
        BufferPool one = pool();
        BufferPool two = pool();
        DpdkPort port = open("net_ring7", "", null, 2, HERE, one, two);
        onWorker(
                port.end(0),
                () -> {
                    for (int worker = 0; worker < 2; worker++) {
                        BufferPool pool = worker == 0 ? one : two;
                        long[] packets = {Bed.packet(pool, new byte[64 + worker])};
                        assertThat(port.end(worker).transmit(packets, 1)).isOne();
                    }
                    for (int worker = 0; worker < 2; worker++) {
                        Frame frame = new Frame();
                        assertThat(port.end(worker).receive(frame, Frame.SIZE)).isOne();
                        assertThat(Packet.length(frame.packets[0])).isEqualTo(64 + worker);
                        two.give(frame.packets[0]);
                    }
                });
        discard(port);
        // Asked for one queue only, it has one each way, which the workers share.
        DpdkPort single = open("net_ring8", "", null, 1, HERE, one, two);
        assertThat(single.rxQueues()).isOne();
        assertThat(single.txQueues()).isOne();
        assertThat(single.end(1).isReceiving()).isTrue(); // port 5 begins with worker 1
        assertThat(single.end(0).isReceiving()).isFalse();
        onWorker(
                single.end(0),
                () -> {
                    long[] packets = {Bed.packet(one, new byte[80])};
                    assertThat(single.end(0).transmit(packets, 1)).isOne();
                    Frame frame = new Frame();
                    assertThat(single.end(1).receive(frame, Frame.SIZE)).isOne();
                    two.give(frame.packets[0]);
                });
    }

    /** The driver would wait in poll(2) as long as the queue behind it keeps its frames. */
    @Test
    void aRingThatTheKernelDoesNotEmptyHoldsNoWorker() throws Exception {
        try (Bed bed = new Bed()) {
            Path namespace = bed.pair();
            BufferPool pool = pool();
            DpdkPort port =
                    open("net_af_packet7", "iface=one,qdisc_bypass=0", "one", 1, namespace, pool);
            Netns.run(
                    namespace,
                    "tc qdisc replace dev one root tbf rate 8bit burst 1600 limit 100000000");
            PortEnd end = port.end(0);
            byte[][] frames = new byte[100][];
            Arrays.fill(frames, Arrays.copyOf(Bed.ETHERNET, 1514));
            long startNs = System.nanoTime();
            onWorker(
                    end,
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            Bed.send(end, pool, frames);
                        }
                    });
            assertThat(System.nanoTime() - startNs).isLessThan(60_000_000_000L);
            assertFitted(port, PortCounter.TX_PACKETS, PortCounter.TX_FULL);
            discard(port);
        }
    }

    /** What the kernel had no room for in the driver's ring, which the driver does not count. */
    @Test
    void framesThatFoundTheRingFullAreMissed() throws Exception {
        try (Bed bed = new Bed()) {
            Path namespace = bed.pair();
            BufferPool pool = pool();
            DpdkPort port = open("net_af_packet8", "iface=one", "one", 1, namespace, pool);
            PortEnd sender =
                    bed.keep(AfPacketPort.open(6, "other", namespace, "other", 64, List.of(pool)))
                            .end(0);
            byte[] bytes = Arrays.copyOf(Bed.ETHERNET, 100);
            for (int i = 0; i < 1000; i++) {
                assertThat(sender.transmit(new long[] {Bed.packet(pool, bytes)}, 1)).isOne();
            }
            PortEnd end = port.end(0);
            onWorker(
                    end,
                    () -> {
                        Frame frame = new Frame();
                        while (end.receive(frame, Frame.SIZE) != 0) {
                            pool.give(frame.packets, frame.count);
                            frame.count = 0;
                        }
                    });
            assertFitted(port, PortCounter.RX_PACKETS, PortCounter.RX_MISSED);
            discard(port);
        }
    }

    /** Of 1000 frames a ring of some 500 took as many; the others were counted as lost. */
    private static void assertFitted(DpdkPort port, PortCounter fitted, PortCounter lost) {
        long count = port.counter(fitted);
        assertThat(count).isBetween(500L, 520L);
        assertThat(port.counter(lost)).isEqualTo(1000 - count);
    }

    /** A driver that finds no buffers for its rings would receive nothing, and say nothing. */
    @Test
    void ringsThatThePoolCannotFillAreRefused() throws Exception {
        try (Bed bed = new Bed()) {
            Path namespace = bed.pair();
            long[] taken = new long[BUFFERS];
            int count = 0;
            while (depot.available() >= 2 * 2048 + 512) {
                assertThat(depot.take(taken, count)).isTrue();
                count += Depot.BULK;
            }
            int free = depot.available();
            BufferPool pool = pool();
            assertThatThrownBy(() -> open("net_af_xdp7", "iface=one", "one", 1, namespace, pool))
                    .hasMessageContaining("its rings take 4608 buffers, " + free + " are free");
            for (int i = 0; i < count; i += Depot.BULK) {
                depot.give(taken, i);
            }
        }
    }

    /**
     * Each worker receives and the other one sends: the driver takes buffers from the cache of one
     * thread and frees them into that of another. All come back ({@link #allBuffersComeBack}).
     */
    @Test
    void buffersOfOneWorkerAreFreedByAnother() throws Exception {
        BufferPool[] both = {pool(), pool()};
        DpdkPort port = open("net_null9", "", null, 2, HERE, both);
        List<HandOver> two = HandOver.among(List.of(Waiter.AWAKE, Waiter.AWAKE));
        AtomicInteger givers = new AtomicInteger(2);
        AtomicLong refused = new AtomicLong();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int worker = 0; worker < 2; worker++) {
            int self = worker;
            PortEnd end = port.end(worker);
            HandOver handOver = two.get(worker);
            tasks.add(
                    new FutureTask<>(() -> {
                        onWorker(
                                end,
                                () -> {
                                    Trace trace = Outlet.trace();
                                    Graph graph = Outlet.graph(end, trace);
                                    Frame frame = new Frame();
                                    for (int round = 0; round < 3_000; round++) {
                                        end.receive(frame, 1 + round % Frame.SIZE);
                                        for (int i = 0; i < frame.count; i++) {
                                            long packet = frame.packets[i];
                                            if (!handOver.stage(1 - self, 0, packet)) {
                                                refused.incrementAndGet();
                                                both[self].give(packet);
                                            }
                                        }
                                        frame.clear();
                                        handOver.publish();
                                        handOver.take(graph, trace, 0);
                                        graph.run();
                                    }
                                    givers.decrementAndGet();
                                    while (givers.get() != 0
                                            || handOver.take(graph, trace, 0) != 0) {
                                        graph.run();
                                        handOver.take(graph, trace, 0);
                                        graph.run();
                                        Thread.yield();
                                    }
                                });
                        return 0;
                    }));
        }
        tasks.forEach(task -> Thread.ofPlatform().start(task));
        for (FutureTask<Integer> task : tasks) {
            task.get();
        }
        long received = port.counter(PortCounter.RX_PACKETS);
        assertThat(received).isGreaterThan(300_000);
        assertThat(port.counter(PortCounter.TX_PACKETS) + refused.get()).isEqualTo(received);
        for (int worker = 0; worker < 2; worker++) {
            assertThat(port.end(worker).counter(PortCounter.TX_PACKETS))
                    .isEqualTo(two.get(worker).counter(HandOver.TAKEN));
        }
    }

    @Test
    void nothingIsAllocatedPerBurst() throws Exception {
        BufferPool pool = pool();
        DpdkPort port = open("net_null6", "", pool);
        PortEnd end = port.end(0);
        onWorker(
                end,
                () -> {
                    Frame frame = new Frame();
                    long[] taken = new long[BufferPool.AT_HAND_MAX];
                    Runnable run =
                            () -> {
                                for (int i = 0; i < 20_000; i++) {
                                    end.receive(frame, 32);
                                    end.transmit(frame.packets, frame.count);
                                    frame.count = 0;
                                    pool.give(taken, pool.take(taken, 0, 200));
                                    port.isUp();
                                }
                            };
                    assertThat(Bed.allocated(run)).isZero();
                });
    }
}
