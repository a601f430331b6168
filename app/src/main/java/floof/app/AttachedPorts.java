package floof.app;

import floof.dataplane.ForwardingGraph;
import floof.dataplane.PortTable;
import floof.engine.BufferPool;
import floof.engine.Graph;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.engine.Worker;
import floof.fpc.Driver;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.linux.LinuxException;
import floof.linux.PacketSocket;
import floof.ports.AfPacketPort;
import floof.ports.TapPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The ports of the fast path, each a device and its twin. They are opened and closed here and given
 * to the worker in between. Thread: any.
 */
final class AttachedPorts implements AutoCloseable {

    private static final String OWN_NAMESPACE = "/proc/self/ns/net";

    private final Worker worker;
    private final Graph graph;
    private final PortTable table;
    private final BufferPool pool;
    private final TreeMap<Integer, Pair> pairs = new TreeMap<>();

    /** The same, to be walked without an iterator. */
    private Pair[] followed = {};

    /** A device and its twin, as they were asked for. */
    private static final class Pair {
        final Message.PortAttach request;
        final Port device;
        final TapPort twin;
        boolean isUp;

        Pair(Message.PortAttach request, Port device, TapPort twin) {
            this.request = request;
            this.device = device;
            this.twin = twin;
        }
    }

    AttachedPorts(Worker worker, Graph graph, PortTable table, BufferPool pool) {
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
        } catch (LinuxException e) {
            return Reply.refused(Report.FAILED, "port " + request.name() + ": " + e.getMessage());
        }
        pairs.put(request.index(), pair);
        followed = pairs.values().toArray(Pair[]::new);
        showLink(pair, pair.device.isUp());
        worker.call(() -> {
            table.attachDevice(pair.device);
            table.attachTwin(pair.twin);
            int input = graph.indexOf(ForwardingGraph.DEVICE_INPUT);
            worker.addInput(pair.device, input, pair.request.driver() != Driver.AF_PACKET);
            worker.addInput(pair.twin, graph.indexOf(ForwardingGraph.TWIN_INPUT), true);
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
            return new Pair(request, device(request), twin);
        } catch (LinuxException e) {
            twin.close();
            throw e;
        }
    }

    private Port device(Message.PortAttach request) {
        String path = request.namespacePath();
        Path namespace = Path.of(path.isEmpty() ? OWN_NAMESPACE : path);
        return switch (request.driver()) {
            case AF_PACKET ->
                    AfPacketPort.open(
                            request.index(),
                            request.name(),
                            namespace,
                            request.device(),
                            PacketSocket.DEFAULT_FRAMES,
                            pool);
            case TAP ->
                    TapPort.open(
                            request.index(), request.name(), namespace, request.device(), pool);
        };
    }

    /** Takes a port from the worker and closes it. */
    synchronized Reply detach(int index) {
        Pair pair = pairs.remove(index);
        if (pair == null) {
            return Reply.refused(Report.NOT_FOUND, "there is no port " + index);
        }
        followed = pairs.values().toArray(Pair[]::new);
        worker.call(() -> {
            worker.removeInput(pair.device);
            worker.removeInput(pair.twin);
            table.detach(index);
        });
        pair.device.close();
        pair.twin.close();
        return Reply.ok();
    }

    /** Lets the twins show the links of their devices. Allocates nothing while none changes. */
    synchronized void followLinks() {
        for (Pair pair : followed) {
            boolean isUp = pair.device.isUp();
            if (isUp != pair.isUp) {
                showLink(pair, isUp);
            }
        }
    }

    private static void showLink(Pair pair, boolean isUp) {
        pair.twin.carrier(isUp);
        pair.isUp = isUp;
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
        Port device = pair.device;
        return new Message.PortState(
                request.index(),
                request.name(),
                request.driver(),
                request.namespacePath(),
                request.device(),
                pair.twin.descriptor(),
                device.isUp(),
                new Message.PortCount(
                        device.counter(PortCounter.RX_PACKETS),
                        device.counter(PortCounter.RX_BYTES),
                        device.counter(PortCounter.RX_MISSED)
                                + device.counter(PortCounter.RX_NO_BUFFER)
                                + device.counter(PortCounter.RX_BAD_LENGTH)),
                new Message.PortCount(
                        device.counter(PortCounter.TX_PACKETS),
                        device.counter(PortCounter.TX_BYTES),
                        device.counter(PortCounter.TX_FULL)
                                + device.counter(PortCounter.TX_ERRORS)));
    }

    /** Closes all; after the worker has ended. */
    @Override
    public synchronized void close() {
        for (Pair pair : pairs.values()) {
            pair.device.close();
            pair.twin.close();
        }
        pairs.clear();
    }
}
