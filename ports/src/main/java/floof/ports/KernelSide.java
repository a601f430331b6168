package floof.ports;

import floof.linux.EthernetDevice;
import floof.linux.Fd;
import floof.linux.xdp.XdpProgram;
import org.jspecify.annotations.Nullable;

/**
 * The kernel device that a driver of DPDK stands on: its link, and what makes it hand over frames
 * that such a driver can take. Thread: any.
 */
final class KernelSide implements AutoCloseable {

    private final EthernetDevice device;
    private final @Nullable Fd program;

    private KernelSide(EthernetDevice device, @Nullable Fd program) {
        this.device = device;
        this.program = program;
    }

    /**
     * In the calling thread's network namespace. net_af_packet cuts off what is longer than a
     * buffer, so the host behind a veth must not send frames of 64 KiB; a program of XDP at our end
     * tells it so. net_af_xdp brings one of its own.
     *
     * @param name of the kernel device
     * @param user DPDK's name of the one above
     */
    static KernelSide open(String name, String user) {
        EthernetDevice device = EthernetDevice.open(name);
        try {
            boolean isCut = user.startsWith("net_af_packet") && device.driver().equals("veth");
            return new KernelSide(device, isCut ? XdpProgram.attachPass(device.index()) : null);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    boolean isUp() {
        return device.isRunning();
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
        device.close();
    }
}
