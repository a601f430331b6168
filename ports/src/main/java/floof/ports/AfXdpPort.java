package floof.ports;

import floof.engine.BufferPool;
import floof.engine.ElsewhereEnd;
import floof.engine.PortEnd;
import floof.linux.net.EthernetDevice;
import floof.linux.system.NetworkNamespace;
import floof.linux.xdp.XdpRedirect;
import floof.linux.xdp.XdpSocket;
import floof.memory.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drives a device of Linux through AF_XDP sockets, one for each of its receive queues, in the
 * workers' own buffers (docs/decisions/040). The queues are assigned to the workers in turn,
 * starting with one that depends on the port's number; for a worker without a queue another one
 * sends. An XDP program hands every frame to the sockets before the kernel has looked at it. Sent
 * frames must be complete: the offloads that the graph left to a device are done here ({@link
 * WireFrames}), and received partial checksums are completed ({@link ChecksumRepair}).
 *
 * <p>Thread: any but a worker's.
 */
public final class AfXdpPort extends SharedPort {

    private static final Set<String> WIRELESS_DRIVERS = Set.of("veth", "tun");

    private final EthernetDevice device;
    private final XdpRedirect redirect;
    private final AfXdpEnd[] ends;

    private AfXdpPort(
            int index,
            String name,
            EthernetDevice device,
            XdpRedirect redirect,
            AfXdpEnd[] ends,
            PortEnd[] endOfWorker) {
        super(index, name, endOfWorker.length);
        for (int i = 0; i < endOfWorker.length; i++) {
            end(i, endOfWorker[i]);
        }
        this.device = device;
        this.redirect = redirect;
        this.ends = ends;
    }

    /**
     * Opens a device.
     *
     * @param namespace path of the network namespace it is in
     * @param device its name there
     * @param repair whether received partial checksums are completed; null: only on devices whose
     *     peer is a host's stack without a wire between them (veth, TAP)
     * @param buffers memory of the pool, page-aligned; shared with the kernel
     * @param pools of the workers
     * @throws floof.linux.error.LinuxException if the device does not exist, or another XDP program
     *     or socket uses it
     */
    public static AfXdpPort open(
            int index,
            String name,
            Path namespace,
            String device,
            @Nullable Boolean repair,
            Region buffers,
            List<BufferPool> pools) {
        return NetworkNamespace.call(
                namespace, () -> open(index, name, device, repair, buffers, pools));
    }

    private static AfXdpPort open(
            int index,
            String name,
            String deviceName,
            @Nullable Boolean repair,
            Region buffers,
            List<BufferPool> pools) {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            EthernetDevice device = EthernetDevice.open(deviceName);
            opened.add(device);
            int queues = device.receiveQueues();
            XdpRedirect redirect = XdpRedirect.attach(device.index(), queues);
            opened.add(redirect);
            List<XdpSocket> sockets = new ArrayList<>();
            for (int queue = 0; queue < queues; queue++) {
                XdpSocket socket =
                        XdpSocket.open(
                                device.index(),
                                queue,
                                buffers.address(),
                                buffers.sizeBytes(),
                                AfXdpQueue.CHUNK_BYTES,
                                AfXdpQueue.RING_SIZE);
                opened.add(socket);
                sockets.add(socket);
                redirect.put(queue, socket);
            }
            boolean isRepairing =
                    repair == null ? WIRELESS_DRIVERS.contains(device.driver()) : repair;
            int workers = pools.size();
            AfXdpEnd[] ends = new AfXdpEnd[Math.min(queues, workers)];
            PortEnd[] endOfWorker = new PortEnd[workers];
            for (int i = 0; i < workers; i++) {
                int worker = (index + i) % workers;
                if (i < ends.length) {
                    ends[i] =
                            new AfXdpEnd(
                                    index,
                                    name,
                                    every(sockets, i, workers),
                                    buffers,
                                    pools.get(worker),
                                    isRepairing);
                    endOfWorker[worker] = ends[i];
                } else {
                    int sender = (index + i % ends.length) % workers;
                    endOfWorker[worker] = new ElsewhereEnd(index, sender);
                }
            }
            return new AfXdpPort(index, name, device, redirect, ends, endOfWorker);
        } catch (RuntimeException e) {
            close(opened);
            throw e;
        }
    }

    private static List<XdpSocket> every(List<XdpSocket> sockets, int first, int step) {
        List<XdpSocket> some = new ArrayList<>();
        for (int i = first; i < sockets.size(); i += step) {
            some.add(sockets.get(i));
        }
        return some;
    }

    private static void close(List<AutoCloseable> opened) {
        for (AutoCloseable each : opened.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public boolean isUp() {
        return device.isRunning();
    }

    /** Removes the program first: the kernel gets later frames. */
    @Override
    public void close() {
        redirect.close();
        for (AfXdpEnd end : ends) {
            end.close();
        }
        device.close();
    }
}
