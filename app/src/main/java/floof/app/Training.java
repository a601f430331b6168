package floof.app;

import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Prefix;
import floof.base.Reason;
import floof.control.instance.Instance;
import floof.dataplane.Rehearsal;
import floof.dataplane.SampleFrame;
import floof.fpc.Driver;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.linux.net.PacketSocket;
import floof.linux.net.Tap;
import floof.linux.net.TransmitBatch;
import floof.linux.netlink.Link;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.Mount;
import floof.linux.system.NetworkNamespace;
import floof.memory.Memory;
import floof.memory.Region;
import floof.tables.Interface;
import floof.tables.Limits;
import floof.tables.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A whole life of the fast path in one process, for the ahead-of-time cache ({@link AotCache}): it
 * starts as in an instance, gets a port, forwards, answers, and ends. The JVM writes the classes
 * and profiles of this life into the cache.
 *
 * <p>The port is the loopback device of a separate namespace, and the only route leads back to it:
 * each packet circulates until its TTL expires, then goes to the port's twin. Needs root.
 */
public final class Training {

    /** By then the second compiler has compiled ports and nodes. */
    private static final int LENGTH_MS = 3_000;

    /** Packets at once: a ring holds more, and each makes 254 rounds. */
    private static final int FRAMES = 64;

    private static final int START_MS = 10_000;
    private static final int MTU = 1_500;
    private static final String PORT = "train";

    private final Instance instance;
    private final Path namespace;

    private Training(Instance instance) {
        this.instance = instance;
        this.namespace = namespace(instance);
    }

    private static Path namespace(Instance instance) {
        return instance.namespaces().resolve("loop");
    }

    public static void main(String[] words) throws Exception {
        Instance instance = Arguments.parse(words).instance();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("clean-up").unstarted(() -> cleanUp(instance)));
        new Training(instance).run();
    }

    /** Our parent may be gone. */
    private static void cleanUp(Instance instance) {
        try {
            remove(instance);
        } catch (IOException e) {
            System.err.println("training: " + e);
        }
    }

    private void run() throws Exception {
        Files.createDirectories(instance.shm());
        Files.createDirectories(instance.namespaces());
        NetworkNamespace.create(namespace);
        Tap twin = NetworkNamespace.call(namespace, Training::devices);
        TableMemory tables = new TableMemory(instance, Limits.SMALL);
        fill(tables.open());
        Thread.ofPlatform()
                .name("fast-path")
                .start(() -> FastPath.main(new String[] {"--instance", instance.name()}));
        try (FpcClient client = connect()) {
            int pid = Math.toIntExact(ProcessHandle.current().pid());
            client.ask(new Message.Hello(1, 0, 0, pid), Message.Hello.class);
            client.tell(
                    new Message.PortAttach(
                            0,
                            PORT,
                            Driver.AF_PACKET,
                            namespace.toString(),
                            "lo",
                            pid,
                            twin.fd().number(),
                            MTU,
                            new TreeMap<>()));
            NetworkNamespace.call(namespace, () -> send(client));
            client.tell(new Message.Shutdown());
        }
        Thread.currentThread().join(); // the shutdown ends the process
    }

    private static Tap devices() {
        Tap twin = Tap.open(PORT);
        try (Rtnetlink linux = Rtnetlink.open("training")) {
            for (Link link : linux.links()) {
                if (!link.isUp()) {
                    linux.setUp(link.index(), true);
                }
            }
        }
        return twin;
    }

    private static void fill(TableWriter writer) {
        int index = writer.addInterface(0, 1);
        int flags = Interface.UP | Interface.RUNNING | Interface.ETHERNET;
        writer.setInterface(index, PORT, Rehearsal.ROUTER, MTU, flags, 0);
        int back = writer.addAdjacency(index, 0, null, Reason.NEIGHBOUR_UNRESOLVED);
        MacAddress self = Rehearsal.ROUTER;
        writer.forward(back, self, self, 0, MTU);
        for (String prefix : new String[] {"203.0.113.0/24", "2001:db8:3::/64"}) {
            writer.putRoute(0, Prefix.parse(prefix), 0, back, 0);
        }
    }

    private FpcClient connect() throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        while (true) {
            try {
                return FpcClient.connect(instance.fastPathSocket(), "training", 4);
            } catch (IOException e) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw e;
                }
                Thread.sleep(10);
            }
        }
    }

    /** Makes packets of both families circulate, and sends the requests of an operator. */
    private static boolean send(FpcClient client) throws IOException, InterruptedException {
        Region memory = Memory.allocate("training frames", 4096, 64);
        try (PacketSocket lo = PacketSocket.open("lo", 1)) {
            TransmitBatch batch = lo.batch();
            byte[] four = frame("192.0.2.2", "203.0.113.2");
            byte[] six = frame("2001:db8:1::2", "2001:db8:3::2");
            long header = memory.address();
            long first = header + 64;
            Memory.copy(four, 0, first, four.length);
            Memory.copy(six, 0, first + 2048, six.length);
            long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LENGTH_MS);
            while (System.nanoTime() - endNs < 0) {
                for (int i = 0; i < FRAMES; i++) {
                    batch.frame(header);
                    batch.piece(first + (i & 1) * 2048L, SampleFrame.BYTES_MIN);
                }
                batch.send();
                client.ask(new Message.PortsRequest(0), Message.Ports.class);
                client.ask(new Message.NodesRequest(0), Message.Nodes.class);
                Thread.sleep(50);
            }
        } finally {
            Memory.remove(memory);
        }
        return true;
    }

    private static byte[] frame(String from, String to) {
        return SampleFrame.udp(
                Rehearsal.ROUTER,
                IpAddress.parse(from),
                IpAddress.parse(to),
                255,
                SampleFrame.BYTES_MIN);
    }

    /** Removes the leftovers of a former training of this name. */
    static void remove(Instance instance) throws IOException {
        NetworkNamespace.delete(namespace(instance));
        // The folder of namespaces is a separate mount.
        while (Files.exists(instance.namespaces()) && Mount.isMountPoint(instance.namespaces())) {
            Mount.unmount(instance.namespaces());
        }
        if (Files.exists(instance.run())) {
            try (Stream<Path> files = Files.walk(instance.run())) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
