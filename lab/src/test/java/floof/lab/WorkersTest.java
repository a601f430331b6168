package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Several workers, where they run, what they do when there is nothing to do. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WorkersTest {

    private static final String SIDES = "wk" + ProcessHandle.current().pid() % 1_000;
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    @AutoClose private static Network network;
    private static Router router;

    /** {@code one ge-0 router ge-1 other}, so that both ends are plain hosts. */
    @BeforeAll
    static void build() {
        network = new Network(SIDES);
        for (String host : List.of("one", "router", "other")) {
            network.host(host);
        }
        network.link("one", "eth0", "router", "eth0");
        network.link("router", "eth1", "other", "eth0");
        network.address("one", "eth0", "192.0.2.2/24", "2001:db8:1::2/64");
        network.address("other", "eth0", "198.51.100.2/24", "2001:db8:2::2/64");
        network.ip("one", "route add default via 192.0.2.1");
        network.ip("one", "-6 route add default via 2001:db8:1::1");
        network.ip("other", "route add default via 198.51.100.1");
        network.ip("other", "-6 route add default via 2001:db8:2::1");
        router = new Router(network, "router", SIDES);
        router.awaitReady();
        router.commit(Transit.CONFIGURATION);
    }

    private static void awaitForwarding() {
        for (String address : List.of("198.51.100.2", "2001:db8:2::2")) {
            assertThat(Eventually.holds(() -> network.reaches("one", address)))
                    .as(() -> address + "\n" + router.log())
                    .isTrue();
        }
    }

    private static long fastPath() {
        return ProcessHandle.allProcesses()
                .filter(WorkersTest::isFastPath)
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static boolean isFastPath(ProcessHandle process) {
        List<String> words = List.of(process.info().arguments().orElse(new String[0]));
        return words.contains("floof.app/floof.app.FastPath") && words.contains(SIDES);
    }

    /** The CPUs of the threads of a process whose name begins so, or does not. */
    private static Set<String> cpus(long pid, boolean isWorker) throws IOException {
        Set<String> cpus = new TreeSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", "" + pid, "task"))) {
            for (Path task : tasks.toList()) {
                String status = Files.readString(task.resolve("status"));
                if (field(status, "Name").startsWith("worker-") == isWorker) {
                    cpus.add(field(status, "Cpus_allowed_list"));
                }
            }
        }
        return cpus;
    }

    private static String field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .collect(Collectors.joining());
    }

    /** Clock ticks of 10 ms that the workers have run (proc_pid_stat(5), utime and stime). */
    private static long ticks(long pid) throws IOException {
        long ticks = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc", "" + pid, "task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                if (stat.contains("(worker-")) {
                    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    ticks += Long.parseLong(words[11]) + Long.parseLong(words[12]);
                }
            }
        }
        return ticks;
    }

    private static long ticksOfASecond() throws Exception {
        long pid = fastPath();
        long before = ticks(pid);
        Thread.sleep(1_000);
        return ticks(pid) - before;
    }

    @Test
    @Order(1)
    void everythingElseKeepsOffTheWorkersCpu() throws Exception {
        assumeTrue(CPUS > 1, "needs two CPUs");
        awaitForwarding();
        Path autogroup = Path.of("/proc/" + fastPath() + "/autogroup");
        if (Files.exists(autogroup)) {
            assertThat(Files.readString(autogroup)).endsWith("nice -20\n");
        }
        Set<String> worker = cpus(fastPath(), true);
        Set<String> others = cpus(fastPath(), false);
        assertThat(worker).hasSize(1).doesNotContainAnyElementsOf(others);
        assertThat(others).hasSize(1);
        long floofd =
                ProcessHandle.allProcesses()
                        .filter(it ->
                                it.parent().map(ProcessHandle::pid).orElse(0L)
                                        == router.supervisor().pid())
                        .findFirst()
                        .orElseThrow()
                        .pid();
        assertThat(cpus(floofd, false)).isEqualTo(others);
        long bird =
                Long.parseLong(Files.readString(router.runFolder().resolve("bird.pid")).strip());
        assertThat(cpus(bird, false)).isEqualTo(others);
        assertThat(router.must("show fast-path sizing"))
                .contains("workers", "CPUs, ", "polling mode", "adaptive", "buffers");
    }

    @Test
    @Order(2)
    void anIdleRouterSleepsAndABusyOneNever() throws Exception {
        awaitForwarding();
        assertThat(Eventually.holds(() -> quietly() < 10)).as("the worker sleeps").isTrue();
        router.commit(List.of("set fast-path polling-mode busy"));
        awaitForwarding();
        JsonNode before = router.json("show fast-path workers").get(0);
        Thread.sleep(1_000);
        JsonNode after = router.json("show fast-path workers").get(0);
        assertThat(after.get("cycles").asLong() - before.get("cycles").asLong())
                .as("cycles of a second")
                .isGreaterThan(1_000);
        assertThat(after.get("sleeps").asLong()).isZero();
        assertThat(router.must("show fast-path sizing"))
                .containsPattern("polling mode +busy +configured");
        router.commit(List.of("delete fast-path polling-mode"));
        awaitForwarding();
    }

    private static long quietly() {
        try {
            return ticksOfASecond();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(3)
    void twoWorkersShareTheFlowsAndTheCountsAddUp() throws Exception {
        assumeTrue(CPUS > 1, "needs two CPUs");
        assertThat(router.ctl("configure", "set fast-path workers 16", "commit").output())
                .contains("this machine has");
        router.commit(List.of("set fast-path workers 2", "set fast-path ring-frames 1024"));
        awaitForwarding();
        Iperf.serve(network, "other");
        router.must("trace add 50");
        for (String address : List.of("198.51.100.2", "2001:db8:2::2")) {
            assertThat(
                            Eventually.holds(() ->
                                    network.in("one", "iperf3", "-t1", "-P8", "-c", address)
                                            .run()
                                            .isGood()))
                    .isTrue();
        }
        assertThat(router.must("show fast-path sizing"))
                .containsPattern("workers +2 +workers configured")
                .containsPattern("frames per receive queue +10[0-9][0-9] +configured");
        assertThat(router.json("show trace").size()).isEqualTo(50);
        assertThat(router.json("show fast-path workers").size()).isEqualTo(2);
        assertThat(Eventually.holds(() -> addsUp(router)))
                .as(() -> router.must("show fast-path statistics"))
                .isTrue();
        JsonNode workers = router.json("show fast-path statistics").get("workers");
        assertThat(workers.size()).isEqualTo(2);
        for (JsonNode worker : workers) {
            assertThat(worker.get("received").asLong()).isGreaterThan(50);
        }
        Set<Long> nodesOf = new TreeSet<>();
        router.json("show fast-path nodes").forEach(it -> nodesOf.add(it.get("worker").asLong()));
        assertThat(nodesOf).containsExactly(0L, 1L);
    }

    /** Every packet received, from a wire or from Linux, has ended somewhere, once. */
    static boolean addsUp(Router router) {
        JsonNode s = router.json("show fast-path statistics");
        long in = 0;
        long out = 0;
        for (JsonNode it : s.get("interfaces")) {
            in += it.get("rxPackets").asLong() + it.get("fromLinux").asLong();
            out +=
                    it.get("txPackets").asLong()
                            + it.get("excepted").asLong()
                            + it.get("dropped").asLong();
        }
        long reasons = 0;
        for (JsonNode it : s.get("reasons")) {
            reasons += it.get("packets").asLong() + it.get("policed").asLong();
        }
        return in == out && reasons == s.get("excepted").asLong() + s.get("dropped").asLong();
    }
}
