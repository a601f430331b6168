package floof.control.port;

import static floof.control.plan.Step.Phase.BUILD;

import floof.base.InterfaceAddress;
import floof.config.value.ConfigError;
import floof.control.plan.CommitException;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.fpc.Driver;
import floof.linux.dpdk.Eal;
import java.util.List;

/** The steps that ports are made of; removing one is the inverse. */
record PortSteps(Ports ports) {

    /** Takes the kernel device over: recorded, moved to the hidden namespace, silent. */
    Step device(String port, int index, Intent.Attachment attachment, String device) {
        String path = "interfaces " + port + " device";
        return new Step(
                BUILD,
                path,
                "claim device " + device + " for " + port,
                () -> ports.claim(port, index, attachment),
                "release device " + device + " of " + port,
                () -> ports.release(port),
                new Step.Check() {
                    @Override
                    public void run() throws CommitException {
                        String refusal = Devices.refusal(device);
                        if (refusal != null && !ports.isClaimed(device)) {
                            throw new CommitException(path, refusal);
                        }
                    }

                    @Override
                    public List<ConfigError> warnings() {
                        return Connections.endedWith(port, device);
                    }
                });
    }

    /** Makes the port's link in the dataplane namespace. */
    Step twin(String port, int index, Intent.Attachment attachment) {
        String path = "interfaces " + port;
        return new Step(
                BUILD,
                path,
                "create link " + port,
                () -> ports.createTwin(port, index, attachment),
                "delete link " + port,
                () -> ports.deleteTwin(port),
                () -> {
                    boolean isDpdk = attachment.driver() == Driver.DPDK;
                    String refusal = isDpdk ? Eal.refusal() : null;
                    if (refusal != null) {
                        throw new CommitException(path + " driver", refusal);
                    }
                });
    }

    /** Gives the port to the fast path. */
    Step attach(String port, int index) {
        return new Step(
                BUILD,
                "interfaces " + port,
                "attach port " + index + " " + port + " to the fast path",
                () -> ports.beginAttach(port),
                "detach port " + index + " " + port + " from the fast path",
                () -> ports.beginDetach(port));
    }

    /** Sets the layer-3 MTU of link and device, in bytes; 0 = as the device had it. */
    Step mtu(String port, int before, int after) {
        return new Step(
                BUILD,
                "interfaces " + port + " mtu",
                mtuText(port, after),
                () -> ports.setMtu(port, after),
                mtuText(port, before),
                () -> ports.setMtu(port, before));
    }

    private static String mtuText(String port, int mtu) {
        return "set mtu of " + port + (mtu == 0 ? " back" : " to " + mtu);
    }

    /** Sets link and device administratively up or down. */
    Step admin(String port, boolean up) {
        return new Step(
                BUILD,
                "interfaces " + port + " disable",
                "set " + port + (up ? " up" : " down"),
                () -> ports.setAdmin(port, up),
                "set " + port + (up ? " down" : " up"),
                () -> ports.setAdmin(port, !up));
    }

    /**
     * Puts an address on the link, marked as ours.
     *
     * @param behind addresses of ours in the same subnet that must stand behind it, in their order:
     *     Linux sends from the first one
     */
    Step address(String port, InterfaceAddress address, List<InterfaceAddress> behind) {
        return new Step(
                BUILD,
                "interfaces " + port + " address " + address,
                "add address " + address + " to " + port + (behind.isEmpty() ? "" : ", first"),
                () -> ports.addAddress(port, address, behind),
                "remove address " + address + " from " + port,
                () -> ports.removeAddress(port, address));
    }
}
