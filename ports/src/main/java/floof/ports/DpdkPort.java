package floof.ports;

import floof.base.MacAddress;
import floof.engine.BufferPool;
import floof.engine.Frame;
import floof.engine.Packet;
import floof.engine.PortCounter;
import floof.linux.dpdk.DpdkException;
import floof.linux.dpdk.Eal;
import floof.linux.dpdk.EthDevice;
import floof.linux.dpdk.MbufPool;
import floof.linux.system.NetworkNamespace;
import floof.memory.Memory;
import floof.memory.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A device of DPDK: a card by its PCI address or a virtual device. Plugged when it is opened,
 * unplugged when it is closed. Its drivers use kernel devices and sockets of the calling thread's
 * namespace, so everything except the bursts runs in the namespace for which the port was opened.
 *
 * <p>Thread: any but a worker's, one at a time; {@link #counter} any.
 */
public final class DpdkPort extends SharedPort {

    /** Bytes of a frame besides layer 3: Ethernet header and one VLAN tag. */
    private static final int LAYER2_BYTES = 18;

    /** Drivers with queues in pairs: they refuse different numbers. */
    private static final Set<String> PAIRING_DRIVERS =
            Set.of("net_tap", "net_memif", "net_ring", "net_af_xdp");

    /** Drivers that also count packets as errors that they did not accept. */
    private static final Set<String> COUNT_UNTAKEN = Set.of("net_af_xdp", "net_tap");

    /**
     * Which device, and how.
     *
     * @param bus {@code pci} or {@code vdev}
     * @param device PCI address, or {@code net_DRIVER<number>}, unique in the process
     * @param arguments of the driver: {@code key=value,...}
     * @param kernelDevice the kernel device below the driver; null for none
     * @param queues receive queues, as far as driver and workers allow
     * @param descriptors in each queue, as far as the driver allows
     * @param isRepairing whether received partial checksums are completed
     */
    public record Settings(
            String bus,
            String device,
            String arguments,
            @Nullable String kernelDevice,
            int queues,
            int descriptors,
            boolean isRepairing) {

        /** Entries of net_af_xdp's fill ring, all of them filled, and of its completion ring. */
        private static final int XDP_RING = 2048;

        /** Buffers the rings may hold; other drivers copy. */
        int heldBuffers() {
            if (device.startsWith("net_af_xdp")) {
                return 2 * XDP_RING + descriptors;
            }
            return bus.equals("pci") ? 2 * queues * descriptors : 0;
        }
    }

    private final Settings settings;
    private final Path namespace;
    private final Eal eal;
    private final EthDevice device;
    private final @Nullable KernelSide kernel;
    private final Region scratch;
    private String driver = "";
    private int rxQueues;
    private int txQueues;

    private DpdkPort(
            int index,
            String name,
            Settings settings,
            Path namespace,
            Eal eal,
            EthDevice device,
            @Nullable KernelSide kernel,
            int workers) {
        this.kernel = kernel;
        super(index, name, workers);
        this.settings = settings;
        this.namespace = namespace;
        this.eal = eal;
        this.device = device;
        this.scratch = Memory.allocate("bursts of port " + name, workers * 16L * Frame.SIZE, 64);
    }

    /**
     * Plugs the device in and starts it. Several receive queues need as many workers.
     *
     * @param namespace path of the network namespace in which its driver works
     * @param mtu longest layer-3 packet
     * @param mbufs the pool below all {@code pools}
     * @param pools of the workers, by their numbers
     * @throws DpdkException if DPDK or the driver refuses, or too few buffers are free
     */
    public static DpdkPort open(
            int index,
            String name,
            Settings settings,
            Path namespace,
            int mtu,
            Eal eal,
            MbufPool mbufs,
            List<BufferPool> pools) {
        int free = mbufs.available();
        if (free < settings.heldBuffers()) {
            throw new DpdkException(
                    "its rings take %d buffers, %d are free: expected a larger fast-path buffers"
                                    .formatted(settings.heldBuffers(), free)
                            + " (what a removed net_af_xdp held comes back with that too)");
        }
        return NetworkNamespace.call(
                namespace,
                () -> {
                    KernelSide kernel =
                            settings.kernelDevice() == null
                                    ? null
                                    : KernelSide.open(settings.kernelDevice(), settings.device());
                    EthDevice device;
                    try {
                        device = eal.plug(settings.bus(), settings.device(), settings.arguments());
                    } catch (DpdkException e) {
                        if (kernel != null) {
                            kernel.close();
                        }
                        throw e;
                    }
                    DpdkPort port =
                            new DpdkPort(
                                    index,
                                    name,
                                    settings,
                                    namespace,
                                    eal,
                                    device,
                                    kernel,
                                    pools.size());
                    try {
                        port.start(mtu, mbufs, pools);
                        return port;
                    } catch (DpdkException e) {
                        port.unplug();
                        throw e;
                    }
                });
    }

    private void start(int mtu, MbufPool mbufs, List<BufferPool> pools) {
        EthDevice.Abilities can = device.abilities();
        driver = can.driver();
        int workers = pools.size();
        rxQueues = Math.min(Math.min(settings.queues(), workers), Math.max(1, can.rxQueues()));
        txQueues = Math.min(workers, Math.max(1, can.txQueues()));
        if (PAIRING_DRIVERS.contains(can.driver())) {
            txQueues = rxQueues;
        }
        boolean isLong = mtu + LAYER2_BYTES > Packet.DATA_BYTES;
        long rxOffloads = isLong ? can.rxOffloads() & EthDevice.RX_SCATTER : 0;
        long txOffloads = can.txOffloads() & EthDevice.TX_SEGMENTS;
        device.configure(
                rxQueues, txQueues, settings.descriptors(), 0, rxOffloads, txOffloads, mbufs);
        device.start();
        if (kernel != null) {
            kernel.plugged();
        } else if (!device.receiveMulticast()) {
            device.receiveAll();
        }
        device.setMtu(Math.clamp(mtu, can.mtuMin(), Math.max(can.mtuMin(), can.mtuMax())));
        List<DpdkSender> senders = new ArrayList<>();
        for (int q = 0; q < txQueues; q++) {
            senders.add(new DpdkSender(device.sender(q), txQueues < workers, txOffloads != 0));
        }
        for (int worker = 0; worker < workers; worker++) {
            // The first queue belongs to the worker that also reads the twin.
            int queue = Math.floorMod(worker - index(), workers);
            end(
                    worker,
                    new DpdkEnd(
                            index(),
                            eal,
                            queue < rxQueues ? device.receiver(queue) : null,
                            senders.get(queue % txQueues),
                            pools.get(worker),
                            settings.isRepairing(),
                            scratch.address() + worker * 16L * Frame.SIZE));
        }
    }

    /** A kernel device knows its state better than the driver above it. */
    @Override
    public boolean isUp() {
        return kernel == null ? device.isUp() : kernel.isUp();
    }

    public MacAddress mac() {
        return device.mac();
    }

    /**
     * Sets the device's address if its driver can; it receives frames for the address either way.
     */
    public void setMac(MacAddress mac) {
        inNamespace(() -> {
            if (!device.mac().equals(mac) && !device.setMac(mac) && kernel == null) {
                device.receiveAll();
            }
        });
    }

    public int rxQueues() {
        return rxQueues;
    }

    public int txQueues() {
        return txQueues;
    }

    /** Describes the device according to DPDK and the driver. */
    public EthDevice device() {
        return device;
    }

    public Settings settings() {
        return settings;
    }

    @Override
    public long counter(PortCounter counter) {
        long sum = super.counter(counter);
        return switch (counter) {
            case RX_MISSED ->
                    sum
                            + device.statistics().missed()
                            + device.statistics().receiveErrors()
                            + (kernel == null ? 0 : kernel.missed());
            case RX_NO_BUFFER -> sum + device.statistics().noBuffer();
            case TX_ERRORS -> sum + sendErrors();
            default -> sum;
        };
    }

    /** Some drivers also count packets as errors that they did not accept, which is TX_FULL. */
    private long sendErrors() {
        long errors = device.statistics().sendErrors();
        boolean hasUntaken = COUNT_UNTAKEN.contains(driver);
        return hasUntaken ? errors - Math.min(errors, super.counter(PortCounter.TX_FULL)) : errors;
    }

    @Override
    public void close() {
        inNamespace(() -> {
            device.stop();
            unplug();
        });
    }

    private void unplug() {
        if (kernel != null) {
            kernel.unplugging();
        }
        eal.unplug(settings.bus(), settings.device());
        if (kernel != null) {
            kernel.close();
        }
        Memory.remove(scratch);
    }

    private void inNamespace(Runnable action) {
        NetworkNamespace.call(
                namespace,
                () -> {
                    action.run();
                    return true;
                });
    }
}
