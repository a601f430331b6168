package floof.control.plan;

import floof.base.InterfaceAddress;
import java.util.List;

/**
 * One step of a plan. {@link #inverse()} brings back what was before; {@link #toString()} is what
 * the operator reads; {@link #path()} is the statement that asked for it.
 */
public sealed interface Operation {

    /** The step that takes this one back. */
    Operation inverse();

    /** Path of the configuration statement to name when the step fails. */
    String path();

    /** Takes the kernel device of a port over: recorded, moved to the hidden namespace, silent. */
    record ClaimDevice(String port, int index, Intent.Attachment attachment) implements Operation {
        @Override
        public Operation inverse() {
            return new ReleaseDevice(port, index, attachment);
        }

        @Override
        public String path() {
            return "interfaces " + port + " device";
        }

        @Override
        public String toString() {
            return "claim device " + attachment.device() + " for " + port;
        }
    }

    /** Gives the device back as it was. */
    record ReleaseDevice(String port, int index, Intent.Attachment attachment)
            implements Operation {
        @Override
        public Operation inverse() {
            return new ClaimDevice(port, index, attachment);
        }

        @Override
        public String path() {
            return "interfaces " + port + " device";
        }

        @Override
        public String toString() {
            return "release device " + attachment.device() + " of " + port;
        }
    }

    /** Makes the port's link in the dataplane namespace. */
    record CreateTwin(String port, int index, Intent.Attachment attachment) implements Operation {
        @Override
        public Operation inverse() {
            return new DeleteTwin(port, index, attachment);
        }

        @Override
        public String path() {
            return "interfaces " + port;
        }

        @Override
        public String toString() {
            return "create link " + port;
        }
    }

    /** Removes the port's link. */
    record DeleteTwin(String port, int index, Intent.Attachment attachment) implements Operation {
        @Override
        public Operation inverse() {
            return new CreateTwin(port, index, attachment);
        }

        @Override
        public String path() {
            return "interfaces " + port;
        }

        @Override
        public String toString() {
            return "delete link " + port;
        }
    }

    /** Gives the port to the fast path. */
    record AttachPort(String port, int index) implements Operation {
        @Override
        public Operation inverse() {
            return new DetachPort(port, index);
        }

        @Override
        public String path() {
            return "interfaces " + port;
        }

        @Override
        public String toString() {
            return "attach port " + index + " " + port + " to the fast path";
        }
    }

    /** Takes the port from the fast path. */
    record DetachPort(String port, int index) implements Operation {
        @Override
        public Operation inverse() {
            return new AttachPort(port, index);
        }

        @Override
        public String path() {
            return "interfaces " + port;
        }

        @Override
        public String toString() {
            return "detach port " + index + " " + port + " from the fast path";
        }
    }

    /** Sets the layer-3 MTU of link and device, in bytes; 0 = as the device had it. */
    record SetMtu(String port, int before, int after) implements Operation {
        @Override
        public Operation inverse() {
            return new SetMtu(port, after, before);
        }

        @Override
        public String path() {
            return "interfaces " + port + " mtu";
        }

        @Override
        public String toString() {
            return "set mtu of " + port + (after == 0 ? " back" : " to " + after);
        }
    }

    /** Sets link and device administratively up or down. */
    record SetAdmin(String port, boolean up) implements Operation {
        @Override
        public Operation inverse() {
            return new SetAdmin(port, !up);
        }

        @Override
        public String path() {
            return "interfaces " + port + " disable";
        }

        @Override
        public String toString() {
            return "set " + port + (up ? " up" : " down");
        }
    }

    /**
     * Puts an address on the link, marked as ours.
     *
     * @param behind addresses of ours in the same subnet that must stand behind it, in their order:
     *     Linux sends from the first one
     */
    record AddAddress(String port, InterfaceAddress address, List<InterfaceAddress> behind)
            implements Operation {
        @Override
        public Operation inverse() {
            return new RemoveAddress(port, address, behind);
        }

        @Override
        public String path() {
            return "interfaces " + port + " address " + address;
        }

        @Override
        public String toString() {
            return "add address " + address + " to " + port + (behind.isEmpty() ? "" : ", first");
        }
    }

    /**
     * Takes an address of ours off the link.
     *
     * @param behind those of ours in the same subnet that stood behind it, in their order
     */
    record RemoveAddress(String port, InterfaceAddress address, List<InterfaceAddress> behind)
            implements Operation {
        @Override
        public Operation inverse() {
            return new AddAddress(port, address, behind);
        }

        @Override
        public String path() {
            return "interfaces " + port + " address " + address;
        }

        @Override
        public String toString() {
            return "remove address " + address + " from " + port;
        }
    }

    /** Starts the fast path again with other workers, buffers or rings; ports and tables stay. */
    record RestartFastPath(FastPathSettings before, FastPathSettings after) implements Operation {
        @Override
        public Operation inverse() {
            return new RestartFastPath(after, before);
        }

        @Override
        public String path() {
            return "fast-path";
        }

        @Override
        public String toString() {
            return "restart the fast path, " + after;
        }
    }

    /** Gives BIRD another configuration. */
    record ConfigureBird(String before, String after) implements Operation {
        @Override
        public Operation inverse() {
            return new ConfigureBird(after, before);
        }

        @Override
        public String path() {
            return "routing";
        }

        @Override
        public String toString() {
            return "reconfigure BIRD";
        }
    }
}
