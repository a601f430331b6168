package floof.control.routes;

import floof.base.Prefix;
import floof.control.bird.BirdException;
import floof.control.bird.BirdRoute;
import floof.control.bird.BirdRoutes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** BIRD's routes of one answer. */
final class BirdAscending extends Ascending<BirdRoute> {

    private final BirdRoutes routes;
    private @Nullable Prefix last;
    private @Nullable BirdRoute ahead;

    BirdAscending(BirdRoutes routes) throws IOException, BirdException {
        this.routes = routes;
        this.ahead = routes.next();
    }

    @Override
    @Nullable List<BirdRoute> read() throws IOException, BirdException {
        BirdRoute first = ahead;
        if (first == null) {
            return null;
        }
        if (last != null && last.compareTo(first.prefix()) >= 0) {
            throw new IOException(
                    "BIRD sent " + first.prefix() + " behind " + last + "; expected ascending");
        }
        last = first.prefix();
        List<BirdRoute> all = new ArrayList<>(2);
        do {
            all.add(ahead);
            ahead = routes.next();
        } while (ahead != null && ahead.prefix().equals(first.prefix()));
        return all;
    }

    @Override
    Prefix prefix(BirdRoute route) {
        return route.prefix();
    }

    @Override
    public void close() throws IOException {
        super.close();
        routes.close();
    }
}
