package floof.api.route;

import floof.api.network.Route;
import floof.api.view.Cursor;
import floof.api.view.UnavailableException;
import floof.api.view.UnknownException;
import floof.base.Family;
import java.util.List;

/** Where routes come from. Thread: any. */
public interface RouteSource {

    /**
     * Begins to read, IPv4 first, then by ascending prefix, the active one of each first.
     *
     * @throws UnknownException when there is no such neighbor
     */
    Routes open(RouteQuery query) throws UnavailableException, UnknownException;

    /** Sizes of the whole tables. */
    List<RouteTotal> totals() throws UnavailableException;

    /** An answer. */
    interface Routes extends Cursor<Route> {

        /** What the reader must know before the first route. */
        List<String> warnings();

        /**
         * Size of a family's whole table, counted when it is first wanted: that takes as long as
         * the kernel needs to list the table.
         */
        RouteTotal total(Family family) throws UnavailableException;
    }
}
