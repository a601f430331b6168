package floof.control.routes;

import floof.api.route.RouteQuery.Place;
import floof.base.Prefix;
import floof.control.bird.BirdException;
import floof.control.bird.BirdRoute;
import floof.control.bird.BirdRoutes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** BIRD's routes of one answer. */
final class BirdAscending extends Ascending<BirdRoute> {

    private final BirdRoutes routes;
    private final Place.Prefixes wanted;
    private @Nullable Prefix last;

    /**
     * @param wanted those of the answer that are of interest
     */
    BirdAscending(BirdRoutes routes, Place.Prefixes wanted) {
        super(BirdRoute::prefix);
        this.routes = routes;
        this.wanted = wanted;
    }

    @Override
    @Nullable BirdRoute read() throws IOException, BirdException {
        for (BirdRoute route = routes.next(); route != null; route = routes.next()) {
            Prefix prefix = route.prefix();
            if (last != null && last.compareTo(prefix) > 0) {
                throw new IOException(
                        "BIRD sent " + prefix + " behind " + last + "; expected ascending");
            }
            last = prefix;
            if (wanted.has(prefix)) {
                return route;
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        super.close();
        routes.close();
    }
}
