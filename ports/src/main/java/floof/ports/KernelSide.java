package floof.ports;

import floof.linux.BorrowedSocket;
import floof.linux.EthernetDevice;
import floof.linux.Fd;
import floof.linux.xdp.XdpProgram;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel device that a driver of DPDK stands on: its link, what makes it hand over frames that
 * such a driver can take, and the sockets of the driver. Thread: any.
 */
final class KernelSide implements AutoCloseable {

    /**
     * net_af_packet waits without end, and its worker with it, when its ring is full and half of
     * its socket's buffer is under way: with this much it never is.
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
     * In the calling thread's network namespace. The device receives everything as long as this is
     * open; the flag that drivers set would outlive a kill. net_af_packet cuts off what is longer
     * than a buffer, so the host behind a veth must not send frames of 64 KiB; a program of XDP at
     * our end tells it so. net_af_xdp brings one of its own.
     *
     * @param name of the kernel device
     * @param user DPDK's name of the one above
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

    /** The driver has its sockets: what was opened since {@link #open}. */
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

    /** Frames lost at rings of the driver that it does not count; as it was after the close. */
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

    /** Before the driver closes its sockets. */
    synchronized void unplugging() {
        drops = missed();
    }

    /** After the driver has closed its sockets; net_af_xdp forgets one. */
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
