package floof.ports;

import floof.linux.Fd;
import floof.linux.net.BorrowedSocket;
import floof.linux.net.EthernetDevice;
import floof.linux.xdp.XdpProgram;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel device below a DPDK driver: its link, the settings that make it deliver only frames
 * that such a driver can handle, and the sockets of the driver. Thread: any.
 */
final class KernelSide implements AutoCloseable {

    /**
     * net_af_packet blocks for ever, and its worker with it, when its ring is full and half of its
     * socket's buffer is in flight. A buffer of this size prevents that.
     */
    private static final int SEND_BUFFER = 16 << 20;

    private final EthernetDevice device;
    private final @Nullable Fd program;
    private final int family;
    private final Set<BorrowedSocket> before;
    private Set<BorrowedSocket> sockets = Set.of();
    private long drops;

    private KernelSide(EthernetDevice device, @Nullable Fd program, int family) {
        this.device = device;
        this.program = program;
        this.family = family;
        this.before = BorrowedSocket.all(family);
    }

    /**
     * Opens a device in the calling thread's network namespace. The device is promiscuous as long
     * as this is open; the flag that drivers set would outlive a kill. net_af_packet truncates
     * frames longer than a buffer, so the host behind a veth must not send frames of 64 KiB; an XDP
     * program at our end makes sure of that. net_af_xdp has its own program.
     *
     * @param name of the kernel device
     * @param user DPDK's name of the device above
     */
    static KernelSide open(String name, String user) {
        EthernetDevice device = EthernetDevice.open(name);
        try {
            boolean isPacket = user.startsWith("net_af_packet");
            boolean isCut = isPacket && device.driver().equals("veth");
            return new KernelSide(
                    device,
                    isCut ? XdpProgram.attachPass(device.index()) : null,
                    isPacket ? BorrowedSocket.AF_PACKET : BorrowedSocket.AF_XDP);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** Records the driver's sockets: those opened since {@link #open}. */
    synchronized void plugged() {
        sockets = new HashSet<>(BorrowedSocket.all(family));
        sockets.removeAll(before);
        if (family == BorrowedSocket.AF_PACKET) {
            sockets.forEach(it -> it.setSendBuffer(SEND_BUFFER));
        }
    }

    boolean isUp() {
        return device.isRunning();
    }

    /**
     * Frames lost at the driver's rings, which it does not count; after the close, the last value.
     */
    synchronized long missed() {
        long missed = drops;
        for (BorrowedSocket socket : sockets) {
            if (family == BorrowedSocket.AF_PACKET) {
                drops += socket.takeDrops();
                missed = drops;
            } else {
                missed += socket.receiveRingFull();
            }
        }
        return missed;
    }

    /** Called before the driver closes its sockets. */
    synchronized void unplugging() {
        drops = missed();
    }

    /** Called after the driver has closed its sockets; net_af_xdp leaves one open. */
    @Override
    public synchronized void close() {
        for (BorrowedSocket socket : sockets) {
            if (socket.isOpen()) {
                socket.close();
            }
        }
        sockets = Set.of();
        if (program != null) {
            program.close();
        }
        device.close();
    }
}
