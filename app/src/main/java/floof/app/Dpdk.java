package floof.app;

import floof.control.fastpath.FastPathProcess;
import floof.control.instance.Instance;
import floof.engine.BufferPool;
import floof.engine.Depot;
import floof.engine.Packet;
import floof.fpc.FactKind;
import floof.fpc.Message;
import floof.linux.dpdk.DpdkException;
import floof.linux.dpdk.Eal;
import floof.linux.dpdk.EthDevice;
import floof.linux.dpdk.MbufPool;
import floof.linux.error.LinuxException;
import floof.memory.Region;
import floof.ports.DpdkDepot;
import floof.ports.DpdkPort;
import floof.ports.TapPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DPDK in the fast path's process: its environment, started once, and the mempool, which then
 * supplies all buffers. Thread: any, one at a time.
 *
 * @param buffers number of those in the mempool
 * @param memory of the buffers, page-aligned
 */
record Dpdk(Eal eal, MbufPool mbufs, int buffers, Region memory) {

    private static final Logger LOG = LoggerFactory.getLogger(Dpdk.class);

    /** Buffers that a worker's drivers keep in DPDK's cache of the thread. */
    private static final int CACHE_BUFFERS = 256;

    /** Memory besides the buffers: the pool's ring and the drivers' queues. */
    private static final long OTHER_BYTES = 64L << 20;

    /** A buffer with the mempool's header and at most one cache line of padding. */
    private static final int POOLED_BYTES = Packet.BUFFER_BYTES + 128;

    private static final Set<String> STACK_DRIVERS =
            Set.of("net_af_packet", "net_af_xdp", "net_tap");

    /**
     * Starts it.
     *
     * @param pci whether cards on the PCI bus are used
     * @param buffers in its mempool
     */
    static Dpdk start(Instance instance, boolean pci, int buffers) {
        Eal eal =
                Eal.start(
                        new Eal.Settings(
                                "floof-" + instance.name(),
                                instance.run(),
                                (long) buffers * POOLED_BYTES + OTHER_BYTES,
                                pci));
        MbufPool mbufs =
                eal.pool(
                        "buffers",
                        buffers,
                        CACHE_BUFFERS,
                        Packet.METADATA_BYTES,
                        Packet.HEADROOM_BYTES + Packet.DATA_BYTES);
        return new Dpdk(eal, mbufs, buffers, FastPath.known(mbufs.memory()));
    }

    Depot depot() {
        return new DpdkDepot(mbufs, buffers);
    }

    /**
     * @throws DpdkException if the process was started without DPDK
     */
    static Dpdk require(@Nullable Dpdk dpdk) {
        if (dpdk == null) {
            throw new DpdkException("the fast path was started without " + FastPathProcess.DPDK);
        }
        return dpdk;
    }

    /**
     * Opens the device of a port. A card keeps its address, and the twin takes it. A virtual device
     * takes the twin's address, which stays the same when the device is recreated. The address of
     * net_tap is that of Linux's end.
     *
     * @param namespace path of the namespace in which its driver works
     */
    DpdkPort open(
            Message.PortAttach request, Path namespace, TapPort twin, List<BufferPool> pools) {
        DpdkPort.Settings settings = settings(request, pools.size());
        removeStaleSocket(settings.arguments());
        DpdkPort port =
                DpdkPort.open(
                        request.index(),
                        request.name(),
                        settings,
                        namespace,
                        request.mtu(),
                        eal,
                        mbufs,
                        pools);
        try {
            if (settings.bus().equals("pci")) {
                twin.setMac(port.mac());
            } else if (!settings.device().startsWith("net_tap")) {
                port.setMac(twin.mac());
            }
            return port;
        } catch (LinuxException | DpdkException e) {
            port.close();
            throw e;
        }
    }

    /**
     * A killed memif server leaves the file of its socket, so the next one cannot bind. Removes the
     * file only if nobody listens on it.
     */
    private static void removeStaleSocket(String arguments) {
        String file = "";
        for (String argument : arguments.split(",")) {
            if (argument.startsWith("socket=/")) {
                file = argument.substring("socket=".length());
            }
        }
        if (file.isEmpty() || !arguments.contains("role=server") || !Files.exists(Path.of(file))) {
            return;
        }
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(file));
        } catch (ConnectException e) {
            delete(Path.of(file));
        } catch (IOException e) {
            // Somebody listens with another socket type (memif uses packet sockets).
            LOG.debug("{}: {}", file, e.getMessage());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("stale socket {}: {}", file, e.getMessage());
        }
    }

    /**
     * net_af_packet opens as many queues as its arguments say, and the kernel fills all of them, so
     * workers must read all of them.
     *
     * @throws IllegalArgumentException if the settings request another number
     */
    static DpdkPort.Settings settings(Message.PortAttach request, int workers) {
        Map<String, String> settings = request.settings();
        String card = settings.get("pci-address");
        String vdev = settings.getOrDefault("vdev", "");
        String arguments = settings.getOrDefault("arguments", "");
        String kernelDevice = null;
        if (vdev.equals("net_af_packet") || vdev.equals("net_af_xdp")) {
            kernelDevice = request.device();
            arguments = "iface=" + request.device() + (arguments.isEmpty() ? "" : "," + arguments);
        }
        int queues = Math.min(workers, Integer.parseInt(settings.getOrDefault("queues", "1")));
        if (vdev.equals("net_af_packet")) {
            String pairs = "qpairs=" + queues;
            List<String> words = List.of(arguments.split(","));
            if (words.stream().noneMatch(word -> word.startsWith("qpairs="))) {
                arguments += "," + pairs;
            } else if (!words.contains(pairs)) {
                throw new IllegalArgumentException(
                        "arguments " + arguments + ": expected " + pairs + ", as workers read");
            }
        }
        return new DpdkPort.Settings(
                card == null ? "vdev" : "pci",
                card == null ? vdev + request.index() : card,
                arguments,
                kernelDevice,
                queues,
                Integer.parseInt(settings.getOrDefault("descriptors", "1024")),
                isRepairing(settings.get("checksum-repair"), vdev));
    }

    /** Default: on if the other end is a host's stack without a wire between them. */
    private static boolean isRepairing(@Nullable String setting, String vdev) {
        return setting == null ? STACK_DRIVERS.contains(vdev) : setting.equals("on");
    }

    /** A page of facts about DPDK and these DPDK ports. */
    Message.Facts facts(FactKind kind, int from, Collection<DpdkPort> ports) {
        return switch (kind) {
            case DPDK ->
                    page(
                            List.of("version", "huge-pages", "buffers", "free-buffers"),
                            List.of(
                                    List.of(
                                            eal.version(),
                                            eal.hasHugePages() ? "yes" : "no",
                                            String.valueOf(buffers),
                                            String.valueOf(mbufs.available()))),
                            from);
            case DPDK_PORTS ->
                    page(
                            List.of(
                                    "port",
                                    "device",
                                    "driver",
                                    "arguments",
                                    "mac",
                                    "link",
                                    "rx-queues",
                                    "tx-queues",
                                    "mtu-max"),
                            ports.stream().map(Dpdk::row).toList(),
                            from);
            case SIZING -> throw new IllegalArgumentException("DPDK has no rows of SIZING");
            case DPDK_XSTATS -> {
                List<List<String>> rows = new ArrayList<>();
                for (DpdkPort port : ports) {
                    for (EthDevice.Statistic it : port.device().extended()) {
                        rows.add(List.of(port.name(), it.name(), String.valueOf(it.value())));
                    }
                }
                yield page(List.of("port", "name", "value"), rows, from);
            }
        };
    }

    private static List<String> row(DpdkPort port) {
        EthDevice.Abilities can = port.device().abilities();
        return List.of(
                port.name(),
                port.device().name(),
                can.driver(),
                port.settings().arguments(),
                port.mac().toString(),
                port.isUp() ? "up" : "down",
                String.valueOf(port.rxQueues()),
                String.valueOf(port.txQueues()),
                String.valueOf(can.mtuMax()));
    }

    private static Message.Facts page(List<String> columns, List<List<String>> rows, int from) {
        int start = Math.min(from, rows.size());
        int end = Math.min(start + Message.Facts.MAX_ROWS, rows.size());
        return new Message.Facts(
                columns, rows.subList(start, end), end == rows.size() ? Message.END : end);
    }
}
