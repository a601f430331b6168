package floof.app;

import floof.dataplane.PortTable;
import floof.engine.BufferPool;
import floof.engine.Port;
import floof.engine.PortCounter;
import floof.fpc.CounterKind;
import floof.fpc.FactKind;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.linux.dpdk.DpdkException;
import floof.linux.error.LinuxException;
import floof.memory.Region;
import floof.ports.AfPacketPort;
import floof.ports.AfXdpPort;
import floof.ports.DpdkPort;
import floof.ports.MemifPort;
import floof.ports.PacketSource;
import floof.ports.PcapException;
import floof.ports.TapPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of the fast path, each a device and its twin. This class opens and closes them, and in
 * between lends an end to each worker. Thread: any.
 */
final class AttachedPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedPorts.class);

    /** {@code rx-packets} and so on, in the order of {@link PortCounter}. */
    private static final List<String> COUNTER_COLUMNS =
            Stream.of(PortCounter.values())
                    .map(it -> it.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .toList();

    private static final String OWN_NAMESPACE = "/proc/self/ns/net";

    private final List<ForwardingWorker> workers;
    private final List<BufferPool> pools;
    private final Region buffers;
    private final @Nullable Dpdk dpdk;
    private final int ringFrames;
    private final long limitMs;
    private final TreeMap<Integer, Pair> pairs = new TreeMap<>();

    /** Outstanding work for closed ports of workers that did not answer. */
    private final List<Owed> owed = new ArrayList<>();

    private record Owed(ForwardingWorker worker, Port device) {}

    /** The ports as an array, to be walked without an iterator. */
    private Pair[] followed = {};

    /** A device (none with driver tap) and its twin, as requested. */
    private static final class Pair {
        final Message.PortAttach request;
        final @Nullable Port device;
        final TapPort twin;
        boolean isUp;
        boolean isTwinLost;

        /**
         * Some workers have already released it, or do not have it yet: it must be detached again.
         */
        boolean isHalf;

        /** The last logged state of a memif. */
        String state = "";

        Pair(Message.PortAttach request, @Nullable Port device, TapPort twin) {
            this.request = request;
            this.device = device;
            this.twin = twin;
        }

        /**
         * A port without a device always counts as connected; one that only some workers have never
         * does.
         */
        boolean isConnected() {
            return !isHalf && (device == null || device.isUp());
        }

        long counter(PortCounter counter) {
            return device == null ? 0 : device.counter(counter);
        }

        void close() {
            try {
                if (device != null) {
                    device.close();
                }
            } finally {
                twin.close();
            }
        }
    }

    /**
     * @param buffers memory of all pools
     * @param dpdk null in a process without DPDK
     * @param ringFrames least number of frames in the receive ring of each port and worker
     * @param limitMs how long a worker may take to take or release a port
     */
    AttachedPorts(
            List<ForwardingWorker> workers,
            Region buffers,
            @Nullable Dpdk dpdk,
            int ringFrames,
            long limitMs) {
        this.workers = List.copyOf(workers);
        this.pools = workers.stream().map(ForwardingWorker::pool).toList();
        this.buffers = buffers;
        this.dpdk = dpdk;
        this.ringFrames = ringFrames;
        this.limitMs = limitMs;
    }

    /** Opens a port and forwards through it; replaces an existing one with this index. */
    synchronized Reply attach(Message.PortAttach request) {
        if (request.index() >= PortTable.PORTS_MAX) {
            return Reply.refused(
                    Report.FULL,
                    "port index " + request.index() + "; expected below " + PortTable.PORTS_MAX);
        }
        Reply freed = detach(request.index());
        if (freed.report() == Report.FAILED) {
            return freed;
        }
        Pair pair;
        try {
            pair = open(request);
        } catch (LinuxException | DpdkException | PcapException | IllegalArgumentException e) {
            return failed(request, e);
        }
        try {
            showLink(pair, pair.isConnected());
        } catch (LinuxException e) {
            pair.close();
            return failed(request, e);
        }
        pairs.put(request.index(), pair);
        followed = pairs.values().toArray(Pair[]::new);
        boolean isSpread = isSpread(pair);
        try {
            for (ForwardingWorker worker : workers) {
                call(
                        worker,
                        () -> {
                            if (pair.device != null) {
                                worker.addDevice(pair.device.end(worker.number()), isSpread);
                            }
                            worker.addTwin(pair.twin.end(worker.number()));
                        });
            }
        } catch (IllegalStateException | LinuxException | DpdkException e) {
            pair.isHalf = true;
            detach(request.index());
            return failed(request, e);
        }
        return Reply.ok();
    }

    private static Reply failed(Message.PortAttach request, RuntimeException e) {
        return Reply.refused(Report.FAILED, "port " + request.name() + ": " + e.getMessage());
    }

    /** Whether spreading is configured, and some worker has no receive queue of its own. */
    private boolean isSpread(Pair pair) {
        Port device = pair.device;
        return device != null
                && "on".equals(pair.request.settings().get("receive-spreading"))
                && workers.stream().anyMatch(it -> !device.end(it.number()).isReceiving());
    }

    private Pair open(Message.PortAttach request) {
        TapPort twin =
                TapPort.share(
                        request.index(),
                        request.name(),
                        request.name(),
                        request.twinPid(),
                        request.twinFd(),
                        pools);
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
                            ringFrames,
                            pools);
            case AF_XDP ->
                    AfXdpPort.open(
                            request.index(),
                            request.name(),
                            namespace,
                            request.device(),
                            isOn(request.settings().get("checksum-repair")),
                            buffers,
                            pools);
            case GENERATOR -> FilePorts.generator(request, twin.mac(), pools);
            case PCAP -> FilePorts.pcap(request, pools);
            case MEMIF -> FilePorts.memif(request, pools, executors());
            case DPDK -> Dpdk.require(dpdk).open(request, namespace, twin, pools);
        };
    }

    private List<Executor> executors() {
        return workers.stream().<Executor>map(it -> it.worker()::call).toList();
    }

    /** Null if the driver is to decide. */
    private static @Nullable Boolean isOn(@Nullable String setting) {
        return setting == null ? null : (Boolean) setting.equals("on");
    }

    /**
     * Takes a port from the workers and closes it. If a worker does not release it, the port stays,
     * but is down: detach it again, or attach another in its place.
     */
    synchronized Reply detach(int index) {
        Pair pair = pairs.get(index);
        if (pair == null) {
            return Reply.refused(Report.NOT_FOUND, "there is no port " + index);
        }
        try {
            release(pair);
        } catch (IllegalStateException e) {
            pair.isHalf = true;
            return Reply.refused(
                    Report.FAILED,
                    "port " + pair.request.name() + " is still in use: " + e.getMessage());
        }
        pairs.remove(index);
        followed = pairs.values().toArray(Pair[]::new);
        pair.close();
        if (pair.device != null) {
            for (ForwardingWorker it : workers) {
                owed.add(new Owed(it, pair.device));
            }
        }
        giveBack();
        return Reply.ok();
    }

    /**
     * Makes the workers take back the buffers of closed ports; retries workers that do not answer
     * next time.
     */
    private void giveBack() {
        for (Owed it : List.copyOf(owed)) {
            try {
                call(it.worker(), () -> it.device().end(it.worker().number()).closed());
                owed.remove(it);
            } catch (IllegalStateException e) {
                LOG.warn("buffers of {} are missing: {}", it.device().name(), e.getMessage());
            }
        }
    }

    private void call(ForwardingWorker worker, Runnable command) {
        worker.worker().call(command, limitMs);
    }

    private void release(Pair pair) {
        for (ForwardingWorker worker : workers) {
            call(
                    worker,
                    () -> {
                        if (pair.device != null) {
                            worker.remove(pair.device.end(worker.number()));
                        }
                        worker.remove(pair.twin.end(worker.number()));
                    });
        }
    }

    /**
     * Makes the twins show the link states of their devices. Stops reading from a twin that
     * somebody deleted; the device's packets still flow. Allocates nothing while nothing changes.
     */
    synchronized void followLinks() {
        for (Pair pair : followed) {
            if (pair.twin.isGone() && !pair.isTwinLost) {
                pair.isTwinLost = true;
                LOG.warn("twin {} was deleted; a commit recreates it", pair.request.name());
                for (ForwardingWorker it : workers) {
                    it.worker().call(() -> it.worker().removeInput(pair.twin.end(it.number())));
                }
            }
            if (pair.device instanceof PacketSource source && source.isWaiting() && !pair.isHalf) {
                ForwardingWorker reader = workers.get(source.worker());
                reader.worker()
                        .call(() -> {
                            if (reader.view().isInterfaceUp(source.index())) {
                                source.start();
                            }
                        });
            }
            if (pair.device instanceof MemifPort memif) {
                String state = memif.state();
                if (!state.equals(pair.state)) {
                    pair.state = state;
                    LOG.info("memif {}: {}", pair.request.name(), state);
                }
            }
            boolean isUp = pair.isConnected();
            if (isUp != pair.isUp && !pair.isTwinLost) {
                try {
                    showLink(pair, isUp);
                } catch (LinuxException e) {
                    // Deleted a moment ago: reported in the next round.
                    LOG.warn("link of {}: {}", pair.request.name(), e.getMessage());
                }
            }
        }
    }

    private static void showLink(Pair pair, boolean isUp) {
        pair.isUp = isUp;
        pair.twin.carrier(isUp);
    }

    /** Name of a port, or its number if it is gone. */
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
                pair.isConnected());
    }

    /** A page of the drivers' counters, a row per port, from port {@code from} on. */
    synchronized Message.Counters counters(int from) {
        List<Message.CounterRow> rows = new ArrayList<>();
        int next = Message.END;
        for (Pair pair : pairs.tailMap(from).values()) {
            if (rows.size() == Message.MAX_PAGE) {
                next = pair.request.index();
                break;
            }
            List<Long> values = Stream.of(PortCounter.values()).map(pair::counter).toList();
            rows.add(new Message.CounterRow(pair.request.name(), values));
        }
        return new Message.Counters(CounterKind.PORT, COUNTER_COLUMNS, rows, next);
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

    /** Closes all ports; called after the workers have ended. */
    @Override
    public synchronized void close() {
        for (Pair pair : pairs.values()) {
            pair.close();
        }
        pairs.clear();
        followed = new Pair[0];
    }
}
