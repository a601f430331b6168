package floof.app;

import floof.dataplane.ForwardingGraph;
import floof.dataplane.PortTable;
import floof.engine.BufferPool;
import floof.engine.Graph;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.engine.Worker;
import floof.fpc.FactKind;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.linux.LinuxException;
import floof.linux.PacketSocket;
import floof.linux.dpdk.DpdkException;
import floof.memory.Region;
import floof.ports.AfPacketPort;
import floof.ports.AfXdpPort;
import floof.ports.DpdkPort;
import floof.ports.TapPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of the fast path, each a device and its twin. They are opened and closed here and given
 * to the worker in between. Thread: any.
 */
final class AttachedPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedPorts.class);

    private static final String OWN_NAMESPACE = "/proc/self/ns/net";

    /** The only worker so far. */
    private static final int WORKER = 0;

    private final Worker worker;
    private final Graph graph;
    private final PortTable table;
    private final Region buffers;
    private final BufferPool pool;
    private final @Nullable Dpdk dpdk;
    private final TreeMap<Integer, Pair> pairs = new TreeMap<>();

    /** The same, to be walked without an iterator. */
    private Pair[] followed = {};

    /** A device (none with driver tap) and its twin, as they were asked for. */
    private static final class Pair {
        final Message.PortAttach request;
        final @Nullable Port device;
        final TapPort twin;
        boolean isUp;
        boolean isTwinLost;

        Pair(Message.PortAttach request, @Nullable Port device, TapPort twin) {
            this.request = request;
            this.device = device;
            this.twin = twin;
        }

        /** What has no wire is never cut off. */
        boolean isConnected() {
            return device == null || device.isUp();
        }

        long counter(PortCounter counter) {
            return device == null ? 0 : device.counter(counter);
        }

        void close() {
            if (device != null) {
                device.close();
            }
            twin.close();
        }
    }

    /**
     * @param buffers memory of the pool
     * @param dpdk null in a process without it
     */
    AttachedPorts(
            Worker worker,
            Graph graph,
            PortTable table,
            Region buffers,
            BufferPool pool,
            @Nullable Dpdk dpdk) {
        this.buffers = buffers;
        this.dpdk = dpdk;
        this.worker = worker;
        this.graph = graph;
        this.table = table;
        this.pool = pool;
    }

    /** Opens a port and forwards through it; one that is there under the index is replaced. */
    synchronized Reply attach(Message.PortAttach request) {
        if (request.index() >= PortTable.PORTS_MAX) {
            return Reply.refused(
                    Report.FULL,
                    "port index " + request.index() + "; expected below " + PortTable.PORTS_MAX);
        }
        detach(request.index());
        Pair pair;
        try {
            pair = open(request);
        } catch (LinuxException | DpdkException e) {
            return Reply.refused(Report.FAILED, "port " + request.name() + ": " + e.getMessage());
        }
        try {
            showLink(pair, pair.isConnected());
        } catch (LinuxException e) {
            pair.close();
            return Reply.refused(Report.FAILED, "port " + request.name() + ": " + e.getMessage());
        }
        pairs.put(request.index(), pair);
        followed = pairs.values().toArray(Pair[]::new);
        worker.call(() -> {
            Port device = pair.device;
            if (device != null) {
                device.end(WORKER).attached();
                table.attachDevice(device.end(WORKER));
                worker.addInput(
                        device.end(WORKER), graph.indexOf(ForwardingGraph.DEVICE_INPUT), false);
            }
            table.attachTwin(pair.twin.end(WORKER));
            worker.addInput(pair.twin.end(WORKER), graph.indexOf(ForwardingGraph.TWIN_INPUT), true);
        });
        return Reply.ok();
    }

    private Pair open(Message.PortAttach request) {
        TapPort twin =
                TapPort.share(
                        request.index(),
                        request.name(),
                        request.name(),
                        request.twinPid(),
                        request.twinFd(),
                        pool);
        try {
            return new Pair(request, device(request, twin), twin);
        } catch (RuntimeException e) {
            twin.close();
            throw e;
        }
    }

    private @Nullable Port device(Message.PortAttach request, TapPort twin) {
        String path = request.namespacePath();
        Path namespace = Path.of(path.isEmpty() ? OWN_NAMESPACE : path);
        return switch (request.driver()) {
            case TAP -> null;
            case AF_PACKET ->
                    AfPacketPort.open(
                            request.index(),
                            request.name(),
                            namespace,
                            request.device(),
                            PacketSocket.DEFAULT_FRAMES,
                            pool);
            case AF_XDP ->
                    AfXdpPort.open(
                            request.index(),
                            request.name(),
                            namespace,
                            request.device(),
                            isOn(request.settings().get("checksum-repair")),
                            buffers,
                            pool);
            case DPDK -> Dpdk.require(dpdk).open(request, namespace, twin, List.of(pool));
        };
    }

    /** Null where the driver is to decide. */
    private static @Nullable Boolean isOn(@Nullable String setting) {
        return setting == null ? null : (Boolean) setting.equals("on");
    }

    /** Takes a port from the worker and closes it. */
    synchronized Reply detach(int index) {
        Pair pair = pairs.remove(index);
        if (pair == null) {
            return Reply.refused(Report.NOT_FOUND, "there is no port " + index);
        }
        followed = pairs.values().toArray(Pair[]::new);
        worker.call(() -> {
            if (pair.device != null) {
                worker.removeInput(pair.device.end(WORKER));
            }
            worker.removeInput(pair.twin.end(WORKER));
            table.detach(index);
            if (pair.device != null) {
                pair.device.end(WORKER).detached();
            }
        });
        pair.close();
        Port device = pair.device;
        if (device != null) {
            worker.call(() -> device.end(WORKER).closed());
        }
        return Reply.ok();
    }

    /**
     * Lets the twins show the links of their devices; a twin that somebody deleted is heard no
     * more, the device's packets still flow. Allocates nothing while none changes.
     */
    synchronized void followLinks() {
        for (Pair pair : followed) {
            if (pair.twin.isGone() && !pair.isTwinLost) {
                pair.isTwinLost = true;
                LOG.warn("twin {} was deleted; a commit makes it anew", pair.request.name());
                worker.call(() -> worker.removeInput(pair.twin.end(WORKER)));
            }
            boolean isUp = pair.isConnected();
            if (isUp != pair.isUp && !pair.isTwinLost) {
                try {
                    showLink(pair, isUp);
                } catch (LinuxException e) {
                    // Deleted a moment ago: said in the next round.
                    LOG.warn("link of {}: {}", pair.request.name(), e.getMessage());
                }
            }
        }
    }

    private static void showLink(Pair pair, boolean isUp) {
        pair.isUp = isUp;
        pair.twin.carrier(isUp);
    }

    /** Name of a port, or its number where it is gone. */
    synchronized String name(int index) {
        Pair pair = pairs.get(index);
        return pair == null ? "port " + index : pair.request.name();
    }

    /** A page of the ports from index {@code from}. */
    synchronized Message.Ports page(int from) {
        List<Message.PortState> states = new ArrayList<>();
        for (Pair pair : pairs.tailMap(from).values()) {
            if (states.size() == Message.MAX_PAGE) {
                return new Message.Ports(states, pair.request.index());
            }
            states.add(state(pair));
        }
        return new Message.Ports(states, Message.END);
    }

    private static Message.PortState state(Pair pair) {
        Message.PortAttach request = pair.request;
        return new Message.PortState(
                request.index(),
                request.name(),
                request.driver(),
                request.namespacePath(),
                request.device(),
                pair.twin.descriptor(),
                pair.isConnected(),
                new Message.PortCount(
                        pair.counter(PortCounter.RX_PACKETS),
                        pair.counter(PortCounter.RX_BYTES),
                        pair.counter(PortCounter.RX_MISSED)
                                + pair.counter(PortCounter.RX_NO_BUFFER)
                                + pair.counter(PortCounter.RX_BAD_LENGTH)),
                new Message.PortCount(
                        pair.counter(PortCounter.TX_PACKETS),
                        pair.counter(PortCounter.TX_BYTES),
                        pair.counter(PortCounter.TX_FULL) + pair.counter(PortCounter.TX_ERRORS)));
    }

    /** A page of facts about DPDK, from row {@code from}. */
    synchronized Message.Facts facts(FactKind kind, int from) {
        List<DpdkPort> ports = new ArrayList<>();
        for (Pair pair : pairs.values()) {
            if (pair.device instanceof DpdkPort port) {
                ports.add(port);
            }
        }
        return dpdk == null
                ? new Message.Facts(List.of(), List.of(), Message.END)
                : dpdk.facts(kind, from, ports);
    }

    /** Closes all; after the worker has ended. */
    @Override
    public synchronized void close() {
        for (Pair pair : pairs.values()) {
            pair.close();
        }
        pairs.clear();
        followed = new Pair[0];
    }
}
