package floof.cli;

import floof.api.network.Route;
import floof.api.route.RouteQuery;
import floof.api.route.RouteQuery.Place;
import floof.api.route.RouteSource;
import floof.api.route.RouteTotal;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.base.Family;
import floof.base.IpAddress;
import floof.base.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Four routes, or as many as are wanted. */
final class FakeRoutes implements RouteSource {

    /** The only one of BGP's. */
    private static final IpAddress NEIGHBOR = IpAddress.parse("198.51.100.2");

    /** What every answer begins with. */
    final List<String> warnings = new ArrayList<>();

    final List<String> gaps = new ArrayList<>();

    /** Whether the peer of BGP's is gone. */
    volatile boolean stale;

    /** So many more, of 10.0.0.0/8. */
    volatile int more;

    /** What readers have taken, and how many of them have not closed. */
    volatile long taken;

    volatile int open;

    /** After so many routes the source is gone. */
    volatile long breaksAt = Long.MAX_VALUE;

    /** How long the first of each answer takes. */
    volatile Duration delay = Duration.ZERO;

    private List<Route> routes() {
        Instant since = Instant.now().minus(Duration.ofSeconds(8841));
        Route.NextHop direct = new Route.NextHop(null, "ge-0", 1);
        return List.of(
                route("192.0.2.0/24", "Direct", 0, null, direct, Route.State.PROGRAMMED),
                new Route(
                        Prefix.parse("203.0.113.0/24"),
                        "BGP",
                        170,
                        0L,
                        since,
                        true,
                        Route.State.PROGRAMMED,
                        Route.Type.UNICAST,
                        List.of(
                                new Route.NextHop(IpAddress.parse("198.51.100.2"), "ge-1", 1),
                                new Route.NextHop(IpAddress.parse("198.51.100.3"), "ge-1", 2)),
                        100L,
                        "65010 I",
                        null,
                        stale,
                        null,
                        Map.of()),
                new Route(
                        Prefix.parse("203.0.113.0/25"),
                        "Static",
                        5,
                        null,
                        null,
                        true,
                        Route.State.PENDING,
                        Route.Type.BLACKHOLE,
                        List.of(),
                        null,
                        null,
                        null,
                        false,
                        null,
                        Map.of()),
                route(
                        "2001:db8:1234:5678::/64",
                        "Direct",
                        0,
                        null,
                        direct,
                        Route.State.PROGRAMMED));
    }

    private static Route route(
            String prefix,
            String protocol,
            int preference,
            @Nullable Long metric,
            Route.NextHop hop,
            Route.State state) {
        return new Route(
                Prefix.parse(prefix),
                protocol,
                preference,
                metric,
                null,
                true,
                state,
                Route.Type.UNICAST,
                List.of(hop),
                null,
                null,
                null,
                false,
                null,
                Map.of());
    }

    private Stream<Route> all() {
        Route.NextHop hop = new Route.NextHop(IpAddress.parse("198.51.100.2"), "ge-1", 1);
        Stream<Route> many =
                java.util.stream.IntStream.range(0, more)
                        .mapToObj(i ->
                                route(
                                        Prefix.host(IpAddress.ip4(10 << 24 | i)).toString(),
                                        "Kernel",
                                        40,
                                        0L,
                                        hop,
                                        Route.State.PROGRAMMED));
        return Stream.concat(many, routes().stream());
    }

    private boolean isWanted(Route route, RouteQuery query) {
        Place place = query.place();
        return query.has(route.prefix().family())
                && (query.protocol() == null || query.protocol().equals(route.protocol()))
                && (!(place instanceof Place.Prefixes prefixes) || prefixes.has(route.prefix()))
                && (!(place instanceof Place.Address address)
                        || route.prefix().equals(longest(address.address())));
    }

    private @Nullable Prefix longest(IpAddress address) {
        return routes().stream()
                .map(Route::prefix)
                .filter(prefix -> prefix.contains(address))
                .max(java.util.Comparator.comparing(Prefix::length))
                .orElse(null);
    }

    @Override
    public Routes open(RouteQuery query) throws UnknownException {
        IpAddress neighbor = query.neighbor();
        if (neighbor != null && !neighbor.equals(NEIGHBOR)) {
            throw new UnknownException(
                    "no BGP neighbor '" + neighbor + "'", List.of(NEIGHBOR.toString()));
        }
        Iterator<Route> left = all().filter(route -> isWanted(route, query)).iterator();
        open++;
        return new Routes() {

            private boolean isBegun;

            @Override
            public List<String> warnings() {
                return warnings;
            }

            @Override
            public List<String> gaps() {
                return gaps;
            }

            @Override
            public RouteTotal total(Family family) {
                return totals().get(family.ordinal());
            }

            @Override
            public @Nullable Route next() throws UnavailableException {
                if (!isBegun) {
                    isBegun = true;
                    java.util.concurrent.locks.LockSupport.parkNanos(delay.toNanos());
                }
                if (!left.hasNext()) {
                    return null;
                }
                if (taken >= breaksAt) {
                    throw new UnavailableException("BIRD is gone", new java.io.IOException());
                }
                taken++;
                return left.next();
            }

            @Override
            public void close() {
                open--;
            }
        };
    }

    @Override
    public List<RouteTotal> totals() {
        return List.of(
                new RouteTotal(Family.IP4, 3 + more, 3 + more, 3 + more, 0),
                new RouteTotal(Family.IP6, 1, 1, 1, 0));
    }
}
