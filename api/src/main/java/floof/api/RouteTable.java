package floof.api;

import floof.base.Family;
import java.util.List;
import java.util.function.Predicate;

/**
 * Routes of both families.
 *
 * @param routes IPv4 first, then by prefix, the active one of each prefix first
 * @param totals sizes of the whole tables, one per family in the order of {@link Family}
 */
public record RouteTable(List<Route> routes, List<Total> totals) {

    /** Most routes one answer lists; a full table is counted, not printed. */
    public static final int ROUTES_MAX = 100_000;

    public RouteTable {
        routes = List.copyOf(routes);
        totals = List.copyOf(totals);
    }

    /**
     * @param destinations distinct prefixes
     * @param hidden routes that cannot be used
     */
    public record Total(Family family, int destinations, int routes, int active, int hidden) {}

    /** This table with some of its routes. */
    public RouteTable only(Predicate<Route> wanted) {
        return new RouteTable(routes.stream().filter(wanted).toList(), totals);
    }
}
