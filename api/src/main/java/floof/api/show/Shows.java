package floof.api.show;

import floof.api.Router;
import floof.api.route.RouteSource;
import floof.api.route.RouteViews;
import floof.api.view.Views;

/** Everything that can be shown of a router. */
public final class Shows {

    private Shows() {}

    public static Views of(Router router, RouteSource routes) {
        return RouteViews.of(routes)
                .and(ShowSystem.of(router))
                .and(ShowAlarms.of(router.alarms()))
                .and(ShowInterfaces.of(router))
                .and(ShowNeighbours.of(router))
                .and(ShowBgp.of(router))
                .and(ShowFastPath.of(router.fastPath()))
                .and(ShowWorkers.of(router.fastPath()))
                .and(ShowDpdk.of(router.fastPath()));
    }
}
