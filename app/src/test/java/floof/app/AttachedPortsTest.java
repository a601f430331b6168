package floof.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import floof.control.instance.Instance;
import floof.control.plan.CoreAssignment;
import floof.engine.HandOver;
import floof.engine.Packet;
import floof.engine.SharedDepot;
import floof.engine.Worker;
import floof.fpc.Driver;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.linux.net.Tap;
import floof.linux.system.Cpus;
import floof.linux.system.Mount;
import floof.linux.system.NetworkNamespace;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.Limits;
import floof.tables.Tables;
import floof.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two real workers, of which one stands still while a port comes or goes. */
@Timeout(300)
class AttachedPortsTest {

    private static final int BUFFERS = 4096;
    private static final int LIMIT_MS = 200;

    private final Instance instance = new Instance("apt" + ProcessHandle.current().pid());
    private final Path namespace = instance.namespaces().resolve("twins");
    private final List<ForwardingWorker> workers = new ArrayList<>();
    private final List<CountDownLatch> stalls = new ArrayList<>();
    private TableMemory memory;
    private Region buffers;
    private Tap twin;
    private AttachedPorts ports;

    @BeforeEach
    void start() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        Files.createDirectories(instance.shm());
        Files.createDirectories(instance.namespaces());
        NetworkNamespace.create(namespace);
        twin = NetworkNamespace.call(namespace, () -> Tap.open("twin"));
        memory = new TableMemory(instance, Limits.SMALL);
        Tables tables = memory.open().tables();
        buffers = Memory.allocate("buffers", (long) BUFFERS * Packet.BUFFER_BYTES, 64);
        SharedDepot depot = new SharedDepot(buffers, BUFFERS);
        CoreAssignment cores = new CoreAssignment(List.of(0, 0), Cpus.parse("0"), false, "");
        List<PollWaiter> waiters = List.of(new PollWaiter(), new PollWaiter());
        for (HandOver handOver : HandOver.among(waiters)) {
            PollWaiter waiter = waiters.get(handOver.number());
            workers.add(ForwardingWorker.make(cores, false, tables, depot, waiter, handOver));
        }
        workers.forEach(it -> it.worker().start());
        ports = new AttachedPorts(workers, buffers, null, 64, LIMIT_MS);
    }

    @AfterEach
    void end() throws Exception {
        stalls.forEach(CountDownLatch::countDown);
        workers.forEach(it -> it.worker().close());
        if (ports != null) {
            ports.close();
        }
        if (twin != null) {
            twin.close();
            NetworkNamespace.delete(namespace);
            Mount.unmount(instance.namespaces()); // the folder is a mount of its own
        }
        if (buffers != null) {
            Memory.remove(buffers);
        }
        if (memory != null) {
            memory.close();
        }
        for (Path folder : List.of(instance.shm(), instance.run())) {
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.sorted((a, b) -> b.compareTo(a))
                            .map(Path::toFile)
                            .forEach(it -> it.delete());
                }
            }
        }
    }

    /** The second worker takes no commands until this is counted down. */
    private CountDownLatch stall() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        stalls.add(end);
        Thread.ofPlatform()
                .name("stall")
                .start(() ->
                        workers.get(1)
                                .worker()
                                .call(() -> {
                                    begun.countDown();
                                    try {
                                        end.await();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                }));
        begun.await();
        return end;
    }

    private Reply attach() {
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        int fd = twin.fd().number();
        return ports.attach(
                new Message.PortAttach(
                        3, "twin", Driver.GENERATOR, "", "twin", pid, fd, 1500, new TreeMap<>()));
    }

    private List<Boolean> states() {
        return ports.page(0).ports().stream().map(Message.PortState::up).toList();
    }

    @Test
    void aDetachThatAWorkerHoldsUpEndsWellWhenItIsAskedForAgain() throws Exception {
        assertThat(attach().isOk()).isTrue();
        assertThat(states()).containsExactly(true);
        CountDownLatch stall = stall();
        Reply refused = ports.detach(3);
        assertThat(refused.report()).isEqualTo(Report.FAILED);
        assertThat(refused.text()).contains("port twin is still in use: worker-1");
        assertThat(states()).as("half a port is down").containsExactly(false);
        ports.followLinks();
        assertThat(ports.detach(3).report()).as("still").isEqualTo(Report.FAILED);
        stall.countDown();
        assertThat(ports.detach(3).isOk()).isTrue();
        assertThat(states()).isEmpty();
        assertThat(attach().isOk()).isTrue();
        assertThat(states()).containsExactly(true);
    }

    @Test
    void anAttachInPlaceOfHalfAPortEndsWell() throws Exception {
        assertThat(attach().isOk()).isTrue();
        CountDownLatch stall = stall();
        assertThat(ports.detach(3).report()).isEqualTo(Report.FAILED);
        assertThat(attach().report()).isEqualTo(Report.FAILED);
        stall.countDown();
        assertThat(attach().isOk()).isTrue();
        assertThat(states()).containsExactly(true);
        assertThat(ports.detach(3).isOk()).isTrue();
    }

    @Test
    void anAttachThatAWorkerHoldsUpIsNoPort() throws Exception {
        CountDownLatch stall = stall();
        Reply refused = attach();
        assertThat(refused.report()).isEqualTo(Report.FAILED);
        assertThat(refused.text()).contains("worker-1 does not take commands");
        assertThat(states()).doesNotContain(true);
        stall.countDown();
        assertThat(attach().isOk()).isTrue();
        assertThat(states()).containsExactly(true);
    }

    /** What the fast path answers to a heartbeat depends on it. */
    @Test
    void aWorkerThatDoesNotRunIsFound() throws Exception {
        WorkerReadings readings = new WorkerReadings(workers);
        Worker other = workers.getFirst().worker();
        Eventually.await(() -> workers.get(1).worker().counter(Worker.CYCLES) != 0);
        CountDownLatch stall = stall();
        long nowNs = 1;
        for (int second = 0; second <= 12; second++) {
            long cycles = other.counter(Worker.CYCLES);
            Eventually.await(() -> other.counter(Worker.CYCLES) != cycles);
            assertThat(readings.stuck(nowNs)).isEqualTo(second <= 11 ? -1 : 1);
            // Of a machine that was stopped for a minute in between, the minute does not count.
            nowNs += second == 5 ? 60_000_000_000L : 1_000_000_000L;
        }
        assertThat(readings.stuck(nowNs + 60_000_000_000L)).as("after a gap").isEqualTo(1);
        stall.countDown();
        long endNs = nowNs;
        Eventually.await(() -> readings.stuck(endNs) == -1);
    }
}
