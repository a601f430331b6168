package floof.control.routes;

import floof.api.network.Route;
import floof.base.Prefix;
import floof.control.bird.BirdException;
import floof.control.bird.BirdRoute;
import floof.control.statics.StaticReasons.Unusable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One family's routes: what the kernel and BIRD have of a prefix becomes that prefix's routes. */
final class Joined implements AutoCloseable {

    /** Linux looks at table local first, then at the lesser metric. */
    private static final Comparator<floof.linux.netlink.Route> ORDER =
            Comparator.<floof.linux.netlink.Route>comparingInt(
                            route -> -route.table()) // RT_TABLE_LOCAL is the greatest
                    .thenComparingLong(floof.linux.netlink.Route::metric);

    private final RouteMaker maker;
    private final List<Ascending<floof.linux.netlink.Route>> kernel;
    private final Ascending<BirdRoute> bird;
    private final Ascending<BirdRoute> filtered;
    private final Ascending<Unusable> statics;
    private final List<Ascending<?>> sources;
    private final @Nullable String protocol;
    private final Deque<Route> ready = new ArrayDeque<>();

    /**
     * @param kernel none when BIRD alone is asked
     * @param bird nothing when BIRD is not asked
     * @param filtered what BIRD refused; nothing when that is not asked for
     * @param statics those that BIRD does not have; none when that is not asked for
     * @param protocol the only one that is wanted; null for all
     */
    Joined(
            RouteMaker maker,
            List<Ascending<floof.linux.netlink.Route>> kernel,
            Ascending<BirdRoute> bird,
            Ascending<BirdRoute> filtered,
            List<Unusable> statics,
            @Nullable String protocol) {
        this.maker = maker;
        this.kernel = kernel;
        this.bird = bird;
        this.filtered = filtered;
        this.statics = new GivenAscending<>(statics, it -> it.route().prefix());
        this.protocol = protocol;
        this.sources = new ArrayList<>(kernel);
        sources.addAll(List.of(bird, filtered, this.statics));
    }

    @Nullable Route next() throws IOException, BirdException {
        while (ready.isEmpty()) {
            Prefix prefix = least();
            if (prefix == null) {
                return null;
            }
            join(prefix);
        }
        return ready.removeFirst();
    }

    /** Whether routes may be missing among those that came. */
    boolean mayLack() {
        return sources.stream().anyMatch(Ascending::mayLack);
    }

    private @Nullable Prefix least() throws IOException, BirdException {
        Prefix least = null;
        for (Ascending<?> source : sources) {
            Prefix next = source.next();
            if (next != null && (least == null || next.compareTo(least) < 0)) {
                least = next;
            }
        }
        return least;
    }

    private void join(Prefix prefix) throws IOException, BirdException {
        List<floof.linux.netlink.Route> ofKernel = new ArrayList<>(2);
        for (Ascending<floof.linux.netlink.Route> table : kernel) {
            ofKernel.addAll(table.take(prefix));
        }
        ofKernel.sort(ORDER);
        List<BirdRoute> ofBird = bird.take(prefix);
        BirdRoute best = ofBird.stream().filter(BirdRoute::best).findFirst().orElse(null);
        BirdRoute listed = null;
        for (floof.linux.netlink.Route route : ofKernel) {
            boolean isBest = ORDER.compare(route, ofKernel.getFirst()) == 0;
            BirdRoute from = RouteMaker.isBirds(route.protocol()) ? best : null;
            listed = from == null ? listed : from;
            add(maker.ofKernel(route, from, isBest));
        }
        for (BirdRoute route : ofBird) {
            boolean isListed = listed == route || RouteMaker.protocol(route).equals("Direct");
            if (!isListed) {
                boolean isActive = kernel.isEmpty() && route.best();
                Route.State state = isActive ? Route.State.UNKNOWN : Route.State.INACTIVE;
                add(maker.ofBird(route, state, null));
            }
        }
        for (BirdRoute route : filtered.take(prefix)) {
            add(maker.ofBird(route, Route.State.HIDDEN, "refused by the import filter"));
        }
        statics.take(prefix).forEach(route -> add(RouteMaker.ofStatic(route)));
    }

    private void add(Route route) {
        if (protocol == null || route.protocol().equals(protocol)) {
            ready.add(route);
        }
    }

    @Override
    public void close() {
        for (Ascending<?> source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                // It was to be forgotten.
            }
        }
    }
}
