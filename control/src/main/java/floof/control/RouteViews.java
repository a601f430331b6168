package floof.control;

import floof.api.Route;
import floof.api.RouteTable;
import floof.api.UnavailableException;
import floof.base.Family;
import floof.base.Prefix;
import floof.control.bird.Bird;
import floof.control.bird.BirdConfig;
import floof.control.bird.BirdException;
import floof.control.bird.BirdRoute;
import floof.fpc.Report;
import floof.linux.netlink.Link;
import floof.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code show route}: the kernel's routes, with what BIRD knows about those it set,
 * and BIRD's routes that were not chosen.
 */
final class RouteViews {

    /** RTPROT_BIRD (linux/rtnetlink.h). */
    private static final int RTPROT_BIRD = 12;

    /**
     * With at most so many routes of BIRD in the answer each prefix is asked for by itself; with
     * more, and at most {@link #WHOLE_LIMIT} in the kernel, the whole table is read; beyond that
     * the kernel's word must do, for BIRD would be busy telling for seconds.
     */
    private static final int SINGLE_LIMIT = 20;

    private static final int WHOLE_LIMIT = 50_000;

    private final Rtnetlink dataplane;
    private final Bird bird;

    RouteViews(Rtnetlink dataplane, Bird bird) {
        this.dataplane = dataplane;
        this.bird = bird;
    }

    /** One family's routes being put together. */
    private static final class Answer {
        final List<Route> routes = new ArrayList<>();
        final Set<Prefix> ofBird = new TreeSet<>();
        final Set<Prefix> destinations = new HashSet<>();
        int routeCount;
        int birdCount;
        int inactiveCount;
    }

    /**
     * @param ports whose twins forward in the fast path
     * @param isPending whether changes are under way to the fast path
     * @param faults why the fast path has no route to a prefix; empty when it has
     */
    RouteTable routes(
            Predicate<Prefix> wanted,
            Set<String> ports,
            boolean isPending,
            Function<Prefix, String> faults)
            throws UnavailableException {
        Map<Integer, Link> links = new HashMap<>();
        dataplane.links().forEach(link -> links.put(link.index(), link));
        List<Route> routes = new ArrayList<>();
        List<RouteTable.Total> totals = new ArrayList<>();
        for (Family family : Family.values()) {
            Answer answer = new Answer();
            List<floof.linux.netlink.Route> kernel = new ArrayList<>();
            for (int table :
                    new int[] {
                        floof.linux.netlink.Route.RT_TABLE_MAIN,
                        floof.linux.netlink.Route.RT_TABLE_LOCAL
                    }) {
                dataplane.routes(family, table, 0, route -> collect(answer, kernel, route, wanted));
            }
            Map<Prefix, List<BirdRoute>> known = ask(answer);
            for (floof.linux.netlink.Route route : kernel) {
                answer.routes.add(route(route, known, links, ports, isPending, faults));
            }
            known.values().forEach(list -> list.forEach(route -> inactive(answer, route)));
            answer.routes.sort(
                    Comparator.comparing(Route::prefix)
                            .thenComparing(route -> !route.active())
                            .thenComparing(Route::preference));
            routes.addAll(answer.routes);
            totals.add(
                    new RouteTable.Total(
                            family,
                            answer.destinations.size(),
                            answer.routeCount + answer.inactiveCount,
                            answer.destinations.size(),
                            0));
        }
        return new RouteTable(routes, totals);
    }

    private static void collect(
            Answer answer,
            List<floof.linux.netlink.Route> kernel,
            floof.linux.netlink.Route route,
            Predicate<Prefix> wanted) {
        if (route.type() == floof.linux.netlink.Route.RTN_BROADCAST
                || route.type() == floof.linux.netlink.Route.RTN_MULTICAST
                || route.type() == floof.linux.netlink.Route.RTN_ANYCAST
                || route.prefix().address().isMulticast()
                || route.prefix().address().isLoopback()) {
            return;
        }
        answer.routeCount++;
        answer.destinations.add(route.prefix());
        boolean isBirds = route.protocol() == RTPROT_BIRD;
        answer.birdCount += isBirds ? 1 : 0;
        if (kernel.size() < RouteTable.ROUTES_MAX && wanted.test(route.prefix())) {
            kernel.add(route);
            if (isBirds) {
                answer.ofBird.add(route.prefix());
            }
        }
    }

    private Map<Prefix, List<BirdRoute>> ask(Answer answer) throws UnavailableException {
        Map<Prefix, List<BirdRoute>> known = new HashMap<>();
        List<BirdRoute> told = new ArrayList<>();
        try {
            if (answer.ofBird.size() <= SINGLE_LIMIT) {
                for (Prefix prefix : answer.ofBird) {
                    told.addAll(bird.routes(prefix));
                }
            } else if (answer.birdCount <= WHOLE_LIMIT) {
                told.addAll(bird.routes());
            }
        } catch (IOException e) {
            // BIRD is being restarted; the kernel's routes are an answer without it.
            return known;
        } catch (BirdException e) {
            throw new UnavailableException("BIRD: " + e.getMessage(), e);
        }
        for (BirdRoute route : told) {
            if (answer.ofBird.contains(route.prefix())) {
                known.computeIfAbsent(route.prefix(), prefix -> new ArrayList<>()).add(route);
            }
        }
        return known;
    }

    private static Route route(
            floof.linux.netlink.Route kernel,
            Map<Prefix, List<BirdRoute>> known,
            Map<Integer, Link> links,
            Set<String> ports,
            boolean isPending,
            Function<Prefix, String> faults) {
        List<Route.NextHop> hops = new ArrayList<>();
        boolean isOnPorts = true;
        for (floof.linux.netlink.Route.NextHop hop : kernel.nextHops()) {
            Link link = links.get(hop.ifindex());
            String name = link == null ? "if" + hop.ifindex() : link.name();
            isOnPorts &= ports.contains(name);
            hops.add(new Route.NextHop(hop.gateway(), name, hop.weight()));
        }
        Route.Type type = type(kernel.type());
        Route.State state =
                type == Route.Type.UNICAST && !isOnPorts
                        ? Route.State.EXCEPTION
                        : faults.apply(kernel.prefix()).startsWith(Report.FULL.name())
                                ? Route.State.REFUSED
                                : isPending ? Route.State.PENDING : Route.State.PROGRAMMED;
        BirdRoute from =
                kernel.protocol() != RTPROT_BIRD
                        ? null
                        : known.getOrDefault(kernel.prefix(), List.of()).stream()
                                .filter(BirdRoute::best)
                                .findFirst()
                                .orElse(null);
        String protocol = from == null ? protocol(kernel) : protocol(from);
        return new Route(
                kernel.prefix(),
                protocol,
                from == null ? preference(protocol) : BirdConfig.preference(from.preference()),
                from == null ? Long.valueOf(kernel.metric()) : med(from),
                since(from),
                true,
                state,
                type,
                type == Route.Type.UNICAST || type == Route.Type.LOCAL ? hops : List.of(),
                from == null ? null : number(from.attribute("BGP.local_pref")),
                from == null ? null : asPath(from));
    }

    private static void inactive(Answer answer, BirdRoute route) {
        String protocol = protocol(route);
        if (route.best() || protocol.equals("Direct")) {
            return;
        }
        answer.inactiveCount++;
        answer.routes.add(
                new Route(
                        route.prefix(),
                        protocol,
                        BirdConfig.preference(route.preference()),
                        med(route),
                        since(route),
                        false,
                        Route.State.INACTIVE,
                        Route.Type.UNICAST,
                        List.of(),
                        number(route.attribute("BGP.local_pref")),
                        asPath(route)));
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

    private static String protocol(floof.linux.netlink.Route kernel) {
        if (kernel.type() == floof.linux.netlink.Route.RTN_LOCAL) {
            return "Local";
        }
        if (kernel.protocol() == RTPROT_BIRD) {
            return "BIRD";
        }
        boolean isConnected =
                kernel.protocol() == floof.linux.netlink.Route.RTPROT_KERNEL
                        && kernel.nextHops().stream().allMatch(hop -> hop.gateway() == null);
        return isConnected ? "Direct" : "Kernel";
    }

    private static String protocol(BirdRoute route) {
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

    private static @Nullable Long med(BirdRoute route) {
        return number(route.attribute("BGP.med"));
    }

    private static @Nullable Long number(String text) {
        return text.matches("[0-9]{1,10}") ? Long.valueOf(text) : null;
    }

    private static @Nullable Instant since(@Nullable BirdRoute route) {
        return route == null || route.sinceEpochS() == 0
                ? null
                : Instant.ofEpochSecond(route.sinceEpochS());
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
