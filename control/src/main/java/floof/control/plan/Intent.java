package floof.control.plan;

import static java.util.Objects.requireNonNull;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import floof.base.Prefix;
import floof.config.tree.Branch;
import floof.config.tree.SchemaNode;
import floof.config.value.InterfaceName;
import floof.config.value.Secret;
import floof.fpc.Driver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A committed configuration as types: what the system shall be.
 *
 * @param ports interfaces by name
 * @param services names of those that are switched on
 */
public record Intent(
        SortedMap<String, Port> ports,
        List<StaticRoute> routes,
        @Nullable Bgp bgp,
        FastPathSettings fastPath,
        Set<String> services) {

    /** The configuration in which nothing is said. */
    public static final Intent EMPTY =
            new Intent(new TreeMap<>(), List.of(), null, FastPathSettings.DEFAULT, Set.of());

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

    /**
     * A static route.
     *
     * @param refusal what happens to its packets when it has no next hops
     * @param nextHops the best of them forward, in parts by weight
     */
    public record StaticRoute(
            Prefix prefix, @Nullable Refusal refusal, List<NextHop> nextHops, Rank rank) {}

    /** How packets are dropped: silently, with ICMP unreachable, with ICMP prohibited. */
    public enum Refusal {
        DISCARD,
        REJECT,
        PROHIBIT
    }

    /**
     * Which of several routes to one prefix wins.
     *
     * @param preference less wins: 0 connected, 5 static, 170 BGP
     * @param metric less wins among equal preferences
     */
    public record Rank(int preference, long metric) {
        /** That of static routes which say nothing else. */
        public static final Rank DEFAULT = new Rank(5, 0);
    }

    /**
     * One way of a static route.
     *
     * @param gateway null when every destination is on the link
     * @param interfaceName null when the gateway's subnet tells
     * @param isOnlink whether the gateway is on the link although no subnet of ours has it
     * @param weight 1..256; share of the flows
     * @param rank instead of the route's; null for that
     */
    public record NextHop(
            @Nullable IpAddress gateway,
            @Nullable String interfaceName,
            boolean isOnlink,
            int weight,
            @Nullable Rank rank) {

        static NextHop of(IpAddress gateway) {
            return new NextHop(gateway, null, false, 1, null);
        }

        static NextHop through(String interfaceName) {
            return new NextHop(null, interfaceName, false, 1, null);
        }
    }

    /**
     * {@code bgp}: {@code asn} and {@code routerId} are ours; {@code prefixes} are announced.
     *
     * @param mergePaths whether equally good routes share the flows
     */
    public record Bgp(
            long asn,
            IpAddress routerId,
            List<Prefix> prefixes,
            boolean mergePaths,
            List<Peer> peers) {}

    /**
     * A BGP neighbour of ours under its configured name; one session per neighbour address.
     *
     * @param relationship null: it hears our own prefixes, and its routes go to nobody
     * @param rejectBogons whether private, documentation and the like are refused
     */
    public record Peer(
            String name,
            long remoteAs,
            @Nullable Relationship relationship,
            List<IpAddress> neighbors,
            String description,
            @Nullable Secret key,
            SessionOptions session,
            boolean rejectBogons) {}

    /** What a peer is to us, which decides what it hears (RFC 7454 section 6). */
    public enum Relationship {
        CUSTOMER,
        PEER,
        UPSTREAM,
        ROUTE_SERVER,
        IBGP
    }

    /** Whose routes outlive a restart of BGP (RFC 4724). */
    public enum GracefulRestart {
        /** Those of both sides. */
        FULL,
        /** The peer's. */
        HELPER,
        /** Nobody's. */
        OFF
    }

    /**
     * How long a session waits, and what else tells its end.
     *
     * @param rendered lines of BIRD's configuration that the peer's statements have in the schema
     * @param maxStale seconds that routes of a peer outlive its session
     * @param local our address by family; BIRD chooses where there is none
     */
    public record SessionOptions(
            List<String> rendered,
            GracefulRestart gracefulRestart,
            int maxStale,
            Map<Family, IpAddress> local,
            @Nullable Bfd bfd) {}

    /**
     * Bidirectional Forwarding Detection on a session's path.
     *
     * @param interval milliseconds between two packets
     * @param multiplier packets missed in a row
     */
    public record Bfd(int interval, int multiplier) {}

    /** The same without static routes. */
    public Intent withoutRoutes() {
        return new Intent(ports, List.of(), bgp, fastPath, services);
    }

    /** The same without an interface. */
    public Intent without(String port) {
        SortedMap<String, Port> others = new TreeMap<>(ports);
        others.remove(port);
        return new Intent(
                Collections.unmodifiableSortedMap(others), routes, bgp, fastPath, services);
    }

    /** The far ends of all routing sessions. */
    public List<IpAddress> peers() {
        return bgp == null
                ? List.of()
                : bgp.peers().stream().flatMap(it -> it.neighbors().stream()).distinct().toList();
    }

    /** The same with other settings of the fast path. */
    public Intent with(FastPathSettings settings) {
        return new Intent(ports, routes, bgp, settings, services);
    }

    /** From a tree that {@link floof.config.check.Validation} found no fault with. */
    public static Intent of(Branch configured) {
        return of(configured, Branch.empty(configured.schema()), EMPTY);
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
                routes(list(root), list(old), made.routes),
                bgp(root),
                FastPathSettings.of(root.container("fast-path")),
                services(root));
    }

    private static Set<String> services(Branch root) {
        Set<String> names = new TreeSet<>();
        root.container("system")
                .container("services")
                .children()
                .forEach(child -> names.add(child.name()));
        return names;
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
                before,
                now,
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

    private static @Nullable Branch list(Branch root) {
        return root.container("routing").container("static").branch("route");
    }

    private static StaticRoute route(Branch entry) {
        List<NextHop> hops = new ArrayList<>();
        entry.values("next-hop", IpAddress.class).forEach(it -> hops.add(NextHop.of(it)));
        for (Branch hop : entry.entries("qualified-next-hop")) {
            hops.add(
                    new NextHop(
                            (IpAddress) requireNonNull(hop.key()),
                            name(hop.value("interface", InterfaceName.class)),
                            hop.has("onlink"),
                            number(hop, "weight"),
                            hop.has("preference") || hop.has("metric")
                                    ? rank(hop, rank(entry, Rank.DEFAULT))
                                    : null));
        }
        entry.values("interface", InterfaceName.class)
                .forEach(it -> hops.add(NextHop.through(it.text())));
        Rank rank = rank(entry, Rank.DEFAULT);
        return new StaticRoute(
                (Prefix) requireNonNull(entry.key()), refusal(entry), List.copyOf(hops), rank);
    }

    private static @Nullable String name(@Nullable InterfaceName name) {
        return name == null ? null : name.text();
    }

    private static @Nullable Refusal refusal(Branch route) {
        if (route.has("discard") || route.has("blackhole")) {
            return Refusal.DISCARD;
        }
        if (route.has("reject") || route.has("unreachable")) {
            return Refusal.REJECT;
        }
        return route.has("prohibit") ? Refusal.PROHIBIT : null;
    }

    private static Rank rank(Branch branch, Rank otherwise) {
        if (!branch.has("preference") && !branch.has("metric")) {
            return otherwise;
        }
        Long preference = branch.value("preference", Long.class);
        Long metric = branch.value("metric", Long.class);
        return new Rank(
                preference == null ? otherwise.preference() : preference.intValue(),
                metric == null ? otherwise.metric() : metric);
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
                number(entry, "mtu"),
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

    /** The interfaces of a configuration. */
    public static SortedMap<String, Port> portsOf(Branch configured) {
        return ports(configured.effective());
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
                            relationship(peer.value("relationship", String.class)),
                            peer.values("neighbor", IpAddress.class),
                            description == null ? "" : description,
                            peer.value("authentication-key", Secret.class),
                            session(peer),
                            bgp.has("reject-bogons") || peer.has("reject-bogons")));
        }
        return new Bgp(
                required(bgp, "asn", Long.class),
                required(bgp, "router-id", IpAddress.class),
                bgp.values("prefixes", Prefix.class),
                bgp.has("merge-paths"),
                List.copyOf(peers));
    }

    private static @Nullable Relationship relationship(@Nullable String word) {
        return word == null ? null : constant(Relationship.class, word);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static SessionOptions session(Branch peer) {
        Branch session = peer.container("session");
        Integer maxStale = optionalNumber(session, "max-stale");
        String mode = required(session, "graceful-restart", String.class);
        return new SessionOptions(
                peer.rendered(),
                constant(GracefulRestart.class, mode),
                maxStale == null ? number(session, "hold-time") : maxStale,
                local(session),
                session.has("bfd")
                        ? new Bfd(
                                number(session, "bfd-interval"), number(session, "bfd-multiplier"))
                        : null);
    }

    private static Map<Family, IpAddress> local(Branch session) {
        Map<Family, IpAddress> local = new EnumMap<>(Family.class);
        for (String name : List.of("listen4", "listen6")) {
            IpAddress address = session.value(name, IpAddress.class);
            if (address != null) {
                local.put(address.family(), address);
            }
        }
        return local;
    }

    private static int number(Branch branch, String name) {
        return required(branch, name, Long.class).intValue();
    }

    static @Nullable Integer optionalNumber(Branch branch, String name) {
        Long value = branch.value(name, Long.class);
        return value == null ? null : Math.toIntExact(value);
    }

    private static <T> T required(Branch branch, String name, Class<T> type) {
        T value = branch.value(name, type);
        if (value == null) {
            throw new IllegalArgumentException(branch.name() + " has no " + name);
        }
        return value;
    }
}
