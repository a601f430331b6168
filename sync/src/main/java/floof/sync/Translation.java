package floof.sync;

import floof.base.Family;
import floof.base.IpAddress;
import floof.base.MacAddress;
import floof.base.Plural;
import floof.base.Prefix;
import floof.fpc.LinkKind;
import floof.fpc.Message;
import floof.fpc.NeighbourState;
import floof.fpc.RouteType;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Neighbour;
import floof.linux.netlink.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates Linux's objects into FPC messages. */
final class Translation {
    private static final Set<String> ETHERNET_KINDS = Set.of("", "veth", "tun");
    private static final Prefix LINK_LOCAL = Prefix.parse("fe80::/10");

    private Translation() {}

    /**
     * @param others MACs in the device's unicast filter
     */
    static Message.Link link(int vrf, Link link, List<MacAddress> others) {
        MacAddress mac = link.mac();
        return new Message.Link(
                vrf,
                link.index(),
                // Linux allows almost any byte in names; unprintable ones are not worth keeping.
                link.name().replaceAll("[^\\x21-\\x7e]", "?"),
                mac == null ? MacAddress.ZERO : mac,
                Math.max(link.mtu(), 0),
                link.isUp(),
                link.isRunning(),
                kind(link),
                isTap(link) && others.size() <= Message.MAX_OTHER_MACS ? others : List.of(),
                isTap(link) && receivesAnyMac(link, others),
                true);
    }

    /** Only a port's twin receives packets that the fast path leaves to Linux. */
    private static boolean isTap(Link link) {
        return link.kind().equals("tun");
    }

    /**
     * Whether something on top wants every frame: a bridge, a bond, a capture. A device of this
     * kind, which filters nothing itself, has one more promiscuity count if its filter has entries
     * (__dev_set_rx_mode in net/core/dev.c).
     */
    private static boolean receivesAnyMac(Link link, List<MacAddress> others) {
        return link.promiscuity() > (others.isEmpty() ? 0 : 1)
                || others.size() > Message.MAX_OTHER_MACS;
    }

    private static LinkKind kind(Link link) {
        if (link.hardware() == Link.ARPHRD_LOOPBACK) {
            return LinkKind.LOOPBACK;
        }
        // Members of a bridge or bond do not route themselves.
        return link.hardware() == Link.ARPHRD_ETHER
                        && link.master() == 0
                        && ETHERNET_KINDS.contains(link.kind())
                ? LinkKind.ETHERNET
                : LinkKind.OTHER;
    }

    /** Linux treats the subnet's last address as broadcast even if none is set. */
    static Message.Address address(int vrf, LinkAddress address) {
        IpAddress broadcast = address.broadcast();
        IpAddress own = address.address().address();
        int length = address.address().length();
        if (broadcast == null && own.family() == Family.IP4 && length < 31) {
            broadcast = IpAddress.ip4(own.ip4Value() | -1 >>> length);
        }
        return new Message.Address(vrf, address.ifindex(), address.address(), broadcast, true);
    }

    /** None for entries that cannot be forwarded to. */
    static Message.@Nullable Neighbour neighbour(int vrf, Neighbour neighbour) {
        MacAddress mac = neighbour.mac();
        NeighbourState state = state(neighbour.state());
        if (mac == null
                || state == null
                || neighbour.address().isMulticast()
                || (neighbour.flags() & Neighbour.NTF_PROXY) != 0) {
            return null;
        }
        return new Message.Neighbour(
                vrf, neighbour.ifindex(), neighbour.address(), mac, state, true);
    }

    /** Whether both are the same neighbour with the same MAC, but in another state. */
    static boolean differsInState(
            Message.@Nullable Neighbour known, Message.@Nullable Neighbour told) {
        return known != null
                && told != null
                && known.state() != told.state()
                && told.equals(
                        new Message.Neighbour(
                                known.vrf(),
                                known.ifindex(),
                                known.address(),
                                known.mac(),
                                told.state(),
                                known.present()));
    }

    /** For people. */
    static String text(Message.@Nullable Request request) {
        return switch (request) {
            case Message.Link m when m.present() ->
                    "%s %s, MTU %d, %s"
                            .formatted(
                                    m.name(),
                                    m.mac(),
                                    m.mtu(),
                                    !m.up() ? "down" : m.running() ? "running" : "without carrier");
            case Message.Address m when m.present() -> m.address() + " on link " + m.ifindex();
            case Message.Neighbour m when m.present() ->
                    m.address() + " on link " + m.ifindex() + " at " + m.mac();
            case Message.Route m when m.present() ->
                    m.prefix() + " " + m.type().name().toLowerCase(Locale.ROOT) + hops(m);
            case Message.Policy m -> Plural.of(m.unsupportedRules(), "rule") + " not followed";
            case null, default -> "nothing";
        };
    }

    private static String hops(Message.Route route) {
        StringBuilder text = new StringBuilder();
        for (Message.NextHop hop : route.nextHops()) {
            text.append(hop.gateway() == null ? "" : " via " + hop.gateway());
            text.append(" on link ").append(hop.ifindex());
        }
        return text.toString();
    }

    private static @Nullable NeighbourState state(int nud) {
        return switch (nud) {
            case Neighbour.NUD_REACHABLE -> NeighbourState.REACHABLE;
            case Neighbour.NUD_STALE -> NeighbourState.STALE;
            case Neighbour.NUD_DELAY -> NeighbourState.DELAY;
            case Neighbour.NUD_PROBE -> NeighbourState.PROBE;
            case Neighbour.NUD_PERMANENT -> NeighbourState.PERMANENT;
            case Neighbour.NUD_NOARP -> NeighbourState.NOARP;
            default -> null;
        };
    }

    /**
     * None for routes that never forward, and for those of table local that follow from addresses.
     */
    static @Nullable LinuxRoute route(Route route) {
        boolean isLocalTable = route.table() == Route.RT_TABLE_LOCAL;
        boolean isImplied =
                isLocalTable
                        && route.protocol() == Route.RTPROT_KERNEL
                        && route.type() != Route.RTN_ANYCAST;
        if (!isLocalTable && route.table() != Route.RT_TABLE_MAIN
                || isImplied
                || route.type() == Route.RTN_MULTICAST
                || (route.flags() & Route.RTM_F_CLONED) != 0
                || route.prefix().length() > 0 && route.prefix().address().isMulticast()
                || LINK_LOCAL.contains(route.prefix())) {
            return null;
        }
        RouteType type = type(route);
        return new LinuxRoute(
                isLocalTable ? LinuxRoute.LOCAL : LinuxRoute.MAIN,
                route.metric(),
                route.tos() << 8 | route.sourceLength(),
                route.source() != null && route.protocol() != Route.RTPROT_KERNEL,
                type,
                route.protocol(),
                type == RouteType.UNICAST ? nextHops(route) : List.of());
    }

    private static RouteType type(Route route) {
        return switch (route.type()) {
            case Route.RTN_UNICAST -> isFollowed(route) ? RouteType.UNICAST : RouteType.UNSUPPORTED;
            case Route.RTN_LOCAL, Route.RTN_ANYCAST -> RouteType.LOCAL;
            case Route.RTN_BROADCAST -> RouteType.BROADCAST;
            case Route.RTN_BLACKHOLE -> RouteType.BLACKHOLE;
            case Route.RTN_UNREACHABLE -> RouteType.UNREACHABLE;
            case Route.RTN_PROHIBIT -> RouteType.PROHIBIT;
            default -> RouteType.UNSUPPORTED;
        };
    }

    /** Linux honours a route's own MTU when it forwards (ip_dst_mtu_maybe_forward). */
    private static boolean isFollowed(Route route) {
        return route.mtu() == 0
                && !route.nextHops().isEmpty()
                && route.nextHops().size() <= Message.MAX_NEXT_HOPS
                && route.nextHops().stream()
                        .noneMatch(hop -> hop.isEncapsulated() || hop.ifindex() <= 0);
    }

    private static List<Message.NextHop> nextHops(Route route) {
        List<Message.NextHop> hops = new ArrayList<>(route.nextHops().size());
        for (Route.NextHop hop : route.nextHops()) {
            hops.add(
                    new Message.NextHop(
                            hop.gateway(),
                            hop.ifindex(),
                            hop.weight(),
                            (hop.flags() & Route.NextHop.RTNH_F_ONLINK) != 0,
                            hop.isDead()));
        }
        return List.copyOf(hops);
    }

    /** The message that removes an object. */
    static Message.Request absent(Message.Request request) {
        return switch (request) {
            case Message.Link m ->
                    new Message.Link(
                            m.vrf(),
                            m.ifindex(),
                            m.name(),
                            m.mac(),
                            m.mtu(),
                            m.up(),
                            m.running(),
                            m.kind(),
                            m.otherMacs(),
                            m.anyMac(),
                            false);
            case Message.Address m ->
                    new Message.Address(m.vrf(), m.ifindex(), m.address(), m.broadcast(), false);
            case Message.Neighbour m ->
                    new Message.Neighbour(
                            m.vrf(), m.ifindex(), m.address(), m.mac(), m.state(), false);
            case Message.Route m ->
                    new Message.Route(
                            m.vrf(),
                            m.prefix(),
                            m.type(),
                            m.metric(),
                            m.protocol(),
                            List.of(),
                            false);
            default -> throw new IllegalArgumentException(request + " is always there");
        };
    }

    static boolean isPresent(Message.Request request) {
        return switch (request) {
            case Message.Link m -> m.present();
            case Message.Address m -> m.present();
            case Message.Neighbour m -> m.present();
            case Message.Route m -> m.present();
            default -> true;
        };
    }

    static Family family(Message.Request request) {
        return switch (request) {
            case Message.Address m -> m.address().address().family();
            case Message.Neighbour m -> m.address().family();
            case Message.Route m -> m.prefix().family();
            default -> Family.IP4;
        };
    }
}
