package floof.control.plan;

import static java.util.Objects.requireNonNull;

import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.Branch;
import floof.config.Schema;
import floof.config.SchemaNode;
import floof.config.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A committed configuration as types: what the system shall be. Interfaces by name. */
public record Intent(
        SortedMap<String, Port> ports,
        List<StaticRoute> routes,
        @Nullable Bgp bgp,
        FastPathSettings fastPath) {

    /** The configuration in which nothing is said. */
    public static final Intent EMPTY =
            new Intent(new TreeMap<>(), List.of(), null, FastPathSettings.DEFAULT);

    /** How frames reach a port. */
    public enum Driver {
        /** A kernel device, taken over by a packet socket. */
        AF_PACKET("af-packet"),
        /** A kernel device, taken over by AF_XDP sockets. */
        AF_XDP("af-xdp"),
        /** No device: the twin alone. */
        TAP("tap"),
        /** A card or a virtual device of DPDK; some of those stand on a claimed kernel device. */
        DPDK("dpdk"),
        /** No device: frames from and to files. */
        PCAP("pcap"),
        /** No device: packets made up. */
        GENERATOR("generator"),
        /** No device: shared memory with another process. */
        MEMIF("memif");

        private final String label;

        Driver(String label) {
            this.label = label;
        }

        /** Word of the configuration. */
        public String label() {
            return label;
        }

        /**
         * @throws IllegalArgumentException when no driver has that label
         */
        public static Driver of(String label) {
            for (Driver driver : values()) {
                if (driver.label.equals(label)) {
                    return driver;
                }
            }
            throw new IllegalArgumentException("'" + label + "' is not a driver");
        }
    }

    /**
     * How a port reaches its wire; when it changes, the port is made anew.
     *
     * @param device the claimed kernel device; null without
     * @param settings what else the driver needs, by the names of the configuration
     */
    public record Attachment(
            Driver driver, @Nullable String device, SortedMap<String, String> settings) {

        public Attachment {
            settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        }

        /** One whose driver needs nothing but the device. */
        public static Attachment of(Driver driver, @Nullable String device) {
            return new Attachment(driver, device, new TreeMap<>());
        }
    }

    /**
     * One statement {@code interfaces NAME}.
     *
     * @param mtu layer-3 MTU in bytes
     */
    public record Port(
            String name,
            Attachment attachment,
            boolean disabled,
            int mtu,
            List<InterfaceAddress> addresses) {}

    /** A static route: to all of {@code nextHops} in equal parts, or a blackhole when empty. */
    public record StaticRoute(Prefix prefix, List<IpAddress> nextHops) {}

    /** {@code bgp}: {@code asn} and {@code routerId} are ours; {@code prefixes} are announced. */
    public record Bgp(long asn, IpAddress routerId, List<Prefix> prefixes, List<Peer> peers) {}

    /** A BGP neighbour of ours under its configured name; one session per neighbour address. */
    public record Peer(
            String name,
            long remoteAs,
            List<IpAddress> neighbors,
            String description,
            @Nullable Secret key) {

        /** One whose sessions have no password. */
        public Peer(String name, long remoteAs, List<IpAddress> neighbors, String description) {
            this(name, remoteAs, neighbors, description, null);
        }
    }

    /** The same without static routes. */
    public Intent withoutRoutes() {
        return new Intent(ports, List.of(), bgp, fastPath);
    }

    /** From a tree that {@link floof.config.Validation} found no fault with. */
    public static Intent of(Branch configured) {
        return of(configured, Schema.EMPTY, EMPTY);
    }

    /**
     * The same at the cost of what changed: of a chapter that is the very same as in {@code
     * before}, the part that was made of it is taken again.
     *
     * @param made what was made of {@code before}
     */
    public static Intent of(Branch configured, Branch before, Intent made) {
        Branch root = configured.effective();
        Branch old = before.effective();
        return new Intent(
                isSame(root, old, "interfaces") ? made.ports : ports(root),
                routes(root.branch("routing"), old.branch("routing"), made.routes),
                bgp(root),
                FastPathSettings.of(root.branch("fast-path")));
    }

    @SuppressWarnings("ReferenceEquality") // what was not touched is shared
    private static boolean isSame(Branch root, Branch before, String chapter) {
        return root.branch(chapter) == before.branch(chapter);
    }

    private static SortedMap<String, Port> ports(Branch root) {
        SortedMap<String, Port> ports = new TreeMap<>();
        for (Branch entry : root.entries("interfaces")) {
            ports.put(entry.name(), port(entry));
        }
        return Collections.unmodifiableSortedMap(ports);
    }

    /** What was made of {@code before}, with what differs made anew. */
    private static List<StaticRoute> routes(
            @Nullable Branch now, @Nullable Branch before, List<StaticRoute> made) {
        List<StaticRoute> routes = new ArrayList<>();
        int[] kept = {0};
        Branch.entryDifferences(
                list(before),
                list(now),
                (gone, come) -> {
                    Branch entry = come == null ? requireNonNull(gone) : come;
                    int place = place(made, (Prefix) requireNonNull(entry.key()), kept[0]);
                    routes.addAll(made.subList(kept[0], place));
                    kept[0] = gone == null ? place : place + 1;
                    if (come != null) {
                        routes.add(route(come));
                    }
                });
        if (kept[0] == 0 && routes.isEmpty()) {
            return made;
        }
        routes.addAll(made.subList(kept[0], made.size()));
        return Collections.unmodifiableList(routes);
    }

    private static @Nullable Branch list(@Nullable Branch routing) {
        Branch statics = routing == null ? null : routing.branch("static");
        return statics == null ? null : statics.branch("route");
    }

    private static StaticRoute route(Branch entry) {
        return new StaticRoute(
                (Prefix) requireNonNull(entry.key()), entry.values("next-hop", IpAddress.class));
    }

    /** Index of the first route from {@code from} on whose prefix is not below. */
    private static int place(List<StaticRoute> routes, Prefix prefix, int from) {
        int low = from;
        int high = routes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (routes.get(middle).prefix().compareTo(prefix) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Port port(Branch entry) {
        return new Port(
                entry.name(),
                attachment(entry),
                entry.has("disable"),
                required(entry, "mtu", Long.class).intValue(),
                entry.values("address", InterfaceAddress.class));
    }

    private static Attachment attachment(Branch entry) {
        SortedMap<String, String> settings = new TreeMap<>();
        for (String name : List.of("checksum-repair", "receive-spreading")) {
            String value = entry.value(name, String.class);
            if (value != null) {
                settings.put(name, value);
            }
        }
        Driver driver = Driver.of(required(entry, "driver", String.class));
        Branch branch = entry.branch(driver.label());
        if (branch != null) {
            for (SchemaNode leaf : branch.schema().children()) {
                Object value = branch.value(leaf.name(), requireNonNull(leaf.type()).javaType());
                if (value != null) {
                    settings.put(leaf.name(), value.toString());
                }
            }
        }
        return new Attachment(driver, entry.value("device", String.class), settings);
    }

    /** The part of a configuration that is about BGP; null without. */
    public static @Nullable Bgp bgpOf(Branch configured) {
        return bgp(configured.effective());
    }

    private static @Nullable Bgp bgp(Branch root) {
        Branch bgp = root.branch("bgp");
        if (bgp == null) {
            return null;
        }
        List<Peer> peers = new ArrayList<>();
        for (Branch peer : bgp.entries("peer")) {
            String description = peer.value("description", String.class);
            peers.add(
                    new Peer(
                            peer.name(),
                            required(peer, "remote-as", Long.class),
                            peer.values("neighbor", IpAddress.class),
                            description == null ? "" : description,
                            peer.value("authentication-key", Secret.class)));
        }
        return new Bgp(
                required(bgp, "asn", Long.class),
                required(bgp, "router-id", IpAddress.class),
                bgp.values("prefixes", Prefix.class),
                List.copyOf(peers));
    }

    private static <T> T required(Branch branch, String name, Class<T> type) {
        T value = branch.value(name, type);
        if (value == null) {
            throw new IllegalArgumentException(branch.name() + " has no " + name);
        }
        return value;
    }
}
