package floof.control.routes;

import floof.api.network.Route;
import floof.base.Prefix;
import floof.control.bird.BirdConfig;
import floof.control.bird.BirdRoute;
import floof.control.statics.StaticReasons.Unusable;
import floof.fpc.Report;
import floof.linux.netlink.RouteHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes routes of what the kernel and BIRD tell.
 *
 * @param links names by ifindex
 * @param ports whose twins forward in the fast path
 * @param isPending whether changes are under way to the fast path
 * @param faults why the fast path has no route to a prefix; empty when it has
 * @param peers the peer's name and the neighbor's address by protocol of BIRD's
 * @param stale protocols whose session is down, so that their routes wait for it or their end
 */
record RouteMaker(
        Map<Integer, String> links,
        Set<String> ports,
        boolean isPending,
        Function<Prefix, String> faults,
        Map<String, String> peers,
        Set<String> stale) {

    /** RTPROT_BIRD (linux/rtnetlink.h). */
    static final int RTPROT_BIRD = 12;

    /** Attributes that have a place of their own. */
    private static final Set<String> KNOWN =
            Set.of("BGP.as_path", "BGP.local_pref", "BGP.med", "BGP.origin");

    /** Whether it is of interest: not broadcast, multicast or loopback. */
    static boolean isVisible(RouteHead route) {
        return route.type() != floof.linux.netlink.Route.RTN_BROADCAST
                && route.type() != floof.linux.netlink.Route.RTN_MULTICAST
                && route.type() != floof.linux.netlink.Route.RTN_ANYCAST
                && !route.prefix().address().isMulticast()
                && !route.prefix().address().isLoopback();
    }

    static boolean isBirds(int protocol) {
        return protocol == RTPROT_BIRD;
    }

    /**
     * @param from what BIRD knows of it; null when it knows nothing, or it is not BIRD's
     * @param isActive false when Linux has a better one to the same prefix
     */
    Route ofKernel(floof.linux.netlink.Route kernel, @Nullable BirdRoute from, boolean isActive) {
        List<Route.NextHop> hops = new ArrayList<>();
        boolean isOnPorts = true;
        for (floof.linux.netlink.Route.NextHop hop : kernel.nextHops()) {
            String name = links.getOrDefault(hop.ifindex(), "if" + hop.ifindex());
            isOnPorts &= ports.contains(name);
            hops.add(new Route.NextHop(hop.gateway(), name, hop.weight()));
        }
        Route.Type type = type(kernel.type());
        Route.State state =
                !isActive
                        ? Route.State.INACTIVE
                        : type == Route.Type.UNICAST && !isOnPorts
                                ? Route.State.EXCEPTION
                                : faults.apply(kernel.prefix()).startsWith(Report.FULL.name())
                                        ? Route.State.REFUSED
                                        : isPending ? Route.State.PENDING : Route.State.PROGRAMMED;
        return route(
                kernel.prefix(),
                from == null ? protocol(kernel) : protocol(from),
                from == null ? Long.valueOf(kernel.metric()) : number(from, "BGP.med"),
                state,
                type,
                type == Route.Type.UNICAST || type == Route.Type.LOCAL ? hops : List.of(),
                from,
                null);
    }

    /** One that Linux does not forward by. */
    Route ofBird(BirdRoute from, Route.State state, @Nullable String reason) {
        List<Route.NextHop> hops =
                from.hops().stream()
                        .map(hop ->
                                new Route.NextHop(hop.gateway(), hop.interfaceName(), hop.weight()))
                        .toList();
        return route(
                from.prefix(),
                protocol(from),
                number(from, "BGP.med"),
                state,
                type(from.type()),
                hops,
                from,
                reason);
    }

    /** A static route that BIRD does not have. */
    static Route ofStatic(Unusable unusable) {
        List<Route.NextHop> hops =
                unusable.route().nextHops().stream()
                        .map(hop ->
                                new Route.NextHop(
                                        hop.gateway(),
                                        hop.interfaceName() == null ? "?" : hop.interfaceName(),
                                        hop.weight()))
                        .toList();
        return plain(
                unusable.route().prefix(),
                "Static",
                unusable.route().rank().preference(),
                unusable.route().rank().metric(),
                Route.State.HIDDEN,
                Route.Type.UNICAST,
                hops,
                unusable.reason());
    }

    /** One that BIRD does not have. */
    private static Route plain(
            Prefix prefix,
            String protocol,
            int preference,
            @Nullable Long metric,
            Route.State state,
            Route.Type type,
            List<Route.NextHop> hops,
            @Nullable String reason) {
        return new Route(
                prefix,
                protocol,
                preference,
                metric,
                null,
                isActive(state),
                state,
                type,
                hops,
                null,
                null,
                null,
                false,
                reason,
                Map.of());
    }

    private static boolean isActive(Route.State state) {
        return state != Route.State.INACTIVE && state != Route.State.HIDDEN;
    }

    private Route route(
            Prefix prefix,
            String protocol,
            @Nullable Long metric,
            Route.State state,
            Route.Type type,
            List<Route.NextHop> hops,
            @Nullable BirdRoute from,
            @Nullable String reason) {
        if (from == null) {
            return plain(prefix, protocol, preference(protocol), metric, state, type, hops, null);
        }
        Map<String, String> others = new LinkedHashMap<>(from.attributes());
        others.keySet().removeAll(KNOWN);
        return new Route(
                prefix,
                protocol,
                BirdConfig.preference(from.preference()),
                metric,
                from.sinceEpochS() == 0 ? null : Instant.ofEpochSecond(from.sinceEpochS()),
                isActive(state),
                state,
                type,
                hops,
                number(from, "BGP.local_pref"),
                asPath(from),
                peers.get(from.protocol()),
                stale.contains(from.protocol()),
                reason,
                others);
    }

    private static Route.Type type(int number) {
        return switch (number) {
            case floof.linux.netlink.Route.RTN_LOCAL -> Route.Type.LOCAL;
            case floof.linux.netlink.Route.RTN_BLACKHOLE -> Route.Type.BLACKHOLE;
            case floof.linux.netlink.Route.RTN_PROHIBIT -> Route.Type.PROHIBIT;
            case floof.linux.netlink.Route.RTN_UNREACHABLE -> Route.Type.UNREACHABLE;
            default -> Route.Type.UNICAST;
        };
    }

    /** As BIRD names them (nest/rt-table.c, rta_dest_names). */
    private static Route.Type type(String name) {
        return switch (name) {
            case "blackhole" -> Route.Type.BLACKHOLE;
            case "prohibited" -> Route.Type.PROHIBIT;
            case "unreachable" -> Route.Type.UNREACHABLE;
            default -> Route.Type.UNICAST;
        };
    }

    private static String protocol(floof.linux.netlink.Route kernel) {
        if (kernel.type() == floof.linux.netlink.Route.RTN_LOCAL) {
            return "Local";
        }
        if (isBirds(kernel.protocol())) {
            return "BIRD";
        }
        boolean isConnected =
                kernel.protocol() == floof.linux.netlink.Route.RTPROT_KERNEL
                        && kernel.nextHops().stream().allMatch(hop -> hop.gateway() == null);
        return isConnected ? "Direct" : "Kernel";
    }

    static String protocol(BirdRoute route) {
        String name = route.protocol();
        return name.startsWith("bgp_")
                ? "BGP"
                : name.startsWith("direct")
                        ? "Direct"
                        : name.startsWith("originate") ? "Aggregate" : "Static";
    }

    /** As Junos numbers them; lower wins. */
    private static int preference(String protocol) {
        return switch (protocol) {
            case "Direct", "Local" -> 0;
            case "Static" -> 5;
            case "BGP" -> 170;
            default -> 40;
        };
    }

    private static @Nullable Long number(BirdRoute route, String attribute) {
        String text = route.attribute(attribute);
        return text.isEmpty() || text.length() > 10 ? null : Long.valueOf(text);
    }

    /** {@code 65001 65002 I}: the path and the first letter of the origin. */
    private static @Nullable String asPath(BirdRoute route) {
        String origin = route.attribute("BGP.origin");
        if (origin.isEmpty()) {
            return null;
        }
        String letter = origin.startsWith("Inc") ? "?" : origin.substring(0, 1);
        return (route.attribute("BGP.as_path") + " " + letter).strip();
    }
}
