package floof.api.route;

import floof.base.Family;

/**
 * Size of a family's table, from counters where it is large.
 *
 * @param destinations distinct prefixes
 * @param active those that forward; a destination may have several
 * @param hidden routes that cannot be used, which are not among {@code routes}
 */
public record RouteTotal(Family family, long destinations, long routes, long active, long hidden) {

    /** Name of the table. */
    public static String table(Family family) {
        return family.label() + ".0";
    }
}
