package floof.config;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.SchemaNode.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules between statements. Single values are good already: the tree holds parsed ones. Returns
 * every mistake, in display order of the rule's subject.
 */
public final class Validation {

    /** RFC 8200 section 5: IPv6 needs a link that carries 1280 bytes. */
    private static final long IP6_MTU_MIN = 1280;

    /** Drivers that take a kernel device over. */
    private static final Set<String> KERNEL_DRIVERS = Set.of("af-packet", "af-xdp");

    /** Drivers that have a receive queue for each worker, or receive nothing to forward. */
    private static final Set<String> QUEUED_DRIVERS = Set.of("af-packet", "tap");

    /** Drivers that are not told which checksums are partial. */
    private static final Set<String> REPAIRING_DRIVERS = Set.of("af-xdp", "dpdk", "memif");

    private final Branch root;
    private final List<ConfigError> errors = new ArrayList<>();

    /** Which interface has an address; filled by {@link #interfaces}. */
    private final Map<IpAddress, String> owners = new HashMap<>();

    /** Which interface listens at a memif's socket. */
    private final Map<String, String> listeners = new HashMap<>();

    private Validation(Branch root) {
        this.root = root;
    }

    /** All that is wrong with a whole configuration; empty when it may be committed. */
    public static List<ConfigError> of(Branch root) {
        Validation validation = new Validation(root);
        validation.required(root, List.of());
        validation.interfaces();
        validation.staticRoutes();
        validation.bgp();
        return validation.errors;
    }

    private void error(List<String> path, String message) {
        errors.add(new ConfigError(path, null, message));
    }

    private void error(List<String> path, Object value, String message) {
        errors.add(new ConfigError(path, value.toString(), value + " " + message));
    }

    private void required(Branch branch, List<String> path) {
        if (branch.schema().kind() != Kind.LIST) {
            for (SchemaNode schema : branch.schema().children()) {
                if (schema.isRequired() && !branch.has(schema.name())) {
                    error(
                            SetPrinter.below(path, schema.name()),
                            "is missing; expected " + schema.valueType().expectation());
                }
            }
        }
        for (Node child : branch.children()) {
            if (child instanceof Branch below) {
                required(below, SetPrinter.below(path, below.name()));
            }
        }
    }

    private void interfaces() {
        Map<String, String> devices = new HashMap<>();
        for (Branch port : root.entries("interfaces")) {
            List<String> path = List.of("interfaces", port.name());
            String device = port.value("device", String.class);
            String driver = port.value("driver", String.class);
            boolean isDpdk = "dpdk".equals(driver);
            boolean needsDevice = driver == null || KERNEL_DRIVERS.contains(driver);
            if (device == null && needsDevice) {
                error(
                        SetPrinter.below(path, "device"),
                        "is missing; driver "
                                + driver
                                + " needs a kernel device (driver tap is a twin without a wire)");
            }
            if (device != null && !needsDevice && !isDpdk) {
                error(
                        SetPrinter.below(path, "device"),
                        device,
                        "is set, but driver " + driver + " has no device");
            } else if (device != null) {
                device(path, device, devices.putIfAbsent(device, port.name()));
            }
            if (port.has("checksum-repair") && !REPAIRING_DRIVERS.contains(driver)) {
                error(
                        SetPrinter.below(path, "checksum-repair"),
                        "is set, but driver " + driver + " is told by Linux which are partial");
            }
            if (port.has("receive-spreading") && QUEUED_DRIVERS.contains(driver)) {
                error(
                        SetPrinter.below(path, "receive-spreading"),
                        "is set, but with driver " + driver + " no worker shares a receive queue");
            }
            dpdk(path, port, isDpdk, device, devices);
            made(path, port, driver);
            for (InterfaceAddress address : port.values("address", InterfaceAddress.class)) {
                address(port, path, address);
            }
        }
    }

    /** Drivers pcap, generator and memif: what they need, and nothing of them elsewhere. */
    private void made(List<String> path, Branch port, @Nullable String driver) {
        for (String name : List.of("pcap", "generator", "memif")) {
            if (port.branch(name) != null && !name.equals(driver)) {
                error(
                        SetPrinter.below(path, name),
                        "is set, but the driver is another; expected driver " + name);
            }
        }
        if ("pcap".equals(driver)) {
            Branch pcap = port.branch("pcap");
            if (pcap == null || !pcap.has("replay") && !pcap.has("record")) {
                error(SetPrinter.below(path, "pcap"), "expected replay, record or both");
            }
        }
        if ("memif".equals(driver)) {
            Branch memif = port.branch("memif");
            if (memif == null || !memif.has("socket")) {
                error(SetPrinter.below(path, "memif"), "expected socket");
            } else if ("server".equals(memif.value("role", String.class))) {
                String socket = memif.value("socket", String.class);
                String other = listeners.putIfAbsent(String.valueOf(socket), port.name());
                if (other != null) {
                    error(
                            SetPrinter.below(SetPrinter.below(path, "memif"), "socket"),
                            String.valueOf(socket),
                            "is listened at by interface " + other);
                }
            }
        }
        if ("generator".equals(driver)) {
            List<String> place = SetPrinter.below(path, "generator");
            Branch generator = port.branch("generator");
            IpAddress source =
                    generator == null ? null : generator.value("source", IpAddress.class);
            IpAddress destination =
                    generator == null ? null : generator.value("destination", IpAddress.class);
            if (source == null || destination == null) {
                error(place, "expected source and destination");
            } else if (source.family() != destination.family()) {
                error(
                        SetPrinter.below(place, "destination"),
                        destination,
                        "is not of the source's family, " + source.family().label());
            }
        }
    }

    private void dpdk(
            List<String> path,
            Branch port,
            boolean isDriver,
            @Nullable String device,
            Map<String, String> devices) {
        Branch dpdk = port.branch("dpdk");
        List<String> place = SetPrinter.below(path, "dpdk");
        if (!isDriver) {
            if (dpdk != null) {
                error(place, "is set, but the driver is another; expected driver dpdk");
            }
            return;
        }
        String vdev = dpdk == null ? null : dpdk.value("vdev", String.class);
        String card = dpdk == null ? null : dpdk.value("pci-address", String.class);
        if ((vdev == null) == (card == null)) {
            error(place, "expected one of pci-address and vdev");
        }
        String other = card == null ? null : devices.putIfAbsent(card, port.name());
        if (card != null && other != null) {
            error(
                    SetPrinter.below(place, "pci-address"),
                    card,
                    "already belongs to interface " + other);
        }
        boolean onKernelDevice = "net_af_packet".equals(vdev) || "net_af_xdp".equals(vdev);
        if (onKernelDevice && device == null) {
            error(
                    SetPrinter.below(path, "device"),
                    "is missing; vdev " + vdev + " needs a kernel device");
        } else if (device != null && !onKernelDevice) {
            error(
                    SetPrinter.below(path, "device"),
                    device,
                    "is set, but only vdev net_af_packet and net_af_xdp use a kernel device");
        }
    }

    private void device(List<String> path, String device, @Nullable String other) {
        List<String> place = SetPrinter.below(path, "device");
        if (other != null) {
            error(place, device, "already belongs to interface " + other);
        }
        if (device.equals("lo")) {
            error(place, device, "is the loopback; expected an Ethernet device");
        }
    }

    private void address(Branch port, List<String> path, InterfaceAddress address) {
        List<String> place = SetPrinter.below(path, "address");
        String other = owners.putIfAbsent(address.address(), port.name());
        if (other != null) {
            error(
                    place,
                    address,
                    other.equals(port.name())
                            ? "has the address of another statement with another length"
                            : "is also on interface " + other);
        }
        Long mtu = port.value("mtu", Long.class);
        if (address.address().family() == Family.IP6 && mtu != null && mtu < IP6_MTU_MIN) {
            error(
                    SetPrinter.below(path, "mtu"),
                    mtu,
                    "is below 1280, which IPv6 address " + address + " needs (RFC 8200)");
        }
    }

    private void staticRoutes() {
        Branch routing = root.branch("routing");
        Branch statics = routing == null ? null : routing.branch("static");
        if (statics == null) {
            return;
        }
        for (Branch route : statics.entries("route")) {
            List<String> path = List.of("routing", "static", "route", route.name());
            List<IpAddress> hops = route.values("next-hop", IpAddress.class);
            if (hops.isEmpty() && !route.has("blackhole")) {
                error(path, "expected next-hop or blackhole");
            }
            if (!hops.isEmpty() && route.has("blackhole")) {
                error(path, "has both next-hop and blackhole; expected one of them");
            }
            Family family = Prefix.parse(route.name()).family();
            for (IpAddress hop : hops) {
                if (hop.family() != family) {
                    error(
                            SetPrinter.below(path, "next-hop"),
                            hop,
                            "is not of the prefix's family, " + family.label());
                }
                String owner = owners.get(hop);
                if (owner != null) {
                    error(
                            SetPrinter.below(path, "next-hop"),
                            hop,
                            "is our own address, on interface " + owner);
                }
            }
        }
    }

    private void bgp() {
        Branch bgp = root.branch("bgp");
        if (bgp == null) {
            return;
        }
        Map<IpAddress, String> peers = new HashMap<>();
        for (Branch peer : bgp.entries("peer")) {
            List<String> path = List.of("bgp", "peer", peer.name(), "neighbor");
            for (IpAddress neighbor : peer.values("neighbor", IpAddress.class)) {
                String other = peers.putIfAbsent(neighbor, peer.name());
                if (other != null) {
                    error(path, neighbor, "already belongs to peer " + other);
                }
                String owner = owners.get(neighbor);
                if (owner != null) {
                    error(path, neighbor, "is our own address, on interface " + owner);
                }
            }
        }
    }
}
