package floof.linux.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.base.MacAddress;
import floof.linux.JavaChild;
import floof.linux.Mapping;
import floof.linux.system.CurrentThread;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real libraries; their environment starts once in the life of the JVM. */
@SuppressWarnings("restricted")
class DpdkTest {

    private static final int BUFFERS = 4095;
    private static final int BURST = 256;

    @TempDir static Path folder;
    private static Eal eal;
    private static MbufPool pool;

    @BeforeAll
    static void start() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        assumeTrue(Eal.refusal() == null, "needs DPDK, which ./floof test installs");
        BitSet before = CurrentThread.cpus();
        eal = Eal.start(new Eal.Settings("floof-test", folder, 64 << 20, false));
        assertThat(CurrentThread.cpus()).as("nothing is pinned").isEqualTo(before);
        pool = eal.pool("test", BUFFERS, 256, 64, 2176);
    }

    /** On a thread as a worker is one. */
    private static <T> T onWorker(Callable<T> action) throws Exception {
        FutureTask<T> task =
                new FutureTask<>(() -> {
                    eal.registerThread();
                    try {
                        return action.call();
                    } finally {
                        eal.unregisterThread();
                    }
                });
        Thread.ofPlatform().name("dpdk-test").start(task);
        return task.get();
    }

    @Test
    void itTellsItsVersion() {
        assertThat(eal.version()).startsWith("DPDK 22.11.");
        assertThatThrownBy(
                        () -> Eal.start(new Eal.Settings("floof-again", folder, 64 << 20, false)))
                .isInstanceOf(DpdkException.class);
    }

    /** A copy of the real library that calls itself another version, found before the real one. */
    @Test
    void anotherVersionIsRefused(@TempDir Path copies) throws Exception {
        Path library =
                Files.readAllLines(Path.of("/proc/self/maps")).stream()
                        .filter(line -> line.contains("/librte_eal.so"))
                        .map(line -> Path.of(line.substring(line.indexOf('/'))))
                        .findFirst()
                        .orElseThrow();
        String bytes = Files.readString(library, StandardCharsets.ISO_8859_1);
        String format = "%s %d.%02d.%d\0";
        assertThat(bytes).containsOnlyOnce(format);
        Files.writeString(
                copies.resolve("librte_eal.so.23"),
                bytes.replace(format, "%s 9%d.%02d\0\0\0"),
                StandardCharsets.ISO_8859_1);
        assertThat(refusal(Path.of("/nonexistent"))).isEqualTo("null");
        assertThat(refusal(copies))
                .isEqualTo("DPDK's libraries are DPDK 922.11; expected DPDK 22.11.x (ABI 23)");
    }

    private static String refusal(Path libraries) throws Exception {
        ProcessBuilder program = JavaChild.of(RefusalTeller.class);
        program.environment().put("LD_LIBRARY_PATH", libraries.toString());
        Process process = program.start();
        try {
            return String.valueOf(process.inputReader().readLine());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The proofs of the layouts, where something else lies in their places. */
    @Test
    void anotherLayoutIsRefused() {
        Library library = Library.load();
        assertThatThrownBy(() -> Layouts.checkPool(library, pool, BUFFERS + 1, 256, 64, 2176))
                .isInstanceOf(DpdkException.class)
                .hasMessage(
                        "rte_mempool.size is 0xfff, expected 0x1000: these libraries have another"
                                + " layout than DPDK 22.11 of x86-64");
        Layouts.checkBurstFunctions(library);
        EthDevice device = eal.plug("vdev", "net_null8", "");
        device.configure(1, 1, 512, 0, 0, 0, pool);
        device.start();
        try {
            assertThatThrownBy(() -> Layouts.checkBurstFunctions(library))
                    .hasMessageContaining("rte_eth_fp_ops[");
        } finally {
            device.stop();
            eal.unplug("vdev", "net_null8");
        }
    }

    @Test
    void itLeavesNoFile() throws IOException {
        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(Path.of("/var/run/dpdk/floof-test")).doesNotExist();
    }

    @Test
    void theThreadsItLeavesAreNotPinned() throws Exception {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                String status = Files.readString(task.resolve("status"));
                if (status.startsWith("Name:\teal-") || status.startsWith("Name:\trte")) {
                    assertThat(status)
                            .contains(
                                    "Cpus_allowed_list:\t0-"
                                            + (CurrentThread.cpus().cardinality() - 1));
                }
            }
        }
    }

    @Test
    void thePoolHandsOutEachBufferOnceAndTakesItBack() {
        int before = pool.available();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = arena.allocate(JAVA_LONG, before);
            assertThat(pool.take(array.address(), before)).isTrue();
            assertThat(pool.take(array.address(), 1)).as("empty").isFalse();
            Set<Long> seen = new HashSet<>();
            Mapping memory = pool.memory();
            long each = memory.sizeBytes() / BUFFERS;
            assertThat(memory.address() % 4096).isZero();
            for (int i = 0; i < before; i++) {
                long mbuf = array.getAtIndex(JAVA_LONG, i);
                assertThat(seen.add(mbuf)).isTrue();
                // net_af_xdp counts on it: no gap where pages end, DPDK's 64 bytes before each.
                assertThat((mbuf - 64 - memory.address()) % each).isZero();
                assertThat((mbuf - 64 - memory.address()) / each).isBetween(0L, BUFFERS - 1L);
                assertFree(mbuf);
            }
            pool.give(array.address(), before);
        }
        assertThat(pool.available()).isEqualTo(before);
    }

    /** What DPDK demands of a buffer in its pool. */
    private static void assertFree(long address) {
        MemorySegment mbuf = MemorySegment.ofAddress(address).reinterpret(128);
        assertThat(mbuf.get(JAVA_SHORT, 18)).as("refcnt").isEqualTo((short) 1);
        assertThat(mbuf.get(JAVA_SHORT, 20)).as("nb_segs").isEqualTo((short) 1);
        assertThat(mbuf.get(JAVA_LONG, 56)).as("pool").isEqualTo(pool.address());
        assertThat(mbuf.get(JAVA_LONG, 64)).as("next").isZero();
        assertThat(mbuf.get(JAVA_LONG, 8)).as("buf_iova").isEqualTo(address + 192);
    }

    @Test
    void theNullDeviceReceivesAndSends() throws Exception {
        EthDevice device = eal.plug("vdev", "net_null7", "size=60");
        assertThat(device.abilities().driver()).isEqualTo("net_null");
        device.configure(1, 1, 512, 0, 0, 0, pool);
        assertThat(device.setMac(MacAddress.parse("02:00:00:00:00:07"))).isTrue();
        assertThat(device.mac()).hasToString("02:00:00:00:00:07");
        device.start();
        assertThat(device.isUp()).isTrue();
        int before = pool.available();
        onWorker(() -> {
            BurstQueue receiver = device.receiver(0);
            BurstQueue sender = device.sender(0);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment packets = arena.allocate(JAVA_LONG, BURST);
                for (int i = 0; i < 100; i++) {
                    assertThat(receiver.run(packets.address(), BURST)).isEqualTo(BURST);
                    MemorySegment mbuf =
                            MemorySegment.ofAddress(packets.get(JAVA_LONG, 0)).reinterpret(128);
                    assertThat(mbuf.get(JAVA_INT, 36)).as("pkt_len").isEqualTo(60);
                    assertThat(mbuf.get(JAVA_SHORT, 40)).as("data_len").isEqualTo((short) 60);
                    assertThat(mbuf.get(JAVA_SHORT, 22)).as("port").isEqualTo((short) device.id());
                    assertThat(sender.run(packets.address(), BURST)).isEqualTo(BURST);
                }
            }
            return 0;
        });
        assertThat(pool.available()).isEqualTo(before);
        assertThat(device.extended())
                .contains(new EthDevice.Statistic("tx_good_packets", 100 * BURST));
        assertThat(device.statistics().missed()).isZero();
        device.stop();
        eal.unplug("vdev", "net_null7");
        assertThatThrownBy(device::abilities).hasMessageContaining("ENODEV");
    }

    @Test
    void arefusedDeviceIsNamed() {
        assertThatThrownBy(() -> eal.plug("vdev", "net_nosuch0", "a=b"))
                .isInstanceOf(DpdkException.class)
                .hasMessageContaining("net_nosuch0");
        assertThatThrownBy(() -> eal.plug("vdev", "net_af_packet0", "iface=nosuch0"))
                .hasMessageContaining("iface=nosuch0");
    }

    @Test
    void anUnregisteredThreadMayAskToo() {
        assertThat(eal.hasHugePages()).isIn(true, false);
        assertThat(pool.available()).isPositive();
    }
}
